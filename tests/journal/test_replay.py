"""A dial in the journal goes through today's menus again, with the answers of its day."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import clock
from gateway.actions.registry import REGISTRY
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine, Run
from gateway.conversation.session import Opening, Session
from gateway.conversation.verbs import Outcome
from gateway.journal.journal import Journal
from gateway.journal.link import connect
from gateway.journal.replay import Replay, lines
from tests.journal.made import PHONE, session_id, turn
from tests.transcripts.script import read

ROOT = Path(__file__).resolve().parents[2]
READY = {
    "amount": 13500, "programme": "kafaalat", "quarter": "2026Q4", "place": "HBL, Lahore", "place_on": "", "until": "",
    "moved_on": "", "payments": [],
}  # fmt: skip
ANSWERS = {
    "linked_persons": [Outcome("one", {"persons": []}, person=7, grants=("phone", "person"))],
    "pin_wanted": [Outcome("set")],
    "check_pin": [
        Outcome("wrong", {"tries": 2, "minutes": 0}),
        Outcome("right", {"tries": 3, "minutes": 0}, grants=("pin",)),
    ],
    "details_wanted": [Outcome("asked")],
    "latest_payment": [Outcome("ready", READY)],
    "offered_languages": [Outcome("offered", {"languages": [{"id": "en", "language": "English"}]})],
    "check_cnic": [Outcome("not_eligible", {"office": "", "emergency": ""})],
}


def load(menus=ROOT / "menus"):
    return Book.load(menus, ROOT / "config", REGISTRY, "africastalking", True)


@pytest.fixture(scope="module")
def book():
    return load()


@pytest.fixture
def journal(sqlite_database, valkey_url):
    return Journal(sqlite_database, connect(valkey_url))


def rounded(one):
    """A turn with its times as the journal keeps them."""
    calls = tuple(replace(call, millis=round(call.millis, 2)) for call in one.calls)
    return one._replace(millis=round(one.millis, 2), calls=calls)


def changed(tmp_path, edit):
    """Today's menus: the real ones with one file edited."""
    shutil.copytree(ROOT / "menus", tmp_path / "menus")
    edit(tmp_path / "menus")
    return Engine(load(tmp_path / "menus"))


def dial(journal, book, *keys, opening=Opening(language="en")):  # noqa: B008 - frozen
    """Walk the real menus with scripted answers, and put it all in the journal."""
    answers = {verb: list(given) for verb, given in ANSWERS.items()}
    engine, sid = Engine(book), session_id()

    def perform(verb, ask):
        return answers[verb].pop(0) if len(answers[verb]) > 1 else answers[verb][0]

    def run(at):
        return Run("+923001234501", perform, clock.deadline(5), at)

    session, first = engine.open(sid, PHONE, opening, run(0))
    turns = [first]
    for place, typed in enumerate(keys, 1):
        turns.append(engine.take_turn(session, typed, run(2 * place)))
    journal.write(turns, PHONE)
    return sid, turns


def test_the_steps_are_as_they_happened(journal, book):
    sid, turns = dial(journal, book, "1", "1", "4821")
    steps = Replay(journal, Engine(book)).show(sid)
    assert [step.recorded.turn for step in steps] == [rounded(one) for one in turns]
    assert steps[0].seconds is None
    assert all(step.seconds >= 0 for step in steps[1:])
    assert not any(step.differs for step in steps)
    told = "\n".join(lines(steps))
    assert "check_pin: wrong" in told
    assert "| CON Ehsaas/Benazir 8171" in told
    assert "4821" not in told


def test_through_unchanged_menus_she_would_see_the_same(journal, book):
    sid, turns = dial(journal, book, "1", "9", "1", "48", "4820", "4821", "0", "00", "2")
    steps = Replay(journal, Engine(book)).now(sid)
    assert [step.now for step in steps] == [one.page for one in turns]
    assert not any(step.differs or step.asked for step in steps)
    assert "13,500" in turns[6].page.text
    assert "now:" not in "\n".join(lines(steps))


@pytest.mark.parametrize("typed", ["3520212345012", "35202-1234501-2", "352021234501", "1", ""])
def test_a_masked_cnic_passes_or_fails_as_it_did(journal, book, typed):
    sid, turns = dial(journal, book, typed, opening=Opening(language="ur", screen="check.cnic"))
    assert "1234501" not in turns[1].keys
    (_, step) = Replay(journal, Engine(book)).now(sid)
    assert step.now == turns[1].page


def test_a_changed_text_is_marked_where_it_shows(journal, book, tmp_path):
    sid, _ = dial(journal, book, "1", "1", "4820", "4821")

    def edit(menus):
        path = menus / "payments.yaml"
        path.write_text(path.read_text().replace("Count the money.", "Count it twice."))

    steps = Replay(journal, changed(tmp_path, edit)).now(sid)
    assert [step.differs for step in steps] == [False, False, False, False, True]
    assert "Count it twice" in steps[4].now.text
    assert "13,500" in steps[4].now.text
    told = "\n".join(lines(steps))
    assert "   now: payments.ready" in told
    assert "+ CON Rs 13,500" in told


def test_where_an_option_moved_the_same_key_leads_elsewhere(journal, book, tmp_path):
    sid, _ = dial(journal, book, "1", "1", "4820", "4821")

    def edit(menus):
        path = menus / "payments.yaml"
        latest, why = re.findall(r"^    (?:latest|why): .*\n", path.read_text(), re.MULTILINE)
        path.write_text(path.read_text().replace(latest + why, why + latest))

    steps = Replay(journal, changed(tmp_path, edit)).now(sid)
    assert steps[1].differs
    assert steps[4].asked == ("why_unpaid",)
    assert "asks why_unpaid" in "\n".join(lines(steps))


def test_a_dial_that_would_be_over_by_now_says_so(journal, book, tmp_path):
    sid, _ = dial(journal, book, "5", "3", "2")

    def edit(menus):
        path = menus / "branches.yaml"
        path.write_text(path.read_text().replace("to: safety.genuine", "to: common.trouble"))

    steps = Replay(journal, changed(tmp_path, edit)).now(sid)
    assert steps[2].now.end
    assert (steps[3].now, steps[3].differs) == (None, True)
    assert lines(steps)[-2] == "   now: the session would be over"


def test_a_dial_becomes_a_transcript_that_the_tests_can_read(journal, book, tmp_path):
    sid, turns = dial(journal, book, "1", "1", "4820", "4821")
    written = Replay(journal, Engine(book)).as_test(sid, "ready")
    path = tmp_path / "t.txt"
    path.write_text(written)
    transcript = read(path)
    assert (transcript.caller, transcript.language) == ("ready", "en")
    assert [step.typed for step in transcript.steps] == ["*8171#", "1", "1", "<pin>", "<pin>"]
    assert [step.answer for step in transcript.steps] == [
        f"{'END' if one.page.end else 'CON'} {one.page.text}" for one in turns
    ]
    transcript.write()
    assert path.read_text() == written


def test_a_transcript_names_a_cnic_by_the_cast_or_by_its_end(journal, book):
    sid, _ = dial(journal, book, "3520212345012", opening=Opening(screen="check.cnic", language="en"))
    replay = Replay(journal, Engine(book))
    assert "> *8171*7#\n" in replay.as_test(sid)
    assert "> <cnic ....5012>\n" in replay.as_test(sid)
    assert "> <cnic ready>\n" in replay.as_test(sid, "stranger", {"5012": "ready"})
    assert "> <cnic>\n" in replay.as_test(sid, "ready", {"5012": "ready"})
    with pytest.raises(LookupError):
        replay.as_test("nobody")


def test_who_never_chose_a_language_is_asked(journal, book):
    sid, turns = dial(journal, book, opening=Opening())
    replay = Replay(journal, Engine(book))
    assert "language: ask" in replay.as_test(sid)
    assert replay.now(sid)[0].now == turns[0].page


def test_a_text_message_is_shown_and_written_as_one(journal, book):
    engine, sid = Engine(book), f"sms:{session_id()}"
    session = Session(sid, PHONE, "en", medium="sms")
    run = Run("+923001234501", lambda verb, ask: ANSWERS[verb][0], clock.deadline(5), 0)
    said = engine.text(session, "check.cnic", "3520212345012", run)
    journal.write([said], PHONE)
    replay = Replay(journal, engine)
    assert [step.recorded.turn for step in replay.now(sid)] == [rounded(said)]
    assert f"sms> <cnic ....5012>\n{said.page.text}" in replay.as_test(sid)


def test_a_dial_with_lost_turns_is_still_walked(journal, book):
    sid = session_id()
    journal.write([turn(sid, 1), turn(sid, 4, keys="0")], PHONE)
    assert [step.now is not None for step in Replay(journal, Engine(book)).now(sid)] == [True, True]
