"""Cases on both databases: opened once, moved on, passed to the Ombudsman, told to who opened them."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from gateway import clock
from gateway.actions.cases import CATEGORIES
from gateway.core.embedded import tables
from gateway.core.embedded.cases import CLOCK, MOVES
from gateway.core.embedded.categories import load_categories
from gateway.core.embedded.core import build
from gateway.core.port import Asked, CaseState, ReviewedText
from gateway.errors import FileFault, GatewayError
from gateway.privacy import Vault
from tests.core.asking import HERS, THEIRS, Asking, at_once
from tests.core.people import VAULT

TODAY = clock.today()


@pytest.fixture
def world(database):
    return Asking(database)


@pytest.fixture
def small(sqlite_database):
    return Asking(sqlite_database)


def opened(world, category="appeal", key="s/cases.appeal/1", phone=HERS, **more):
    return world.cases.open(category, phone, key, **{"channel": "ussd", "person": world.her, **more})


def steps(world):
    events = tables.case_event
    with world.database.reading() as connection:
        return [(row.state, row.by) for row in connection.execute(select(events).order_by(events.c.id))]


def bring(world, reference, state):
    """Bring a new case to a state by the shortest way."""
    way = {"new": (), "reopened": ("resolved", "reopened")}.get(state, (state,))
    for step in way:
        world.cases.move(reference, CaseState(step), "test")


def test_a_case_has_a_reference_a_target_day_and_a_first_step(world):
    answer = opened(world, subject="instalment:7", words="they took 500")
    case = answer.case
    assert (answer.outcome, case.category, case.subject, case.state) == (
        "opened", "appeal", "instalment:7", CaseState.NEW,
    )  # fmt: skip
    assert len(case.reference) == 8
    assert case.reference[0] == "2"
    assert (case.opened_on, case.target_on, case.ombudsman_on) == (
        TODAY, TODAY + timedelta(days=30), TODAY + timedelta(days=30),
    )  # fmt: skip
    assert steps(world) == [("new", "caller")]
    assert world.cases.of(world.her) == (case,)
    assert world.cases.of(world.other) == ()
    assert world.listener.heard == []  # she reads it on the page


def test_what_she_said_and_her_phone_are_sealed(small):
    opened(small, words="they took 500")
    with small.database.reading() as connection:
        row = connection.execute(select(tables.case_)).one()
    assert "they took" not in str(tuple(row))
    assert HERS not in str(tuple(row))
    assert (VAULT.open(row.words_sealed), VAULT.open(row.phone_sealed)) == ("they took 500", HERS)


@pytest.mark.parametrize(("category", "days", "urgent"), [("card_refused", 2, True), ("family_record", 15, False),
                                                          ("short_payment", 7, False), ("account", 10, False)])  # fmt: skip
def test_target_days_and_urgency_come_from_the_category(small, category, days, urgent):
    case = opened(small, category).case
    assert (case.target_on, case.urgent) == (TODAY + timedelta(days=days), urgent)


def test_a_category_that_is_not_configured_opens_nothing(small):
    with pytest.raises(LookupError):
        opened(small, "weather")


def test_one_step_opens_one_case_however_often_it_is_walked(world):
    first = opened(world)
    assert opened(world) == first
    assert steps(world) == [("new", "caller")]


@pytest.mark.parametrize(
    ("differs", "outcome"),
    [
        ({}, "already"),
        ({"subject": "instalment:9"}, "opened"),
        ({"category": "account"}, "opened"),
        ({"person": None}, "opened"),
        ({"phone": THEIRS}, "already"),
    ],
)
def test_one_case_is_open_for_one_person_category_and_subject(world, differs, outcome):
    first = opened(world, subject="instalment:7")
    second = opened(world, **{"key": "s/cases.appeal/2", "subject": "instalment:7", **differs})
    assert second.outcome == outcome
    assert (second.case.reference == first.case.reference) is (outcome == "already")


@pytest.mark.parametrize(("phone", "outcome"), [(THEIRS, "already"), (HERS, "opened")])
def test_where_nobody_is_known_one_case_is_open_for_one_phone(world, phone, outcome):
    opened(world, phone=THEIRS, person=None)
    assert opened(world, key="other", phone=phone, person=None).outcome == outcome


def test_a_phone_is_known_again_while_keys_rotate(small):
    opened(small, phone=THEIRS, person=None)
    rotated = small.cases_under(Vault({"new": b"n" * 32, "test": b"k" * 32}))
    assert rotated.open("appeal", THEIRS, "other", channel="ussd").outcome == "already"


@pytest.mark.parametrize("state", CaseState)
def test_what_is_still_open_stands_for_the_same_and_what_is_answered_does_not(small, state):
    first = opened(small).case
    bring(small, first.reference, state)
    answered = state in {CaseState.RESOLVED, CaseState.CLOSED}
    assert opened(small, key="again").outcome == ("opened" if answered else "already")


def test_many_steps_at_once_open_one_case(world):
    answers = at_once(8, lambda n: opened(world, key=f"s/cases.appeal/{n}", subject="instalment:7"))
    assert sorted(answer.outcome for answer in answers) == ["already"] * 7 + ["opened"]
    assert len({answer.case.reference for answer in answers}) == 1
    assert steps(world) == [("new", "caller")]


def test_one_step_many_times_at_once_is_told_alike(world):
    answers = at_once(8, lambda n: opened(world))
    assert {answer.outcome for answer in answers} == {"opened"}
    assert len(world.cases.of(world.her)) == 1


@pytest.mark.parametrize("after", CaseState)
@pytest.mark.parametrize("before", CaseState)
def test_every_move(small, before, after):
    reference = opened(small).case.reference
    bring(small, reference, before)
    told = len(small.listener.heard)
    if after in MOVES[before]:
        assert small.cases.move(reference, after, "amina").state is after
        (moved,) = small.listener.heard[told:]
        assert (moved.asked, moved.reference, moved.state, moved.phones) == (
            Asked.CASE,
            reference,
            after,
            (HERS,),
        )
        assert moved.turn == len(steps(small))
        assert steps(small)[-1] == (after, "amina")
    else:
        with pytest.raises(ValueError, match="cannot follow"):
            small.cases.move(reference, after, "amina")
        assert len(small.listener.heard) == told
        assert small.cases.of(small.her)[0].state is before


def test_no_state_is_left_without_a_row_and_none_is_a_trap():
    assert set(MOVES) == set(CaseState)
    assert all(MOVES[state] for state in CaseState)


def test_a_move_of_nothing(small):
    with pytest.raises(LookupError):
        small.cases.move("29999999", CaseState.CLOSED, "amina")


def test_a_case_is_not_opened_again_while_another_about_the_same_is_open(world):
    first = opened(world).case
    world.cases.move(first.reference, CaseState.CLOSED, "amina")
    second = opened(world, key="again").case
    with pytest.raises(ValueError, match="another one about the same is open"):
        world.cases.move(first.reference, CaseState.REOPENED, "amina")
    assert {case.reference: case.state for case in world.cases.of(world.her)} == {
        first.reference: CaseState.CLOSED, second.reference: CaseState.NEW,
    }  # fmt: skip


def test_a_note_of_staff_is_sealed(small):
    reference = opened(small).case.reference
    small.cases.move(reference, CaseState.RESOLVED, "amina", "paid by hand")
    with small.database.reading() as connection:
        sealed = connection.scalar(
            select(tables.case_event.c.note_sealed).order_by(tables.case_event.c.id.desc())
        )
    assert "paid" not in sealed
    assert VAULT.open(sealed) == "paid by hand"


def test_a_failing_announcer_leaves_no_move(world):
    reference = opened(world).case.reference

    def broken(connection, moves):
        raise RuntimeError("no outbox")

    world.listener.asked_moved = broken
    with pytest.raises(RuntimeError):
        world.cases.move(reference, CaseState.RESOLVED, "amina")
    assert world.cases.of(world.her)[0].state is CaseState.NEW
    assert steps(world) == [("new", "caller")]


def test_a_text_goes_with_the_step_that_it_answers(world):
    reference = opened(world).case.reference
    world.cases.move(reference, CaseState.RESOLVED, "amina", "paid", ReviewedText("staff_thumb"))
    assert world.listener.texts == [(HERS, "staff_thumb", f"case:{reference}:2", f"case:{reference}")]
    assert [moved.state for moved in world.listener.heard] == ["resolved"]


def test_a_text_that_may_not_go_leaves_no_move(world):
    reference = opened(world).case.reference

    def refusing(*_, **more):
        raise GatewayError("often")

    world.listener.text_given = refusing
    with pytest.raises(GatewayError):
        world.cases.move(reference, CaseState.RESOLVED, "amina", "", ReviewedText("staff_thumb"))
    assert world.cases.of(world.her)[0].state is CaseState.NEW
    assert steps(world) == [("new", "caller")]


def test_steps_stay_as_they_were_written(world):
    opened(world)
    with pytest.raises(DBAPIError, match="append-only"), world.database.writing() as connection:
        connection.execute(update(tables.case_event).values(state="closed"))


# -- the Ombudsman -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "passed"), [(0, 0), (29, 0), (30, 1), (31, 1)])
def test_what_is_open_on_its_thirtieth_day_goes_to_the_ombudsman(world, days, passed):
    case = opened(world, "scam").case
    with time_machine.travel(clock.now() + timedelta(days=days)):
        assert world.cases.escalate() == passed
        assert world.cases.escalate() == 0
    assert world.cases.of(world.her)[0].state is (CaseState.ESCALATED if passed else CaseState.NEW)
    assert [(moved.reference, moved.state, moved.phones) for moved in world.listener.heard] == [
        (case.reference, CaseState.ESCALATED, (HERS,))
    ] * passed
    assert steps(world)[1:] == [("escalated", CLOCK)] * passed


@pytest.mark.parametrize("state", CaseState)
def test_only_what_is_open_is_passed_on(small, state):
    reference = opened(small).case.reference
    bring(small, reference, state)
    with time_machine.travel(clock.now() + timedelta(days=30)):
        passed = small.cases.escalate()
    assert passed == (state not in {CaseState.RESOLVED, CaseState.CLOSED, CaseState.ESCALATED})


def test_two_clocks_pass_a_case_on_once(world):
    for number in range(6):
        opened(world, key=str(number), subject=f"instalment:{number}")
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert sum(at_once(4, lambda n: world.cases.escalate())) == 6
    with world.database.reading() as connection:
        count = connection.scalar(
            select(func.count())
            .select_from(tables.case_event)
            .where(tables.case_event.c.state == "escalated")
        )
    assert count == 6


# -- config/cases.yaml -------------------------------------------------------------------------------------------------
GOOD = "ombudsman_days: 30\ncategories:\n  appeal: {days: 30}\n  scam: {days: 1, urgent: yes}\n"


@pytest.fixture
def refuse(tmp_path):
    def load(text, reported=None):
        file = tmp_path / "cases.yaml"
        file.write_text(text)
        with pytest.raises(FileFault) as caught:
            load_categories(file, reported)
        return [fault.removeprefix(f"{file}:") for fault in caught.value.faults]

    return load


def test_the_shipped_categories_hold_those_that_verbs_report():
    shipped = load_categories(Path("config/cases.yaml"), CATEGORIES)
    assert shipped.ombudsman_days == 30
    assert {code for code, each in shipped.categories.items() if each.confidential} == {"protection"}


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (GOOD.replace("days: 1,", "days: 0,"), "4: categories.scam.days: ", "greater than or equal to 1"),
        (GOOD.replace("urgent: yes", "urgent: maybe"), "4: categories.scam.urgent: ", "boolean"),
        (GOOD.replace("urgent: yes", "weight: 3"), "4: categories.scam.weight: ", "Extra inputs"),
        (GOOD.replace("scam", "Scam!"), "4: categories.Scam!", "match pattern"),
        (GOOD.replace("scam", "appeal"), "4: categories.appeal: ", "given twice"),
        (GOOD.replace("ombudsman_days: 30\n", ""), "1: ombudsman_days: ", "required"),
        ("ombudsman_days: 30\ncategories: {}\n", "2: categories: ", "at least 1"),
        ("ombudsman_days: [", "1: ", "expected the node content"),
        ("", "1: ", "holds no category"),
    ],
)
def test_a_fault_names_its_place(refuse, text, place, what):
    faults = refuse(text)
    assert any(fault.startswith(place) and what in fault for fault in faults), faults


def test_a_verb_without_a_category_stops_the_start(refuse):
    assert refuse(GOOD, {"appeal", "loan", "other"}) == [
        " categories: loan: is missing",
        " categories: other: is missing",
    ]


def test_the_core_is_not_built_without_a_category_that_is_reported(sqlite_database):
    with pytest.raises(FileFault, match="weather: is missing"):
        build(sqlite_database, VAULT, Path("config"), None, reported={*CATEGORIES, "weather"})
    assert build(sqlite_database, VAULT, Path("config"), None, reported=CATEGORIES).cases
