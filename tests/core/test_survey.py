"""Surveys, tokens and reported changes, on both databases."""

import inspect
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError

from gateway.core import port
from gateway.core.embedded import tables
from gateway.core.embedded.bookings import MOVES as BOOKING_MOVES
from gateway.core.embedded.changes import MOVES as CHANGE_MOVES
from gateway.core.embedded.survey_terms import load_survey_terms
from gateway.core.port import Asked, BookingState, Change, ChangeState, Core, Purpose
from gateway.errors import FileFault
from gateway.privacy import Vault
from tests.core.asking import HERS, THEIRS, Asking, at_once
from tests.core.people import settle

# A Sunday: the next working day is Monday the 23rd.
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
TODAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)


@pytest.fixture(autouse=True)
def stopped():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def world(database):
    return Asking(database)


@pytest.fixture
def small(sqlite_database):
    return Asking(sqlite_database)


def household(world, **facts):
    with world.database.writing() as connection:
        hers = select(tables.person.c.household).where(tables.person.c.id == world.her).scalar_subquery()
        connection.execute(update(tables.household).where(tables.household.c.id == hers).values(facts))


def places(world, number, office="lahore-1"):
    with world.database.writing() as connection:
        connection.execute(
            update(tables.office).where(tables.office.c.code == office).values(tokens_a_day=number)
        )


def book(world, key="s/survey.new/1", purpose=Purpose.NEW_SURVEY, phone=HERS, **more):
    return world.bookings.book(purpose, phone, key, **{"channel": "ussd", "person": world.her, **more})


def stranger(world, number, office="lahore-1", **more):
    return book(world, f"s/{number}", phone=f"+9230099{number:05}", person=None, office=office, **more)


def bookings(world):
    booking = tables.survey_booking.c
    with world.database.reading() as connection:
        rows = connection.execute(
            select(booking.on_day, booking.number)
            .where(booking.state != "cancelled")
            .order_by(booking.on_day, booking.number)
        )
        return [tuple(row) for row in rows]


# -- when a household was surveyed, and the two-year rule --------------------------------------------------------------
SURVEYED = date(2025, 9, 20)
RULE = [
    # the day before, the day, the day after: by NSER's own day, by the rule, and on a leap day
    ({"surveyed_on": SURVEYED, "next_survey_on": TODAY + timedelta(days=1)}, False),
    ({"surveyed_on": SURVEYED, "next_survey_on": TODAY}, True),
    ({"surveyed_on": SURVEYED, "next_survey_on": TODAY - timedelta(days=1)}, True),
    ({"surveyed_on": date(2024, 11, 23)}, False),
    ({"surveyed_on": date(2024, 11, 22)}, True),
    ({"surveyed_on": date(2024, 11, 21)}, True),
    ({"surveyed_on": date(2026, 11, 12), "survey_status": "pending"}, False),
    ({"surveyed_on": None, "survey_status": "not_surveyed"}, True),
    # NSER itself asks for it
    ({"surveyed_on": SURVEYED, "next_survey_on": TODAY + timedelta(days=300), "resurvey_by": TODAY}, True),
]


@pytest.mark.parametrize(("facts", "may"), RULE)
def test_a_new_survey_is_refused_before_its_day(small, facts, may):
    household(small, **facts)
    assert small.surveys.of(small.her).may_repeat is may
    answer = book(small)
    assert answer.outcome == ("booked" if may else "too_early")
    if not may:
        assert answer.next_on == small.surveys.of(small.her).next_on > TODAY
        assert bookings(small) == []
    assert book(small, "u", Purpose.ROSTER_UPDATE).outcome == "booked"
    assert book(small, "c", Purpose.CNIC_UPDATE).outcome == "booked"


def test_a_survey_is_told_with_its_office(world):
    household(world, surveyed_on=SURVEYED, next_survey_on=date(2027, 9, 20))
    found = world.surveys.of(world.her)
    assert (found.status, found.surveyed_on, found.next_on, found.resurvey_by) == (
        "surveyed", SURVEYED, date(2027, 9, 20), None,
    )  # fmt: skip
    assert found.office.code == "lahore-1"
    with pytest.raises(LookupError):
        world.surveys.of(9999)


# -- tokens ------------------------------------------------------------------------------------------------------------
def test_a_token_is_for_the_next_working_day_at_her_office_and_told(world):
    answer = book(world)
    token = answer.booking
    assert (answer.outcome, token.office, token.on_day, token.number, token.state) == (
        "booked", "Office Lahore", MONDAY, 1, BookingState.BOOKED,
    )  # fmt: skip
    assert (len(token.reference), token.reference[0]) == (8, "4")
    (told,) = world.listener.heard
    assert (told.asked, told.reference, told.state, told.turn, told.phones, told.target_on, told.place) == (
        Asked.BOOKING, token.reference, "booked", 1, (HERS,), MONDAY, "Office Lahore",
    )  # fmt: skip


def test_one_token_is_open_for_one_person_and_purpose(world):
    first = book(world)
    assert book(world) == first
    assert book(world, "other") == port.Booked("already", first.booking)
    assert book(world, "other", phone=THEIRS).outcome == "already"
    assert book(world, "u", Purpose.ROSTER_UPDATE).booking.number == 2
    assert len(world.listener.heard) == 2


def test_a_strangers_phone_books_where_it_says(world):
    assert stranger(world, 1, office="").outcome == "where"
    token = stranger(world, 1, office="rohri-1").booking
    assert (token.office, token.number) == ("Office Rohri", 1)
    assert book(world, "again", phone="+923009900001", person=None, office="lahore-1").outcome == "already"
    assert stranger(world, 2, office="nowhere").outcome == "where"


def test_a_phone_is_known_again_while_keys_rotate(small):
    stranger(small, 1)
    small.bookings._vault = Vault({"new": b"n" * 32, "test": b"k" * 32})
    again = book(small, "again", phone="+923009900001", person=None, office="lahore-1")
    assert again.outcome == "already"
    assert small.bookings.cancel(again.booking.reference, "+923009900001") == "cancelled"


def test_who_has_no_office_in_her_district_says_where(small):
    with small.database.writing() as connection:
        connection.execute(insert(tables.district).values(code="nal", province="sindh", name="Nal"))
        connection.execute(insert(tables.tehsil).values(code="nal", district="nal", name="Nal"))
        her = settle(connection, "4230112345018", tehsil="nal").id
    assert book(small, person=her).outcome == "where"
    assert book(small, person=her, office="rohri-1").outcome == "booked"


def test_places_of_a_day_run_out_and_the_next_working_day_follows(small):
    places(small, 2)
    days = [stranger(small, number).booking.on_day for number in range(11)]
    assert days == [MONDAY + timedelta(days=n) for n in (0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 7)]


def test_a_day_on_which_offices_are_closed_is_left_out(small):
    places(small, 1)
    with time_machine.travel(datetime(2026, 12, 23, 7, tzinfo=UTC)):
        assert [stranger(small, n).booking.on_day.day for n in range(3)] == [
            24,
            28,
            29,
        ]  # the 25th; a weekend


@pytest.mark.parametrize("number", [0, 1])
def test_no_place_is_left_within_the_days_that_are_given_out(small, number):
    places(small, number)
    working = len(list(small.bookings._terms.days_after(TODAY)))
    outcomes = [stranger(small, n).outcome for n in range(working * number + 1)]
    assert outcomes == ["booked"] * (working * number) + ["full"]


def test_an_office_that_says_nothing_has_the_places_of_the_terms(small):
    for number in range(41):
        stranger(small, number)
    assert bookings(small) == [*((MONDAY, n) for n in range(1, 41)), (MONDAY + timedelta(days=1), 1)]


def test_never_more_than_there_are_places_under_a_race(world):
    places(world, 3)
    answers = at_once(10, lambda n: stranger(world, n))
    assert {answer.outcome for answer in answers} == {"booked"}
    assert bookings(world) == [(MONDAY + timedelta(days=n // 3), n % 3 + 1) for n in range(10)]


def test_many_steps_at_once_book_one_token(world):
    answers = at_once(8, lambda n: book(world, f"s/{n}"))
    assert sorted(answer.outcome for answer in answers) == ["already"] * 7 + ["booked"]
    assert len(bookings(world)) == len(world.listener.heard) == 1


def test_a_token_given_back_is_given_out_again(world):
    first, second = stranger(world, 1).booking, stranger(world, 2).booking
    assert world.bookings.cancel(first.reference, "+923009900002") == "unknown"
    assert world.bookings.cancel(first.reference, THEIRS, world.her) == "unknown"
    assert world.bookings.cancel("49999999", THEIRS) == "unknown"
    told = len(world.listener.heard)
    for _ in range(2):
        assert world.bookings.cancel(first.reference, "+923009900001") == "cancelled"
    assert len(world.listener.heard) == told
    assert (stranger(world, 3).booking.number, second.number) == (1, 2)


def test_she_cancels_from_any_phone_and_then_may_book_again(world):
    token = book(world).booking
    assert world.bookings.cancel(token.reference, THEIRS, world.her) == "cancelled"
    assert book(world, "again").outcome == "booked"


@pytest.mark.parametrize(("days", "cancelled", "again"), [(0, "cancelled", "already"), (1, "cancelled", "already"),
                                                          (2, "over", "booked")])  # fmt: skip
def test_a_token_holds_to_the_end_of_its_day(small, days, cancelled, again):
    token = book(small).booking
    with time_machine.travel(NOW + timedelta(days=days)):
        assert book(small, "again").outcome == again
        assert small.bookings.cancel(token.reference, HERS) == cancelled


def test_a_day_that_passed_closes_its_tokens_in_silence(world):
    book(world)
    told = len(world.listener.heard)
    with time_machine.travel(NOW + timedelta(days=1)):
        assert world.bookings.lapse() == 0
    with time_machine.travel(NOW + timedelta(days=2)):
        assert [world.bookings.lapse(), world.bookings.lapse()] == [1, 0]
    assert len(world.listener.heard) == told


@pytest.mark.parametrize("after", BookingState)
@pytest.mark.parametrize("before", BookingState)
def test_every_move_of_a_token(small, before, after):
    reference = book(small).booking.reference
    if before is not BookingState.BOOKED:
        small.bookings.move(reference, before, "test")
    told = len(small.listener.heard)
    if after in BOOKING_MOVES[before]:
        assert small.bookings.move(reference, after, "amina").state is after
        (moved,) = small.listener.heard[told:]
        assert (moved.reference, moved.state, moved.phones) == (reference, after, (HERS,))
    else:
        with pytest.raises(ValueError, match="cannot follow"):
            small.bookings.move(reference, after, "amina")
        assert len(small.listener.heard) == told


# -- changes -----------------------------------------------------------------------------------------------------------
def report(world, key="s/survey.birth/1", change=Change.BIRTH, **more):
    return world.changes.report(world.her, change, HERS, key, **{"channel": "ussd", **more})


def test_a_change_is_reported_once_while_it_is_not_decided(world):
    first = report(world)
    assert (first.outcome, first.request.state, first.request.reported_on) == (
        "reported", ChangeState.RECEIVED, TODAY,
    )  # fmt: skip
    assert (len(first.request.reference), first.request.reference[0]) == (8, "3")
    assert report(world) == first
    assert report(world, "other") == port.Reported("already", first.request)
    assert report(world, "d", Change.DEATH).outcome == "reported"
    world.changes.move(first.request.reference, ChangeState.APPLIED, "amina")
    assert report(world, "twins").outcome == "reported"
    assert [each.change for each in world.changes.of(world.her)] == [Change.BIRTH, Change.DEATH, Change.BIRTH]
    assert world.changes.of(world.other) == ()


def test_many_steps_at_once_report_one_change(world):
    outcomes = sorted(each.outcome for each in at_once(8, lambda n: report(world, f"s/{n}")))
    assert outcomes == ["already"] * 7 + ["reported"]


@pytest.mark.parametrize("after", ChangeState)
@pytest.mark.parametrize("before", ChangeState)
def test_every_move_of_a_change(small, before, after):
    reference = report(small).request.reference
    if before is not ChangeState.RECEIVED:
        small.changes.move(reference, before, "test")
    told = len(small.listener.heard)
    if after in CHANGE_MOVES[before]:
        assert small.changes.move(reference, after, "amina", "seen").state is after
        (moved,) = small.listener.heard[told:]
        assert (moved.asked, moved.topic, moved.state, moved.phones) == (
            Asked.CHANGE,
            "birth",
            after,
            (HERS,),
        )
    else:
        with pytest.raises(ValueError, match="cannot follow"):
            small.changes.move(reference, after, "amina")
        assert len(small.listener.heard) == told


def test_a_refused_change_is_not_taken_up_beside_a_new_one(world):
    first = report(world).request.reference
    world.changes.move(first, ChangeState.REFUSED, "amina")
    report(world, "again")
    with pytest.raises(ValueError, match="another one about the same is open"):
        world.changes.move(first, ChangeState.VERIFIED, "amina")


def test_a_change_that_is_applied_leaves_score_and_household_to_nser(world):
    kept = (tables.pmt_score, tables.household, tables.person)

    def all_rows():
        with world.database.reading() as connection:
            return [connection.execute(select(table).order_by(table.c.id)).all() for table in kept]

    before = all_rows()
    for number, change in enumerate(Change):
        reference = report(world, str(number), change).request.reference
        world.changes.move(reference, ChangeState.APPLIED, "amina")
    assert all_rows() == before


def test_nothing_that_is_asked_of_the_core_can_set_a_score():
    subjects = [
        getattr(port, each.type if isinstance(each.type, str) else each.type.__name__)
        for each in fields(Core)
    ]
    asked = [
        f"{subject.__name__}.{name}({', '.join(inspect.signature(method).parameters)})"
        for subject in subjects
        for name, method in inspect.getmembers(subject, inspect.isfunction)
        if not name.startswith("_")
    ]
    assert any("Changes.report" in each for each in asked)
    assert [each for each in asked if "score" in each or "pmt" in each] == []


@pytest.mark.parametrize("table", ["survey_booking_event", "change_request_event"])
def test_steps_stay_as_they_were_written(world, table):
    book(world)
    report(world)
    events = getattr(tables, table)
    with world.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(events)) == 1
    with pytest.raises(DBAPIError, match="append-only"), world.database.writing() as connection:
        connection.execute(update(events).values(state="kept"))


# -- config/survey.yaml ------------------------------------------------------------------------------------------------
GOOD = "repeat_after_years: 2\ntokens_a_day: 40\ndays_ahead: 7\nworking_days: [mon, sat]\nclosed_on: [11-23, 2026-11-28]\n"


@pytest.mark.parametrize(
    ("surveyed_on", "next_on"),
    [
        (date(2024, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2026, 3, 1)),
        (date(2024, 3, 1), date(2026, 3, 1)),
    ],
)
def test_two_years_after_a_day(surveyed_on, next_on):
    assert load_survey_terms(Path("config/survey.yaml")).repeat_on(surveyed_on) == next_on


def test_days_that_are_given_out(tmp_path):
    file = tmp_path / "survey.yaml"
    file.write_text(GOOD)
    terms = load_survey_terms(file)
    assert list(terms.days_after(TODAY)) == []  # Monday the 23rd and Saturday the 28th are closed
    assert list(terms.days_after(date(2027, 11, 22))) == [date(2027, 11, 27), date(2027, 11, 29)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace("days_ahead: 7", "days_ahead: 0"), ":3: days_ahead: "),
        (GOOD.replace("sat", "caturday"), ":4: working_days[1]: "),
        (GOOD.replace("11-23", "02-30"), ":5: closed_on[0]: is neither a month and day"),
        (GOOD.replace("11-23", "soon"), ":5: closed_on[0]: is neither a month and day"),
        (GOOD.replace("tokens_a_day: 40", "tokens: 40"), ":2: tokens: "),
        (GOOD.replace("tokens_a_day: 40\n", ""), ":1: tokens_a_day: "),
    ],
)
def test_a_fault_names_its_place(tmp_path, text, fault):
    file = tmp_path / "survey.yaml"
    file.write_text(text)
    with pytest.raises(FileFault) as caught:
        load_survey_terms(file)
    assert any(f"{file}{fault}" in each for each in caught.value.faults), caught.value.faults
