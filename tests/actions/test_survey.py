from dataclasses import dataclass, field
from datetime import date

import pytest

from gateway.core.port import (
    Booked,
    Booking,
    BookingState,
    Change,
    ChangeRequest,
    ChangeState,
    LinkedPerson,
    Purpose,
    Reported,
    Survey,
)
from tests.actions.small_core import OFFICE, SmallDirectory, SmallRegistry, ask, small_core

LIVING = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
DEAD = LinkedPerson(9, "5132", has_pin=False, details_by_sms=False, alive=False)
DAY = date(2026, 11, 23)
TOKEN = Booking("41234567", Purpose.NEW_SURVEY, BookingState.BOOKED, "BISP Shalimar", DAY, 12)


@dataclass
class SmallSurveys:
    survey: Survey

    def of(self, person):
        assert person == 7
        return self.survey


@dataclass
class SmallBookings:
    answer: Booked = field(default_factory=lambda: Booked("booked", TOKEN))
    asked: list[dict] = field(default_factory=list)
    cancels: str = "cancelled"

    def book(self, purpose, phone, key, **more):
        self.asked.append({"purpose": purpose, "phone": phone, "key": key, **more})
        return self.answer

    def cancel(self, reference, phone, person):
        self.asked.append({"reference": reference, "phone": phone, "person": person})
        return self.cancels


@dataclass
class SmallChanges:
    outcome: str = "reported"
    asked: list[tuple] = field(default_factory=list)

    def report(self, person, change, phone, key, *, channel):
        self.asked.append((person, change, key, channel))
        return Reported(self.outcome, ChangeRequest("31234567", change, ChangeState.RECEIVED, DAY, DAY))


@pytest.mark.parametrize(
    ("linked", "side"),
    [((), "stranger"), ((LIVING,), "linked"), ((DEAD,), "stranger"), ((DEAD, LIVING), "linked")],
)
def test_only_a_phone_of_somebody_living_is_asked_for_a_pin(run, linked, side):
    assert run("survey_side", small_core(registry=SmallRegistry(linked)), ask(person=None)).name == side


STANDINGS = [
    (("surveyed", DAY, date(2028, 11, 23), None, False), "surveyed"),
    (("surveyed", DAY, date(2026, 11, 22), None, True), "repeatable"),
    (("surveyed", DAY, None, date(2027, 1, 20), True), "due"),
    (("pending", DAY, date(2028, 11, 23), None, False), "pending"),
    (("not_surveyed", None, None, None, True), "unsurveyed"),
]


@pytest.mark.parametrize(("facts", "name"), STANDINGS)
def test_a_survey_is_told_as_it_stands(run, facts, name):
    outcome = run("my_survey", small_core(surveys=SmallSurveys(Survey(*facts, OFFICE))), ask())
    assert (outcome.name, outcome.values["office"], outcome.keep) == (name, OFFICE.name, {"subject": ""})
    assert outcome.values["next_on"] == (facts[2].isoformat() if facts[2] else "")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_is_booked_and_remembered(run, purpose):
    bookings = SmallBookings()
    outcome = run(f"book_{purpose}", small_core(bookings=bookings), ask(kept={"office": "seen-before"}))
    assert outcome.name == "booked"
    assert outcome.values == {
        "number": 12,
        "day": "2026-11-23",
        "office": "BISP Shalimar",
        "reference": "41234567",
    }
    assert outcome.keep == {"purpose": purpose, "token": "41234567"}
    assert bookings.asked == [
        {"purpose": purpose, "phone": "+923001234501", "key": "session/screen/1", "channel": "ussd", "person": 7, "office": ""}
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", ["too_early", "full", "where"])
def test_what_is_not_booked_leaves_no_token_to_cancel(run, outcome):
    core = small_core(bookings=SmallBookings(Booked(outcome, next_on=DAY)))
    answer = run("book_new_survey", core, ask())
    assert (answer.name, answer.values, answer.keep["token"]) == (outcome, {"next_on": "2026-11-23"}, "")


def test_the_office_that_was_found_gets_what_was_wanted(run):
    found = run(
        "find_offices",
        small_core(directory=SmallDirectory(known={"Lahore": (OFFICE_CODED,)})),
        ask(answer="Lahore"),
    )
    bookings = SmallBookings()
    kept = {**found.keep, "purpose": "cnic_update"}
    run("book_there", small_core(bookings=bookings), ask(person=None, kept=kept))
    assert [(each["purpose"], each["office"], each["person"]) for each in bookings.asked] == [
        (Purpose.CNIC_UPDATE, "bisp-shalimar", None)
    ]


@pytest.mark.parametrize(
    ("done", "name"), [("cancelled", "cancelled"), ("over", "over"), ("unknown", "over")]
)
def test_the_token_just_told_is_cancelled(run, done, name):
    bookings = SmallBookings(cancels=done)
    assert run("cancel_token", small_core(bookings=bookings), ask(kept={"token": "41234567"})).name == name
    assert bookings.asked == [{"reference": "41234567", "phone": "+923001234501", "person": 7}]


@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize("outcome", ["reported", "already"])
def test_a_change_is_reported_with_what_proves_it(run, change, outcome):
    changes = SmallChanges(outcome)
    answer = run(f"report_{change}", small_core(changes=changes), ask())
    assert answer.name == outcome
    assert answer.values == {"reference": "31234567", "proof": change, "office": OFFICE.name}
    assert changes.asked == [(7, change, "session/screen/1", "ussd")]


OFFICE_CODED = type(OFFICE)("BISP Shalimar", "GT Road", "Lahore", "Shalimar", "9-5 Mon-Fri", "bisp-shalimar")
