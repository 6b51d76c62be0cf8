"""NSER's survey: hers behind her PIN, a token for an office for anybody, a change in the family."""

from gateway.actions.cases import REFERENCE, SUBJECT
from gateway.actions.directory import FOUND
from gateway.actions.kinds import LAST_DAY, OFFICE, PAST_DAY, PROOF
from gateway.actions.verb import Means, Run, person_of, verb
from gateway.conversation.values import COUNT, DAY
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Booked, Change, Purpose

# `kept` remembers what a token is wanted for while its office is asked, and the token that may be cancelled.
_PURPOSE, _TOKEN = "purpose", "token"

_BOOKED = ("booked", "already", "too_early", "full", "where")
_TOKEN_VALUES = {
    "number": COUNT,
    "day": LAST_DAY,
    "office": OFFICE,
    "reference": REFERENCE,
    "next_on": LAST_DAY,
}


@verb("survey_side", ("linked", "stranger"))
def survey_side(ask: Ask, means: Means) -> Outcome:
    """Whether this phone speaks for somebody whose survey can be told, or is a stranger's who may book a token."""
    living = any(person.alive for person in means.core.registry.persons_on(ask.phone))
    return Outcome("linked" if living else "stranger")


@verb(
    "my_survey",
    ("surveyed", "repeatable", "due", "pending", "unsurveyed"),
    values={"surveyed_on": PAST_DAY, "next_on": LAST_DAY, "resurvey_by": DAY, "office": OFFICE},
)
def my_survey(ask: Ask, means: Means) -> Outcome:
    """When her household was surveyed, and from when or by when it may be again."""
    survey = means.core.surveys.of(person_of(ask))
    if survey.status == "not_surveyed":
        name = "unsurveyed"
    elif survey.resurvey_by is not None:
        name = "due"
    elif survey.status == "pending":
        name = "pending"
    else:
        name = "repeatable" if survey.may_repeat else "surveyed"
    return Outcome(
        name,
        {
            "surveyed_on": survey.surveyed_on.isoformat() if survey.surveyed_on else "",
            "next_on": survey.next_on.isoformat() if survey.next_on else "",
            "resurvey_by": survey.resurvey_by.isoformat() if survey.resurvey_by else "",
            "office": survey.office.name if survey.office else "",
        },
        keep={SUBJECT: ""},
    )


@verb("book_there", _BOOKED, values=_TOKEN_VALUES, writes=True)
def book_there(ask: Ask, means: Means) -> Outcome:
    """A token at the office that was just found, for what was wanted before."""
    return _book(ask, means, Purpose(ask.kept[_PURPOSE]), ask.kept.get(FOUND, ""))


@verb("cancel_token", ("cancelled", "over"), writes=True)
def cancel_token(ask: Ask, means: Means) -> Outcome:
    """Give back the token that was just told."""
    done = means.core.bookings.cancel(ask.kept.get(_TOKEN, ""), ask.phone, ask.person)
    return Outcome("cancelled" if done == "cancelled" else "over")


def _booking(purpose: Purpose) -> Run:
    return lambda ask, means: _book(ask, means, purpose, "")


def _book(ask: Ask, means: Means, purpose: Purpose, office: str) -> Outcome:
    booked = means.core.bookings.book(
        purpose, ask.phone, ask.key, channel=ask.medium, person=ask.person, office=office
    )
    token = booked.booking.reference if booked.booking else ""
    return Outcome(booked.outcome, _values_of(booked), keep={_PURPOSE: str(purpose), _TOKEN: token})


def _values_of(booked: Booked) -> dict[str, str | int]:
    if booked.booking is None:
        return {"next_on": booked.next_on.isoformat() if booked.next_on else ""}
    token = booked.booking
    return {
        "number": token.number,
        "day": token.on_day.isoformat(),
        "office": token.office,
        "reference": token.reference,
    }


def _reporting(change: Change) -> Run:
    def report(ask: Ask, means: Means) -> Outcome:
        person = person_of(ask)
        told = means.core.changes.report(person, change, ask.phone, ask.key, channel=ask.medium)
        office = means.core.directory.office_of(person)
        return Outcome(
            told.outcome,
            {
                "reference": told.request.reference,
                "proof": str(change),
                "office": office.name if office else "",
            },
        )

    return report


for _purpose in Purpose:
    verb(f"book_{_purpose}", _BOOKED, values=_TOKEN_VALUES, writes=True)(_booking(_purpose))
for _change in Change:
    verb(
        f"report_{_change}",
        ("reported", "already"),
        values={"reference": REFERENCE, "proof": PROOF, "office": OFFICE},
        writes=True,
    )(_reporting(_change))
