"""Her money: this quarter's, why it is not in her hand, and what came before."""

import re
from collections.abc import Mapping
from typing import Any

from gateway import clock
from gateway.actions.cases import SUBJECT
from gateway.actions.kinds import (
    BOOKED_DAY,
    FOR_CHILD,
    LAST_DAY,
    PAST_DAY,
    PLACE,
    PROGRAMME,
    SHORT,
    STANDING,
)
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import MONEY, QUARTER, Kind
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Instalment, Unpaid

KAFAALAT = "kafaalat"

STANDINGS = ("ready", "branch", "held", "withdrawn", "coming", "gone")

FIGURES: Mapping[str, Kind] = {
    "amount": MONEY,
    "programme": PROGRAMME,
    "quarter": QUARTER,
    "place": PLACE,
    "place_on": BOOKED_DAY,
    "until": LAST_DAY,
    "moved_on": PAST_DAY,
}
_ROW: Mapping[str, Kind] = {
    "amount": MONEY,
    "short": SHORT,
    "child": FOR_CHILD,
    "quarter": QUARTER,
    "standing": STANDING,
}

# Each reason has its own words and its one thing to do; only where both are the same two would share an outcome.
REASONS: Mapping[Unpaid, str] = {
    Unpaid.NOT_SURVEYED: "unsurveyed",
    Unpaid.RESURVEY_DUE: "resurvey",
    Unpaid.UNDER_REVIEW: "review",
    Unpaid.PMT_ABOVE: "above",
    Unpaid.FILTERED: "filtered",
    Unpaid.CNIC_EXPIRED: "expired",
    Unpaid.CNIC_BLOCKED: "blocked",
    Unpaid.CNIC_NOT_UPDATED: "outdated",
    Unpaid.BIOMETRIC_FAILED: "thumb",
    Unpaid.DUPLICATE_FAMILY: "duplicate",
    Unpaid.DECEASED: "deceased",
    Unpaid.NOT_RELEASED_IN_DISTRICT: "phase",
    Unpaid.ACCOUNT_INACTIVE: "account",
    Unpaid.SIM_NOT_OWN: "sim",
    Unpaid.ALREADY_WITHDRAWN: "taken",
    Unpaid.CONDITION_NOT_MET: "condition",
}

# Rows of a history: two years of several programmes a quarter.
_ROWS = 24


@verb("latest_payment", (*STANDINGS, "several", "none"), values=FIGURES, lists={"payments": _ROW})
def latest_payment(ask: Ask, means: Means) -> Outcome:
    """What waits for her now, else how her newest Kafaalat instalment stands. Each programme's amount stands alone."""
    payments, person = means.core.payments, person_of(ask)
    latest, waiting = payments.latest(person, KAFAALAT), payments.ready(person)
    if len(waiting) > 1:
        return Outcome("several", {"payments": tuple(row_of(each) for each in waiting)})
    told = waiting[0] if waiting else latest
    return Outcome(told.standing, figures_of(told), keep=about(told)) if told else Outcome("none")


# How one instalment may be told: as it stands, or by the reason that holds it.
_TOLD = (*(name for name in STANDINGS if name != "held"), *REASONS.values())


@verb("why_unpaid", (*_TOLD, "none"), values=FIGURES)
def why_unpaid(ask: Ask, means: Means) -> Outcome:
    """Why her newest Kafaalat instalment, or else her newest of all, is not in her hand: one reason, one thing to do."""
    payments, person = means.core.payments, person_of(ask)
    return _tell(payments.latest(person, KAFAALAT) or next(iter(payments.history(person, 1)), None))


@verb("picked_payment", (*_TOLD, "none"), values=FIGURES)
def picked_payment(ask: Ask, means: Means) -> Outcome:
    """The instalment picked from a list of hers, in full."""
    payments, person = means.core.payments, person_of(ask)
    hers = (*payments.ready(person), *payments.history(person, _ROWS))
    return _tell(next((each for each in hers if str(each.id) == ask.picked), None))


@verb("payment_history", ("listed", "none"), lists={"payments": _ROW})
def payment_history(ask: Ask, means: Means) -> Outcome:
    """Her instalments by quarter, newest first; of one quarter each programme's amount stands alone."""
    newest = means.core.payments.history(person_of(ask), _ROWS)
    rows = tuple(row_of(each) for each in sorted(newest, key=_quarter_of, reverse=True))
    return Outcome("listed", {"payments": rows}) if rows else Outcome("none")


def _tell(instalment: Instalment | None) -> Outcome:
    if instalment is None:
        return Outcome("none")
    if instalment.unpaid is None:
        # The core holds no money without a reason; if it did, "on its way" is the nearest truth.
        name = "coming" if instalment.standing == "held" else instalment.standing
        return Outcome(name, figures_of(instalment), keep=about(instalment))
    return Outcome(REASONS[instalment.unpaid], figures_of(instalment), keep=about(instalment))


def about(instalment: Instalment) -> dict[str, str]:
    """What to keep, so that a case she opens from here is about this instalment."""
    return {SUBJECT: f"instalment:{instalment.id}"}


def figures_of(instalment: Instalment) -> dict[str, Any]:
    """The values of one instalment, as `FIGURES` declares them."""
    return {
        "amount": instalment.amount,
        "programme": instalment.programme,
        "quarter": _quarter_of(instalment),
        "place": instalment.place,
        "place_on": instalment.place_on.isoformat() if instalment.place_on else "",
        "until": instalment.until.isoformat() if instalment.until else "",
        "moved_on": instalment.moved_on.isoformat() if instalment.moved_on else "",
    }


def row_of(instalment: Instalment) -> dict[str, Any]:
    """One instalment as a row of a list."""
    return {
        "id": str(instalment.id),
        "amount": instalment.amount,
        "short": "bonus" if instalment.kind == "bonus" else instalment.programme,
        "child": instalment.child_name,
        "quarter": _quarter_of(instalment),
        "standing": instalment.standing,
    }


def _quarter_of(instalment: Instalment) -> str:
    """Its quarter. An event's instalment carries the event's code for a period: then the quarter it last moved in."""
    if re.fullmatch(r"\d{4}Q[1-4]", instalment.period):
        return instalment.period
    return clock.quarter_of(instalment.moved_on or clock.today())
