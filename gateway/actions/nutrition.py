"""Nashonuma: the next visit of a mother and her small child, and the money that follows it."""

from collections.abc import Mapping
from typing import Any

from gateway.actions.cases import SUBJECT
from gateway.actions.kinds import OFFICE, day_or, text_or
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import MONEY, QUARTER, Kind, term, text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Care

CENTRE = "nutrition_centre"
# `kept` remembers the case whose answer was shown.
_CASE = "nutrition_case"

_WHO = text_or(12, "who.self")
_DUE = day_or("day.no_visit")
TOLD = ("next", "overdue", "done", "ended")
_FIGURES: Mapping[str, Kind] = {
    "who": _WHO,
    "amount": MONEY,
    "quarter": QUARTER,
    "stipend": term("stipend"),
    "visit": term("visit"),
    "due_on": _DUE,
    "centre": OFFICE,
    "packet": day_or("day.next_visit"),
}


@verb(
    "her_visits",
    (*TOLD, "listed", "may_register", "refused"),
    values=_FIGURES,
    lists={"cases": {"who": _WHO, "due_on": _DUE}},
)
def her_visits(ask: Ask, means: Means) -> Outcome:
    """Her next visit, or the cases of her family to pick one from; without a case, whether she may come in."""
    nutrition, person = means.core.nutrition, person_of(ask)
    cases = nutrition.cases(person)
    told = [each for each in cases if each.standing == "active"] or list(cases[:1])
    if not told:
        return Outcome("may_register" if nutrition.may_register(person) else "refused")
    if len(told) == 1:
        return _tell(told[0])
    rows = tuple({"id": str(each.id), "who": each.name, "due_on": _day(each)} for each in told)
    return Outcome("listed", {"cases": rows})


@verb("picked_case", (*TOLD, "none"), values=_FIGURES)
def picked_case(ask: Ask, means: Means) -> Outcome:
    """One case of hers, in full."""
    cases = means.core.nutrition.cases(person_of(ask))
    found = next((each for each in cases if str(each.id) == ask.picked), None)
    return _tell(found) if found else Outcome("none")


@verb("nearest_centre", ("found", "none"), values={"centre": OFFICE, "address": text(40), "hours": text(16)})
def nearest_centre(ask: Ask, means: Means) -> Outcome:
    """The nutrition centre nearest to her home."""
    directory = means.core.directory
    tehsil = directory.tehsil_of(person_of(ask))
    for centre in directory.facilities(CENTRE, tehsil, limit=1) if tehsil else ():
        return Outcome("found", {"centre": centre.name, "address": centre.address, "hours": centre.hours})
    return Outcome("none")


@verb("about_visits", ("noted",), asks_core=False)
def about_visits(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - every verb is called alike
    """What she reports next is about the case just shown."""
    return Outcome("noted", keep={SUBJECT: f"nutrition_case:{ask.kept.get(_CASE, '')}"})


def _tell(care: Care) -> Outcome:
    visit = care.visit
    # Once there is money, its own state says more than the visits; but what is still on its way waits for them.
    moved = care.money is not None and care.money.standing != "coming"
    stipend = care.money.standing if care.money and moved else care.condition
    if stipend == "met" and care.money:
        stipend = "coming"
    values: dict[str, Any] = {
        "who": care.name,
        "amount": care.amount,
        "quarter": care.quarter,
        "stipend": stipend,
        **({"visit": visit.kind} if visit else {}),
        "due_on": _day(care),
        "centre": visit.place if visit else care.centre,
        "packet": care.packet.due_on.isoformat() if care.packet else "",
    }
    return Outcome(_outcome_of(care), values, keep={_CASE: str(care.id)})


def _outcome_of(care: Care) -> str:
    if care.standing == "ended":
        return "ended"
    if care.visit is None:
        return "done"
    return "overdue" if care.visit.late else "next"


def _day(care: Care) -> str:
    return care.visit.due_on.isoformat() if care.visit else ""
