"""Who ended a dial: told from its last page, the aggregator's word, and how long she had been silent."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.journal.ending import LIVE, Ending, ending_of
from gateway.journal.journal import Journal, Passed
from gateway.journal.link import connect
from tests.journal.made import PHONE, session_id, turn

NOW = datetime(2026, 11, 22, 7, 10, tzinfo=UTC)


def passed(*, ended=False, screen="payments.home", closed=None, ago=timedelta(0), spoke=20.0, **more):
    began = NOW - ago - timedelta(seconds=spoke)
    return Passed(
        "s", PHONE, began, NOW - ago, **{"turns": 3} | more, language="en", screen=screen, ended=ended, menu_version="v",
        closed=closed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "ending"),
    [
        (passed(ended=True, screen="payments.ready"), Ending.DONE),
        (passed(ended=True, screen="common.by_sms"), Ending.PROMISED),
        (passed(ended=True, screen="common.trouble", closed="success"), Ending.BROKEN),
        (passed(ended=True, screen="common.busy"), Ending.BROKEN),
        (passed(ended=True, screen="common.too_many", closed="success"), Ending.REFUSED),
        (passed(closed="success"), Ending.DONE),  # its last turn is still on its way
        (passed(closed="failed", lasted=25.0, patience=30.0), Ending.FAILED),
        (passed(closed="incomplete"), Ending.LEFT),
        (passed(ago=0.99 * LIVE), Ending.LIVE),
        (passed(ago=LIVE), Ending.SILENT),
    ],
)
def test_how_a_dial_ended(one, ending):
    assert ending_of(one, NOW) is ending


@pytest.mark.parametrize(
    ("lasted", "patience", "turns", "ending", "silence"),
    [
        (49.9, 30.0, 3, Ending.HUNG_UP, 29.9),
        (50.0, 30.0, 3, Ending.TIMED_OUT, 30.0),
        (50.0, 60.0, 3, Ending.HUNG_UP, 30.0),  # another network's patience
        (21.0, 0.0, 3, Ending.TIMED_OUT, 1.0),  # the whole time was up, though she had just pressed a key
        (15.0, 30.0, 3, Ending.HUNG_UP, 0.0),  # while her page was still made
        (9.0, 30.0, 3, Ending.LEFT, None),  # no dial is shorter than what she did in it
        (None, None, 3, Ending.LEFT, None),
        (50.0, None, 3, Ending.LEFT, 30.0),  # how long its network waits is not known
        (50.0, 30.0, 0, Ending.LEFT, None),  # her turns are still on their way
    ],
)
def test_she_hung_up_unless_she_was_silent_for_as_long_as_her_network_waits(
    lasted, patience, turns, ending, silence
):
    one = passed(closed="incomplete", lasted=lasted, patience=patience, turns=turns)
    assert ending_of(one, NOW) is ending
    assert one.silence == pytest.approx(silence)


@pytest.mark.parametrize(
    ("one", "answered"),
    [
        (passed(closed="incomplete", outcome="answered"), True),
        (passed(ended=True, screen="common.trouble", outcome="answered"), True),
        (passed(closed="incomplete", outcome="hung_up"), False),
        (passed(ended=True, screen="gate.locked", outcome="done"), False),
        # Of before outcomes were noted: our own last page was the answer, unless it was an apology.
        (passed(ended=True, screen="check.not_eligible"), True),
        (passed(ended=True, screen="common.busy"), False),
        (passed(closed="incomplete", screen="payments.ready"), False),
        (passed(), False),
    ],
)
def test_whether_she_had_an_answer_is_a_question_of_its_own(one, answered):
    assert one.answered is answered


def test_a_notice_that_comes_late_first_or_twice_tells_the_same(database, store_url):
    journal, sid = Journal(database, connect(store_url)), session_id()
    journal.ended(sid, PHONE, "incomplete", 12.0, 30.0)
    assert ending_of(journal.session(sid), NOW) is Ending.LEFT
    assert journal.write([turn(sid), turn(sid, 2)], PHONE)
    journal.ended(sid, PHONE, "incomplete", 12.0, 30.0)
    journal.ended(sid, PHONE, "incomplete")  # a copy that lost its duration
    one = journal.session(sid)
    assert ending_of(one, NOW + timedelta(days=1)) is Ending.HUNG_UP
    assert one.silence == pytest.approx(12, abs=0.5)
