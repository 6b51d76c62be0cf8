"""Her money: this quarter's, why it is not in her hand, and what came before."""

import re
from collections.abc import Mapping
from typing import Any

from gateway import clock
from gateway.actions.kinds import BOOKED_DAY, LAST_DAY, PAST_DAY, PLACE, PROGRAMME, REASON, SHORT, STANDING
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import MONEY, QUARTER, Kind
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Instalment, Unpaid

KAFAALAT = "kafaalat"

# Programmes that have a word of their own in menus/terms.yaml; any other is called `other`.
NAMED = frozenset({KAFAALAT, "emergency"})

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
_ROW: Mapping[str, Kind] = {"amount": MONEY, "short": SHORT, "quarter": QUARTER, "standing": STANDING}

# Reasons that have the same one thing to do share an outcome; each keeps its own words in `{reason}`.
GROUPS: Mapping[Unpaid, str] = {
    Unpaid.NOT_SURVEYED: "survey",
    Unpaid.RESURVEY_DUE: "survey",
    Unpaid.UNDER_REVIEW: "wait",
    Unpaid.NOT_RELEASED_IN_DISTRICT: "wait",
    Unpaid.PMT_ABOVE: "refused",
    Unpaid.FILTERED: "refused",
    Unpaid.DUPLICATE_FAMILY: "refused",
    Unpaid.CNIC_EXPIRED: "nadra",
    Unpaid.CNIC_BLOCKED: "nadra",
    Unpaid.CNIC_NOT_UPDATED: "nadra",
    Unpaid.BIOMETRIC_FAILED: "thumb",
    Unpaid.DECEASED: "deceased",
    Unpaid.ACCOUNT_INACTIVE: "account",
    Unpaid.SIM_NOT_OWN: "sim",
    Unpaid.ALREADY_WITHDRAWN: "taken",
    Unpaid.CONDITION_NOT_MET: "condition",
}


@verb("latest_payment", (*STANDINGS, "several", "none"), values=FIGURES, lists={"payments": _ROW})
def latest_payment(ask: Ask, means: Means) -> Outcome:
    """What waits for her now, else how her newest Kafaalat instalment stands. Each programme's amount stands alone."""
    payments, person = means.core.payments, person_of(ask)
    latest, waiting = payments.latest(person, KAFAALAT), payments.ready(person)
    if len(waiting) > 1:
        return Outcome("several", {"payments": tuple(row_of(each) for each in waiting)})
    told = waiting[0] if waiting else latest
    return Outcome(told.standing, figures_of(told)) if told else Outcome("none")


# How one instalment may be told: as it stands, or by the group of the reason that holds it.
_TOLD = (*(name for name in STANDINGS if name != "held"), *dict.fromkeys(GROUPS.values()))


@verb("why_unpaid", (*_TOLD, "none"), values={**FIGURES, "reason": REASON})
def why_unpaid(ask: Ask, means: Means) -> Outcome:
    """Why her newest Kafaalat instalment, or else her newest of all, is not in her hand: one reason, one thing to do."""
    payments, person = means.core.payments, person_of(ask)
    return _tell(payments.latest(person, KAFAALAT) or next(iter(payments.history(person, 1)), None))


@verb("picked_payment", (*_TOLD, "none"), values={**FIGURES, "reason": REASON})
def picked_payment(ask: Ask, means: Means) -> Outcome:
    """The instalment picked from a list of hers, in full."""
    payments, person = means.core.payments, person_of(ask)
    hers = (*payments.ready(person), *payments.history(person))
    return _tell(next((each for each in hers if str(each.id) == ask.picked), None))


@verb("payment_history", ("listed", "none"), lists={"payments": _ROW})
def payment_history(ask: Ask, means: Means) -> Outcome:
    """Her instalments, newest first."""
    rows = tuple(row_of(each) for each in means.core.payments.history(person_of(ask)))
    return Outcome("listed", {"payments": rows}) if rows else Outcome("none")


def _tell(instalment: Instalment | None) -> Outcome:
    if instalment is None:
        return Outcome("none")
    if instalment.unpaid is None:
        # The core holds no money without a reason; if it did, "on its way" is the nearest truth.
        name = "coming" if instalment.standing == "held" else instalment.standing
        return Outcome(name, figures_of(instalment))
    return Outcome(GROUPS[instalment.unpaid], {**figures_of(instalment), "reason": instalment.unpaid.value})


def figures_of(instalment: Instalment) -> dict[str, Any]:
    """The values of one instalment, as `FIGURES` declares them."""
    return {
        "amount": instalment.amount,
        "programme": _named(instalment.programme),
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
        "short": _named(instalment.programme),
        "quarter": _quarter_of(instalment),
        "standing": instalment.standing,
    }


def _named(programme: str) -> str:
    return programme if programme in NAMED else "other"


def _quarter_of(instalment: Instalment) -> str:
    """Its quarter. An event's instalment carries the event's code for a period: then the quarter it last moved in."""
    if re.fullmatch(r"\d{4}Q[1-4]", instalment.period):
        return instalment.period
    return clock.quarter_of(instalment.moved_on or clock.today())
