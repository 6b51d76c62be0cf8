"""Roll-ups: a turn counts once, in its own hour, whatever dies or comes late; what can change is counted again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest
import time_machine
from sqlalchemy import select

from gateway import clock
from gateway.conversation.session import Call, Page
from gateway.journal.counting import Thing
from gateway.journal.journal import Journal
from gateway.journal.link import connect
from gateway.journal.record import read_entry, write_entry
from gateway.journal.rollups import Rollups, Source, Sum, span
from gateway.journal.rows import put_turns
from gateway.journal.tables import tally
from tests.journal.made import OTHER, PHONE, session_id, turn

NOON = datetime(2026, 11, 22, 7, 10, tzinfo=UTC)  # 12:10 in Pakistan


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rollups(database):
    return Rollups(database)


@pytest.fixture
def journal(database, store_url):
    return Journal(database, connect(store_url))


@pytest.fixture
def answering(database, store_url):
    """A journal that takes the pages of one screen for answers."""
    return Journal(database, connect(store_url), answers=lambda page: page.screen == "payments.ready")


def numbers(rollups, name, fact):
    return {key: found.number for key, found in rollups.sums(span(name), fact).get(fact, {}).items()}


def test_a_turn_counts_once_however_often_it_is_drained(database, rollups):
    sid = session_id()
    records = [read_entry(write_entry(one, PHONE)) for one in (turn(sid), turn(sid, 2), turn(sid, 2))]
    for _ in range(3):
        with database.writing() as connection:
            put_turns(connection, records)
    for name in ("hour", "today", "week", "month"):
        assert numbers(rollups, name, "dial") == {("", ""): 1}
        assert numbers(rollups, name, "seen") == {("payments.ready", ""): 2}
        assert numbers(rollups, name, "left") == {("common.home", ""): 1}
        assert numbers(rollups, name, "edge") == {
            ("common.home/payments", ""): 2, ("payments.latest/ready", ""): 2,
        }  # fmt: skip


def test_nobody_counts_turns_into_another_phones_dial(database, rollups):
    sid = session_id()
    for phone in (PHONE, OTHER):
        with database.writing() as connection:
            put_turns(connection, [read_entry(write_entry(turn(sid, 1 + (phone == OTHER)), phone))])
    assert numbers(rollups, "today", "seen") == {("payments.ready", ""): 1}


def test_what_fails_to_be_stored_is_not_counted(database, rollups):
    connection = database.engine.connect()
    put_turns(connection, [read_entry(write_entry(turn(session_id()), PHONE))])
    connection.rollback()
    connection.close()
    assert rollups.sums(span("month")) == {}


def test_a_turn_counts_in_the_hour_in_which_it_happened(database, rollups, day):
    late = [read_entry(write_entry(turn(session_id()), PHONE))]
    day.shift(timedelta(days=2))
    with database.writing() as connection:
        put_turns(connection, late)
    assert numbers(rollups, "today", "dial") == {}
    assert numbers(rollups, "week", "dial") == {("", ""): 1}
    course = rollups.course(span("week"), "dial", "answered")
    assert len(course) == 7
    assert course[clock.day_start(NOON.date())] == {"dial": 1, "answered": 0}
    assert sum(each["dial"] for each in course.values()) == 1


@pytest.mark.parametrize(
    ("millis", "part"), [(0.2, "5"), (5.0, "5"), (5.1, "10"), (999, "1000"), (5000, "5000"), (5001, "over")]
)
def test_times_are_kept_by_verb_in_steps(database, rollups, millis, part):
    calls = (Call("latest_payment", "ready", millis), Call("check_pin", "unreachable", millis))
    with database.writing() as connection:
        one = turn(session_id(), calls=calls, page=Page("text", end=True, screen="s.end"))
        put_turns(connection, [read_entry(write_entry(one, PHONE))])
    found = rollups.sums(span("today"))
    assert found["took"] == {(verb, part): Sum(1, round(millis)) for verb in ("latest_payment", "check_pin")}
    assert found["failed"] == {("check_pin", ""): Sum(1, 0)}


def counted(rollups, name="today"):
    """What came of dials, and of how many."""
    came = {"answered": numbers(rollups, name, "answered").get(("", ""), 0)}
    came |= {ending: number for (ending, _), number in numbers(rollups, name, "unanswered").items()}
    return {outcome: number for outcome, number in came.items() if number}


def test_an_end_counts_once_however_often_it_is_told(journal, rollups):
    sid = session_id()
    journal.write([turn(sid)], PHONE)
    for _ in range(3):
        journal.ended(sid, PHONE, "incomplete", 12.0, 30.0)
    journal.ended(sid, OTHER, "failed")
    assert counted(rollups) == {"hung_up": 1}


def test_an_end_told_before_its_turns_counts_when_they_come_and_as_what_they_make_of_it(
    journal, rollups, day
):
    sid = session_id()
    began = clock.now()
    entries = []
    for number in (1, 2, 3):
        entries.append(read_entry(write_entry(turn(sid, number), PHONE)))
        day.shift(timedelta(seconds=20))
    day.move_to(began + timedelta(hours=3))
    journal.ended(sid, PHONE, "incomplete", 45.0, 30.0)
    assert counted(rollups) == {}
    for entry, ending in zip(entries, ("timed_out", "hung_up", "hung_up"), strict=True):
        for _ in range(2):
            with journal._database.writing() as connection:
                put_turns(connection, [entry])
        assert counted(rollups) == {ending: 1}
    assert counted(rollups, "hour") == {}, "counted in the hour in which she called"
    one = journal.session(sid)
    assert (one.started_at, one.last_at) == (began, began + timedelta(seconds=40))


@pytest.mark.parametrize("told", [0, 1, 2, 4])
def test_a_dial_counts_as_answered_once_however_many_answers_she_reads(answering, rollups, told):
    """told: how many of her turns were in SQL when the notice came."""
    sid = session_id()
    menu = Page("My money", end=False, screen="payments.home")
    turns = [turn(sid), turn(sid, 2, page=menu), turn(sid, 3), turn(sid, 4, page=menu)]
    assert answering.write(turns[:told], PHONE)
    answering.ended(sid, PHONE, "incomplete", 5.0, 30.0)
    assert counted(rollups) == ({"answered": 1} if told else {})
    for _ in range(2):
        for one in reversed(turns):
            assert answering.write([one], PHONE)
            answering.ended(sid, PHONE, "incomplete", 5.0, 30.0)
    assert counted(rollups) == {"answered": 1}
    assert answering.session(sid).answered


def test_each_dial_counts_once_whatever_comes_at_once_and_in_whatever_order(answering, rollups):
    menu = Page("My money", end=False, screen="payments.home")
    work = []
    for number in range(20):
        sid = session_id()
        last = turn(sid, 3) if number % 2 else turn(sid, 3, page=menu)
        for one in (turn(sid, page=menu), turn(sid, 2, page=menu), last):
            work += 2 * [partial(answering.write, [one], PHONE)]
        work += 2 * [partial(answering.ended, sid, PHONE, "incomplete", 5.0, 30.0)]
    Random(1).shuffle(work)
    with ThreadPoolExecutor(6) as pool:
        assert False not in pool.map(lambda step: step(), work)
    assert counted(rollups) == {"answered": 10, "hung_up": 10}


def test_a_dial_without_an_answer_counts_as_how_it_ended_and_a_text_as_neither(answering, rollups):
    menu, sorry = (
        Page("text", end=end, screen=screen)
        for end, screen in ((False, "payments.home"), (True, "common.trouble"))
    )
    for sid, last in ((session_id(), menu), (session_id(), sorry)):
        assert answering.write([turn(sid, page=menu), turn(sid, 2, page=last)], PHONE)
        for _ in range(2):
            answering.ended(sid, PHONE, "success" if last.end else "incomplete")
        assert not answering.session(sid).answered
    text = turn(
        f"sms:{session_id()}", opening=None, page=Page("Rs 13,500", end=True, screen="payments.ready")
    )
    assert answering.write([text], PHONE)
    assert counted(rollups) == {"left": 1, "broken": 1}
    assert answering.session(text.session).answered
    assert {one.id for one in answering.recent(answered=True)} == {text.session}
    assert len(answering.recent(answered=False)) == 2


def test_a_source_is_counted_again_and_days_follow_their_hours(rollups, day):
    state = {"now": "pending"}

    def count(since, until):
        mine = [at for at in (NOON, NOON - timedelta(hours=2)) if since <= at < until]
        return {Thing("sms", "reply", state["now"]): Sum(3, 0)} if mine else {}

    source = Source("messages", ("sms",), count)
    while rollups.catch_up([source]):
        pass
    assert numbers(rollups, "hour", "sms") == {("reply", "pending"): 3}
    assert numbers(rollups, "today", "sms") == {("reply", "pending"): 6}
    state["now"] = "delivered"
    rollups.catch_up([source])
    assert numbers(rollups, "today", "sms") == {("reply", "pending"): 3, ("reply", "delivered"): 3}
    rollups.settle([source])
    rollups.settle([source])
    assert numbers(rollups, "month", "sms") == {("reply", "delivered"): 6}
    day.shift(timedelta(days=9))
    while rollups.catch_up([source]):
        pass
    assert numbers(rollups, "month", "sms") == {("reply", "delivered"): 6}


def test_days_outlive_hours(database, rollups, day):
    with database.writing() as connection:
        put_turns(connection, [read_entry(write_entry(turn(session_id()), PHONE))])
    assert rollups.purge() == 0
    day.shift(timedelta(days=41))
    assert rollups.purge() > 0
    assert rollups.purge() == 0
    day.shift(timedelta(days=800))
    assert rollups.purge() > 0


def test_a_beginning_that_comes_late_moves_what_was_counted(answering, database):
    """Turn 2 and the end come first, of a new day; the first turn, an answer of the day before, comes late."""
    sid, midnight = session_id(), clock.day_start(clock.today())
    with time_machine.travel(midnight + timedelta(seconds=10), tick=False):
        answering.write([turn(sid, number=2, page=Page("Which?", end=False, screen="cases.which"))], PHONE)
        answering.ended(sid, PHONE, "incomplete", 30.0, 60.0)
    with time_machine.travel(midnight - timedelta(seconds=10), tick=False):
        answering.write([turn(sid)], PHONE)
    facts = tally.c.fact.in_(("answered", "unanswered"))
    with database.reading() as connection:
        rows = connection.execute(select(tally).where(facts, tally.c.number != 0)).all()
    before = midnight - timedelta(hours=1)
    assert {(row.grain, row.since, row.fact, row.number) for row in rows} == {
        ("hour", before, "answered", 1),
        ("day", clock.day_start(before.astimezone(clock.PAKISTAN).date()), "answered", 1),
    }
