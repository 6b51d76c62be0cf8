"""What every programme says to her, from its decision and from what she applied for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from gateway import clock
from gateway.core.embedded.programmes import Programme, Programmes
from gateway.core.embedded.tables import OPEN_APPLICATIONS
from gateway.core.port import ApplicationState, Decision, Offer

# What she has and may have comes before what she may not.
_ORDER = (
    "enrolled",
    "applied",
    "may_apply",
    "open",
    "under_review",
    "survey_needed",
    "not_eligible",
    "deceased",
)


def offers_of(
    programmes: Programmes, decisions: Sequence[Decision], applications: Sequence[Row[Any]]
) -> tuple[Offer, ...]:
    """One offer a decision, what is hers first. decisions: every programme's, in the file's order."""
    offers = [
        _offer(programmes, decision, number, applications) for number, decision in enumerate(decisions, 1)
    ]
    return tuple(sorted(offers, key=lambda offer: (_ORDER.index(offer.standing), offer.number)))


def stands(application: Row[Any], programme: Programme) -> bool:
    """Whether an application bars another one: while it is open, and one to an event for good."""
    if programme.period == "event":
        return bool(application.state != ApplicationState.WITHDRAWN)
    return application.state in OPEN_APPLICATIONS


def _offer(
    programmes: Programmes, decision: Decision, number: int, applications: Sequence[Row[Any]]
) -> Offer:
    code, entry = decision.programme, programmes[decision.programme]
    asked = (
        row.reference
        for row in applications
        if (row.programme, row.subject) == (code, decision.event) and stands(row, entry)
    )
    reference, standing = next(asked, ""), decision.outcome
    if reference and standing != "enrolled":
        standing = "applied"
    elif standing == "may_apply" and not entry.apply:
        standing = "open"
    barred = decision.code == "NOT_IN_PROGRAMME"
    needs = programmes.needed_for(code, clock.today()) if barred else ""
    return Offer(code, standing, number, decision.code, reference, needs)
