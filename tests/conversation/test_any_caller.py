"""Somebody who presses anything, on a core that does anything: always a page, always one that fits, always a way home."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.conversation.codec import dump
from gateway.conversation.session import Session
from gateway.conversation.verbs import UNREACHABLE, Outcome
from gateway.errors import CoreUnreachable
from tests.conversation.conftest import LANGUAGES, TABLE, VERBS, Caller

KEYS = st.sampled_from(
    ["1", "2", "3", "4", "0", "00", "98", "4821", "1111", "Lahore", "3520212345012", "12000", "", "9"]
)
TYPED = st.lists(KEYS | st.text(max_size=30), max_size=25)
NAMES = st.text(max_size=60)
ROW = st.fixed_dictionaries(
    {
        "id": st.just("1"),
        "last4": st.just("5012"),
        "quarter": st.just("2026Q3"),
        "amount": st.integers(0, 9_999_999),
        "office": NAMES,
    }
)
ROWS = st.lists(ROW, max_size=15).map(tuple)


@st.composite
def outcomes(draw, name):
    """Any outcome that a verb declares, any values of the kinds it declares; sometimes it breaks instead."""
    verb = VERBS[name]
    if name in {"offered_languages", "speak_language"}:
        return Outcome("offered", {"languages": LANGUAGES}) if name == "offered_languages" else TABLE[name]
    outcome = draw(st.sampled_from([*sorted(verb.declared), "raises", "breaks"]))
    if outcome == "raises":
        return CoreUnreachable("away")
    if outcome == "breaks":
        return KeyError("broken")
    if outcome == UNREACHABLE:
        return Outcome(UNREACHABLE)
    values = {
        "amount": draw(st.integers(0, 9_999_999)), "programme": draw(st.sampled_from(["kafaalat", "emergency"])),
        "place": draw(NAMES), "district": draw(NAMES), "paid_on": "2026-11-03", "tries": 2, "minutes": 30,
        "payments": draw(ROWS), "offices": draw(ROWS), "persons": draw(ROWS),
    }  # fmt: skip
    given_values = {key: value for key, value in values.items() if key in {**verb.values, **verb.lists}}
    grants = {"linked": ("phone", "person"), "choose_person": ("person",), "check_pin": ("pin",)}.get(
        name, ()
    )
    return Outcome(outcome, given_values, person=draw(st.sampled_from([None, 7, 8])), grants=grants)


CORES = st.fixed_dictionaries({name: outcomes(name) for name in VERBS})


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(keys=TYPED, answers=CORES, language=st.sampled_from([None, "en", "ur_Latn", "ur"]),
       opening=st.sampled_from([{}, {"resume": "money.latest"}, {"screen": "money.history"}, {"resume": "gone.gone"}]))  # fmt: skip
def test_whatever_is_pressed_and_whatever_answers(engine, keys, answers, language, opening):
    caller = Caller(engine, answers).dial(language, **opening)
    budget = engine.book.budget
    for key in keys:
        assert budget.holds(caller.page)
        assert caller.page.strip()
        assert (caller.turn.page.end, caller.at) == (caller.session.ended, caller.session.screen)
        assert len(dump(caller.session)) < 12_000
        assert caller.turn.screen_to == caller.session.screen == caller.turn.page.screen
        if caller.session.ended:
            break
        assert_can_go_home(engine, caller)
        caller.send(key)
        assert caller.turn.edges or caller.session.ended
    assert budget.holds(caller.page)
    entry = engine.resume_entry(caller.session)
    assert entry is None or entry in engine.book.flow.afresh


def assert_can_go_home(engine, caller):
    other = Caller(engine, caller.answers)
    other.session = caller.session
    before = dump(caller.session)
    assert other.send("00").at == "common.home"  # on a copy: `send` reloads the session
    assert dump(caller.session) == before


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(keys=TYPED, answers=CORES)
def test_the_same_keys_walk_the_same_way(engine, keys, answers):
    """What rebuilds a lost session."""
    walks = []
    for _ in range(2):
        caller = Caller(engine, answers).dial("en")
        pages = [caller.page, *(caller.send(key).page for key in keys)]
        walks.append((pages, [ask.key for _, ask in caller.asked], caller.session))
    assert walks[0] == walks[1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=st.none() | st.text(max_size=60) | KEYS,
    answers=CORES,
    language=st.sampled_from(["en", "ur_Latn", "ur"]),
    data=st.data(),
)
def test_any_text_to_any_screen_gets_one_answer(engine, answer, answers, language, data):
    caller = Caller(engine, answers)
    screen = data.draw(st.sampled_from(sorted(engine.book.flow.afresh)))
    caller.session = Session("text", "key", language)
    turn = engine.text(caller.session, screen, answer, caller.run())
    assert turn.page.end
    assert turn.page.text.strip()


@pytest.mark.parametrize(
    "answer",
    [Outcome("wrong", {"tries": 2}), Outcome("right", grants=("pin",)), CoreUnreachable("away")],
    ids=["wrong", "right", "away"],
)
@given(pins=st.lists(st.from_regex("[0-9]{4}", fullmatch=True), min_size=2, max_size=2, unique=True))
def test_no_pin_is_left_anywhere(engine, answer, pins):
    """Four digits can stand in a session by chance, so: whichever PIN was typed, what is kept is the same."""
    kept = []
    for pin in pins:
        caller = Caller(engine, TABLE | {"check_pin": answer}).dial().send("1", "1")
        assert caller.at == "gate.pin"
        caller.send(pin)
        assert ("check_pin", pin) in [(name, ask.answer) for name, ask in caller.asked]
        assert caller.turn.keys == "*"
        calls = tuple(replace(call, millis=0) for call in caller.turn.calls)
        kept.append((dump(caller.session), caller.turn._replace(millis=0, calls=calls)))
    assert kept[0] == kept[1]


@pytest.mark.parametrize("key", ["98", "0", "00"])
def test_keys_of_the_bottom_line_never_break_the_first_page(caller, key):
    assert not caller.dial(language=None).send(key).turn.page.end
