"""Applications and following what was asked for, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from gateway import clock
from gateway.core.embedded import references, tables
from gateway.core.embedded.applications import MOVES
from gateway.core.embedded.references import asked_by, with_reference
from gateway.core.port import ApplicationState, Asked, CaseState, Change, ChangeState, Purpose
from tests.core.asking import HERS, THEIRS, Asking, at_once

TODAY = clock.today()
STATES = [*ApplicationState]


@pytest.fixture
def world(database):
    return Asking(database)


@pytest.fixture
def small(sqlite_database):
    return Asking(sqlite_database)


def apply(world, key="s/apply/1", programme="kafaalat", **more):
    return world.applications.apply(world.her, programme, HERS, key, **{"channel": "ussd", **more})


def bring(world, reference, state):
    if state != "received":
        world.applications.move(reference, ApplicationState(state), "test")


def steps(world):
    events = tables.application_event
    with world.database.reading() as connection:
        return [(row.state, row.by) for row in connection.execute(select(events).order_by(events.c.id))]


def test_an_application_has_a_reference_and_a_first_step(world):
    applied = apply(world)
    made = applied.application
    assert (applied.outcome, made.programme, made.state, made.applied_on) == (
        "applied", "kafaalat", ApplicationState.RECEIVED, TODAY,
    )  # fmt: skip
    assert (len(made.reference), made.reference[0]) == (8, "1")
    assert world.applications.of(world.her) == (made,)
    assert steps(world) == [("received", "caller")]


def test_applying_twice_is_one_application_and_says_so(world):
    first = apply(world)
    assert apply(world) == first
    assert apply(world, "s/apply/2") == replace(first, outcome="already")
    assert apply(world, "s/apply/3", subject="course").outcome == "applied"


def test_many_steps_at_once_make_one_application(world):
    outcomes = sorted(each.outcome for each in at_once(8, lambda n: apply(world, f"s/apply/{n}")))
    assert outcomes == ["already"] * 7 + ["applied"]
    assert steps(world) == [("received", "caller")]


def test_one_step_many_times_at_once_is_told_alike(world):
    assert {each.outcome for each in at_once(8, lambda n: apply(world))} == {"applied"}
    assert len(world.applications.of(world.her)) == 1


def test_what_she_may_not_have_is_refused_with_the_rule(small):
    with small.database.writing() as connection:
        connection.execute(delete(tables.pmt_score))
    assert (apply(small).outcome, apply(small, programme="ghost").code) == ("refused", "UNKNOWN_PROGRAMME")
    assert small.applications.of(small.her) == ()


@pytest.mark.parametrize("after", STATES)
@pytest.mark.parametrize("before", STATES)
def test_every_move(small, before, after):
    reference = apply(small).application.reference
    bring(small, reference, before)
    told = len(small.listener.heard)
    if after is before:
        assert small.applications.move(reference, after, "amina").state is after
        assert len(small.listener.heard) == told
    elif after in MOVES[before]:
        assert small.applications.move(reference, after, "amina", "PMT_ABOVE").reason == "PMT_ABOVE"
        (moved,) = small.listener.heard[told:]
        assert (moved.asked, moved.state, moved.phones, moved.turn) == (
            Asked.APPLICATION, after, (HERS,), len(steps(small)),
        )  # fmt: skip
    else:
        with pytest.raises(ValueError, match="cannot follow"):
            small.applications.move(reference, after, "amina")
        assert small.applications.of(small.her)[0].state is before


@pytest.mark.parametrize("state", STATES)
def test_she_takes_back_what_is_not_decided(small, state):
    reference = apply(small).application.reference
    bring(small, reference, state)
    told = len(small.listener.heard)
    taken = state in tables.OPEN_APPLICATIONS or state is ApplicationState.WITHDRAWN
    assert small.applications.withdraw(small.her, reference) == ("withdrawn" if taken else "decided")
    assert small.applications.withdraw(small.other, reference) == "unknown"
    assert len(small.listener.heard) == told  # she did it herself


def test_an_appeal_is_not_granted_beside_a_new_application(world):
    first = apply(world).application.reference
    world.applications.move(first, ApplicationState.REJECTED, "amina")
    assert apply(world, "s/apply/2").outcome == "applied"
    with pytest.raises(ValueError, match="another application open"):
        world.applications.move(first, ApplicationState.UNDER_REVIEW, "amina")
    assert steps(world)[-1] == ("received", "caller")


def test_steps_stay_as_they_were_written(world):
    apply(world)
    with pytest.raises(DBAPIError, match="append-only"), world.database.writing() as connection:
        connection.execute(update(tables.application_event).values(state="approved"))


# -- references --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        ("10000000", Asked.APPLICATION), ("29999999", Asked.CASE), ("31234567", Asked.CHANGE), ("41234567", Asked.BOOKING),
        ("01234567", None), ("51234567", None), ("1234567", None), ("123456789", None), ("1234567a", None), ("", None),
        ("۱۲۳۴۵۶۷۸", None), ("1234 567", None),
    ],
)  # fmt: skip
def test_the_first_digit_tells_what_was_asked_for(reference, asked):
    assert asked_by(reference) is asked


def drawing(monkeypatch, *numbers):
    drawn = list(numbers)
    monkeypatch.setattr(references.secrets, "randbelow", lambda most: drawn.pop(0) if drawn else 7)


def test_a_reference_that_is_taken_is_drawn_again(world, monkeypatch):
    drawing(monkeypatch, 5, 5, 6)
    first = apply(world).application
    second = apply(world, "other", subject="course").application
    assert (first.reference, second.reference) == ("10000005", "10000006")


def test_no_free_reference_is_an_error_and_leaves_nothing(world, monkeypatch):
    drawing(monkeypatch)
    apply(world)
    with pytest.raises(IntegrityError):
        world.cases.open(
            "appeal", HERS, "a", channel="nowhere"
        )  # not a reference that is taken, but a wrong channel
    row = {"person": world.other, "programme": "kafaalat", "subject": "", "phone_key": "k", "channel": "ussd",
           "asked_key": "other", "state": "received", "applied_on": TODAY, "moved_on": TODAY}  # fmt: skip
    with pytest.raises(IntegrityError), world.database.writing() as connection:
        with_reference(
            connection,
            Asked.APPLICATION,
            lambda reference: (
                connection.execute(insert(tables.application), row | {"reference": reference}).rowcount
            ),
        )
    assert world.applications.of(world.other) == ()


# -- following ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(world):
    """One of each kind, asked for by her from her phone."""
    return {
        Asked.APPLICATION: apply(world).application.reference,
        Asked.CASE: world.cases.open("appeal", HERS, "c", channel="ussd", person=world.her).case.reference,
        Asked.CHANGE: world.changes.report(
            world.her, Change.BIRTH, HERS, "h", channel="ussd"
        ).request.reference,
        Asked.BOOKING: world.bookings.book(
            Purpose.ROSTER_UPDATE, HERS, "b", channel="ussd", person=world.her
        ).booking.reference,
    }


TOPICS = {
    Asked.APPLICATION: ("kafaalat", "received", ""),
    Asked.CASE: ("appeal", "new", ""),
    Asked.CHANGE: ("birth", "received", ""),
    Asked.BOOKING: ("roster_update", "booked", "Office Lahore"),
}


def test_each_kind_is_followed_from_the_phone_and_by_the_person(world, asked):
    for kind, reference in asked.items():
        found = world.tracking.track(reference, HERS)
        assert world.tracking.track(reference, THEIRS, world.her) == found
        assert (found.reference, found.asked, found.moved_on) == (reference, kind, TODAY)
        assert (found.topic, found.state, found.place) == TOPICS[kind]
        assert (found.target_on is not None) == (kind in {Asked.CASE, Asked.BOOKING})
        assert found.target_on is None or found.target_on > TODAY


def test_a_reference_of_somebody_else_says_no_more_than_an_unknown_one(world, asked):
    for reference in (*asked.values(), "10000000", "20000000", "30000000", "40000000", "99999999", "x"):
        assert world.tracking.track(reference, THEIRS) is None
        assert world.tracking.track(reference, THEIRS, world.other) is None


def test_all_of_hers_that_is_open_with_days_as_days(world, asked):
    found = world.tracking.open_of(world.her)
    assert {each.asked: each.reference for each in found} == asked
    assert list(found) == [world.tracking.track(each.reference, HERS) for each in found]
    assert world.tracking.open_of(world.other) == ()


def test_what_is_answered_is_no_longer_open_but_is_still_followed(world, asked):
    world.applications.move(asked[Asked.APPLICATION], ApplicationState.REJECTED, "amina")
    world.cases.move(asked[Asked.CASE], CaseState.RESOLVED, "amina")
    world.changes.move(asked[Asked.CHANGE], ChangeState.APPLIED, "amina")
    world.bookings.cancel(asked[Asked.BOOKING], HERS)
    assert world.tracking.open_of(world.her) == ()
    states = {kind: world.tracking.track(reference, HERS).state for kind, reference in asked.items()}
    assert list(states.values()) == ["rejected", "resolved", "applied", "cancelled"]
