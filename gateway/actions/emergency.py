"""Emergency cash: her standing in an event behind her PIN, and the open answer to a CNIC."""

from typing import Any

from gateway.actions.cases import REFERENCE
from gateway.actions.kinds import LAST_DAY, REASON
from gateway.actions.payments import FIGURES, figures_of
from gateway.actions.portal import offer_kept
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import ApplicationState, Coarse, EventStanding

# Of several events she hears the one with most to do for her.
_ORDER = (
    "ready",
    "branch",
    "held",
    "coming",
    "listed",
    "may_apply",
    "withdrawn",
    "gone",
    "not_listed",
    "closed",
)


@verb(
    "event_standing",
    (*_ORDER, "applied", "none"),
    values={**FIGURES, "event": text(20), "last_day": LAST_DAY, "reason": REASON, "reference": REFERENCE},
)
def event_standing(ask: Ask, means: Means) -> Outcome:
    """Is she on the list, how much, where, until when. Money that waits comes before anything else."""
    events = [event for event in means.core.payments.events(person_of(ask)) if not _meant_for_others(event)]
    if not events:
        return Outcome("none")
    told = min(events, key=lambda event: _ORDER.index(_outcome_of(event)))
    if told.standing != "may_apply":
        return Outcome(_outcome_of(told), _values_of(told))
    if reference := _asked_for(told, means, person_of(ask)):
        return Outcome("applied", {**_values_of(told), "reference": reference})
    return Outcome("may_apply", _values_of(told), keep=offer_kept(told.programme, told.code))


@verb("check_emergency", ("listed", "not_listed", "rate_limited", "limited_again"))
def check_emergency(ask: Ask, means: Means) -> Outcome:
    """Whether a CNIC is on the list of an open event, and nothing else about it. Counts as one look-up."""
    answer = means.core.eligibility.coarse(ask.answer or "", ask.phone, ask.key)
    if answer.result is Coarse.RATE_LIMITED:
        return Outcome("rate_limited" if answer.notice else "limited_again")
    return Outcome("listed" if answer.emergency else "not_listed")


def _meant_for_others(event: EventStanding) -> bool:
    """An event of another region, or one not open yet: that she is not on its list says nothing to her."""
    return event.standing == "not_listed" and event.reason in {"REGION_OUTSIDE", "NOT_OPEN"}


def _asked_for(event: EventStanding, means: Means, person: int) -> str:
    """The reference of her application to an event, or empty."""
    standing = (
        each.reference
        for each in means.core.applications.of(person)
        if each.programme == event.programme
        and each.subject == event.code
        and each.state is not ApplicationState.WITHDRAWN
    )
    return next(standing, "")


def _outcome_of(event: EventStanding) -> str:
    if event.standing != "listed" or event.instalment is None:
        return event.standing
    return event.instalment.standing


def _values_of(event: EventStanding) -> dict[str, Any]:
    values: dict[str, Any] = {
        "event": event.name,
        "amount": event.amount,
        "last_day": event.until.isoformat() if event.until else "",
    }
    if event.instalment:
        values |= figures_of(event.instalment)
        if event.instalment.until:
            values["last_day"] = event.instalment.until.isoformat()
        if event.instalment.unpaid:
            values["reason"] = event.instalment.unpaid.value
    return values
