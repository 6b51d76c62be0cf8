"""All rules together: judged in their order, and what they come to."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field

from gateway.core.embedded.rules.dependence import InProgramme
from gateway.core.embedded.rules.facts import Facts
from gateway.core.embedded.rules.household import Checked, Child, NotFlagged, PmtScore, Resurvey, Surveyed
from gateway.core.embedded.rules.person import Age, Alive, Cnic, Disability, Marital, OfSex, Woman
from gateway.core.embedded.rules.region import Region
from gateway.core.embedded.rules.window import Dates, Emergency
from gateway.core.port import Reason

AnyRule: TypeAlias = Annotated[
    Alive
    | Surveyed
    | Checked
    | Resurvey
    | Woman
    | OfSex
    | Age
    | Marital
    | Disability
    | Child
    | Region
    | Dates
    | PmtScore
    | NotFlagged
    | Cnic
    | InProgramme
    | Emergency,
    Field(discriminator="rule"),
]

_OUTCOMES = {
    "DECEASED": "deceased",
    "NOT_SURVEYED": "survey_needed",
    "RESURVEY_DUE": "survey_needed",
    "UNDER_REVIEW": "under_review",
}


def judge(rules: Sequence[AnyRule], facts: Facts, day: date) -> tuple[Reason, ...]:
    """Every rule's result, in the rules' order. A passed rule is known by its kind, a failed one by its failure."""
    verdicts = [(rule.rule, rule.judge(facts, day)) for rule in rules]
    return tuple(
        Reason(code=found.code or kind.upper(), passed=found.code is None, rule=found.rule, seen=found.seen)
        for kind, found in verdicts
    )


def outcome_of(reasons: Sequence[Reason], *, enrolled: bool) -> str:
    """What the reasons come to. Who is enrolled stays so until staff end it; only death is stronger."""
    code = next((reason.code for reason in reasons if not reason.passed), None)
    if enrolled and code != "DECEASED":
        return "enrolled"
    if code is None:
        return "may_apply"
    return _OUTCOMES.get(code, "not_eligible")
