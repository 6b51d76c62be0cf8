"""The closed vocabulary of eligibility rules, whole in one file: each is judged on the facts of a person and the day alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.core.port import Reason

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
Sex: TypeAlias = Literal["F", "M", "X"]
Score: TypeAlias = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]

UNSCORED = "UNDER_REVIEW"  # surveyed, but NSER has not sent the score yet


@dataclass(frozen=True, slots=True)
class EventTerms:
    """Whom an emergency event is for. Empty districts and provinces mean the whole country; days are included."""

    code: str
    name: str
    districts: frozenset[str]
    provinces: frozenset[str]
    opens: date
    closes: date
    pmt_max: Decimal | None
    amount: int
    may_apply: bool

    def open_on(self, day: date) -> bool:
        return self.opens <= day <= self.closes

    def covers(self, province: str, district: str) -> bool:
        if not self.districts and not self.provinces:
            return True
        return district in self.districts or province in self.provinces


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may look at.

    cnic_status     `valid`, `expired`, `blocked` or `unverified` on the day the facts are for
    disability      a member of her household lives with one
    event           the emergency event that she is judged for, if any
    """

    alive: bool
    surveyed: bool
    checking: bool
    resurvey_by: date | None
    sex: str
    ever_married: bool
    born: date | None
    province: str
    district: str
    score: Decimal | None
    disability: bool
    flags: frozenset[str]
    spouse_flags: frozenset[str]
    cnic_status: str
    event: EventTerms | None = None


class Verdict(NamedTuple):
    """One rule's result: the code of its failure (None if it passed), the rule in words, the fact it saw."""

    code: str | None
    rule: str
    seen: str


class Rule(BaseModel):
    """One entry under `all:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Alive(Rule):
    rule: Literal["alive"]

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002 - one signature for every rule
        return Verdict(
            None if facts.alive else "DECEASED", "alive", "yes" if facts.alive else "recorded as dead"
        )


class Surveyed(Rule):
    rule: Literal["surveyed"]

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
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


class Woman(Rule):
    rule: Literal["woman"]
    ever_married: bool = False
    or_sex: Sex | None = None

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        words = f"{'ever-married ' * self.ever_married}woman{f', or sex {self.or_sex}' * bool(self.or_sex)}"
        seen = f"sex {facts.sex}, {'ever' if facts.ever_married else 'never'} married"
        if facts.sex == self.or_sex:
            return Verdict(None, words, seen)
        if facts.sex != "F":
            return Verdict("NOT_A_WOMAN", words, seen)
        return Verdict("NEVER_MARRIED" if self.ever_married and not facts.ever_married else None, words, seen)


class Age(Rule):
    rule: Literal["age"]
    at_least: Annotated[int, Field(ge=0, le=120)] = 0
    at_most: Annotated[int, Field(ge=0, le=120)] = 120

    @model_validator(mode="after")
    def _in_order(self) -> "Age":
        if self.at_least > self.at_most:
            raise ValueError("at_least is above at_most")
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:
        words = f"age {self.at_least} to {self.at_most}"
        if facts.born is None:
            return Verdict("AGE_OUTSIDE", words, "date of birth unknown")
        years = age_on(facts.born, day)
        fits = self.at_least <= years <= self.at_most
        return Verdict(None if fits else "AGE_OUTSIDE", words, str(years))


class Region(Rule):
    rule: Literal["region"]
    provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _named(self) -> "Region":
        if not self.provinces and not self.districts:
            raise ValueError("names no province and no district")
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        fits = facts.province in self.provinces or facts.district in self.districts
        words = f"lives in {', '.join(self.provinces + self.districts)}"
        return Verdict(None if fits else "REGION_OUTSIDE", words, f"{facts.district}, {facts.province}")


class Dates(Rule):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True)
    rule: Literal["dates"]
    opens: date = Field(alias="from")
    closes: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "Dates":
        if self.opens > self.closes:
            raise ValueError("`from` is after `to`")
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        fits = self.opens <= day <= self.closes
        # The day itself would make the stored decision differ every morning.
        return Verdict(
            None if fits else "NOT_OPEN", f"{self.opens} to {self.closes}", "within" if fits else "outside"
        )


class Ceiling(Rule):
    """A higher score for some households."""

    household: Literal["disability"]
    at_most: Score


class PmtScore(Rule):
    rule: Literal["score"]
    at_most: Score
    exceptions: tuple[Ceiling, ...] = Field((), alias="except")

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        words = "; ".join(
            [
                f"score at most {self.at_most:.2f}",
                *(f"{each.household}: {each.at_most:.2f}" for each in self.exceptions),
            ]
        )
        if facts.score is None:
            return Verdict(UNSCORED, words, "no score yet")
        ceiling = max([self.at_most, *(each.at_most for each in self.exceptions if facts.disability)])
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


class Cnic(Rule):
    rule: Literal["cnic"]
    barred: tuple[Literal["expired", "blocked"], ...] = Field(alias="not", min_length=1)

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        barred = facts.cnic_status in self.barred
        words = f"CNIC not {' or '.join(self.barred)}"
        return Verdict(f"CNIC_{facts.cnic_status.upper()}" if barred else None, words, facts.cnic_status)


class Emergency(Rule):
    rule: Literal["event"]

    def judge(self, facts: Facts, day: date) -> Verdict:
        event, words = facts.event, "an emergency event is open for her"
        if event is None or not event.open_on(day):
            return Verdict("NO_EVENT", words, "none" if event is None else f"{event.code} closed")
        words = f"event {event.code}" + (
            "" if event.pmt_max is None else f", score at most {event.pmt_max:.2f}"
        )
        where = f"{facts.district}, {facts.province}"
        if not event.covers(facts.province, facts.district):
            return Verdict("REGION_OUTSIDE", words, where)
        if event.pmt_max is None:
            return Verdict(None, words, where)
        if facts.score is None:
            return Verdict(UNSCORED, words, "no score yet")
        return Verdict(
            None if facts.score <= event.pmt_max else "PMT_ABOVE", words, f"{where}, {facts.score:.2f}"
        )


AnyRule: TypeAlias = Annotated[
    Alive
    | Surveyed
    | Checked
    | Resurvey
    | Woman
    | Age
    | Region
    | Dates
    | PmtScore
    | NotFlagged
    | Cnic
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


def age_on(born: date, day: date) -> int:
    """Full years on a day. Who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
