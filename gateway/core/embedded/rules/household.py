"""Rules about what NSER and NADRA say of her household: survey, score, filters, children."""

from datetime import date
from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from gateway.core.embedded.rules.facts import Facts
from gateway.core.embedded.rules.person import age_on
from gateway.core.embedded.rules.rule import UNSCORED, Rule, Score, Verdict, Whom, Years, in_order

Flag: TypeAlias = Literal[
    "X_GOVT_EMP",
    "X_TRAVEL",
    "X_VEHICLE",
    "X_PHONE_BILL",
    "X_EXEC_PASSPORT",
    "X_EXEC_CNIC",
    "X_PENSIONER",
    "X_HIGH_INCOME",
    "X_AUTON_BODY",
    "X_LAND",
    "X_TAXPAYER",
]


class Surveyed(Rule):
    rule: Literal["surveyed"]

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002 - one signature for every rule
        return Verdict(
            None if facts.surveyed else "NOT_SURVEYED", "surveyed", "yes" if facts.surveyed else "no"
        )


class Checked(Rule):
    rule: Literal["checked"]

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        pending = facts.checking or facts.cnic_status == "unverified"
        return Verdict(
            "UNDER_REVIEW" if pending else None, "checked by NADRA", "pending" if pending else "yes"
        )


class Resurvey(Rule):
    rule: Literal["resurvey"]

    def judge(self, facts: Facts, day: date) -> Verdict:
        late = facts.resurvey_by is not None and facts.resurvey_by < day
        seen = "not asked for" if facts.resurvey_by is None else f"by {facts.resurvey_by}"
        return Verdict("RESURVEY_DUE" if late else None, "surveyed again in time", seen)


class Ceiling(Whom):
    """A higher score for some."""

    at_most: Score


class PmtScore(Rule):
    rule: Literal["score"]
    at_most: Score
    exceptions: tuple[Ceiling, ...] = Field((), alias="except")

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        words = "; ".join(
            [
                f"score at most {self.at_most:.2f}",
                *(f"{each.words}: {each.at_most:.2f}" for each in self.exceptions),
            ]
        )
        if facts.score is None:
            return Verdict(UNSCORED, words, "no score yet")
        fitting = [each for each in self.exceptions if each.fits(facts)]
        ceiling = max([self.at_most, *(each.at_most for each in fitting)])
        seen = f"{facts.score:.2f}{', disability in the household' * facts.disability}"
        return Verdict(None if facts.score <= ceiling else "PMT_ABOVE", words, seen)


class NotFlagged(Rule):
    rule: Literal["not_flagged"]
    own: tuple[Flag, ...] = Field((), alias="self")
    spouse: tuple[Flag, ...] = ()

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        found = [
            *(f"self {flag}" for flag in self.own if flag in facts.flags),
            *(f"spouse {flag}" for flag in self.spouse if flag in facts.spouse_flags),
        ]
        return Verdict("FILTERED" if found else None, "no exclusion flag", ", ".join(found) or "none")


class Child(Rule):
    """A child of her family unit of this age; `or_self`: she herself may be of it."""

    rule: Literal["child"]
    at_least: Years = 0
    at_most: Years = 120
    or_self: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Child":
        in_order(self.at_least, self.at_most)
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:
        own = (facts.born,) if self.or_self and facts.born else ()
        years = sorted(age_on(born, day) for born in (*facts.children, *own))
        fits = any(self.at_least <= each <= self.at_most for each in years)
        words = f"{'herself or ' * self.or_self}a child of {self.at_least} to {self.at_most} years"
        return Verdict(
            None if fits else "NO_CHILD", words, f"of {', '.join(map(str, years))}" if years else "none"
        )
