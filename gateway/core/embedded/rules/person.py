"""Rules about a person herself: alive, woman, sex, age, marital status, disability, CNIC."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from gateway.core.embedded.rules.facts import Facts
from gateway.core.embedded.rules.rule import Rule, Sex, Status, Verdict, Years, in_order


class Alive(Rule):
    rule: Literal["alive"]

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002 - one signature for every rule
        return Verdict(
            None if facts.alive else "DECEASED", "alive", "yes" if facts.alive else "recorded as dead"
        )


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


class OfSex(Rule):
    rule: Literal["sex"]
    one_of: tuple[Sex, ...] = Field(min_length=1)

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        fits = facts.sex in self.one_of
        return Verdict(None if fits else "SEX_OUTSIDE", f"sex {' or '.join(self.one_of)}", facts.sex)


class Marital(Rule):
    rule: Literal["marital"]
    one_of: tuple[Status, ...] = Field(min_length=1)

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        fits = facts.marital_status in self.one_of
        return Verdict(None if fits else "MARITAL_OUTSIDE", " or ".join(self.one_of), facts.marital_status)


class Age(Rule):
    rule: Literal["age"]
    at_least: Years = 0
    at_most: Years = 120

    @model_validator(mode="after")
    def _in_order(self) -> "Age":
        in_order(self.at_least, self.at_most)
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:
        words = f"age {self.at_least} to {self.at_most}"
        if facts.born is None:
            return Verdict("AGE_OUTSIDE", words, "date of birth unknown")
        years = age_on(facts.born, day)
        fits = self.at_least <= years <= self.at_most
        return Verdict(None if fits else "AGE_OUTSIDE", words, str(years))


class Disability(Rule):
    rule: Literal["disability"]
    of: Literal["self", "household"] = "self"

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        found = facts.disabled if self.of == "self" else facts.disability
        where = "" if self.of == "self" else " in the household"
        return Verdict(None if found else "NOT_DISABLED", f"a disability{where}", "yes" if found else "none")


class Cnic(Rule):
    rule: Literal["cnic"]
    barred: tuple[Literal["expired", "blocked"], ...] = Field(alias="not", min_length=1)

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002
        barred = facts.cnic_status in self.barred
        words = f"CNIC not {' or '.join(self.barred)}"
        return Verdict(f"CNIC_{facts.cnic_status.upper()}" if barred else None, words, facts.cnic_status)


def age_on(born: date, day: date) -> int:
    """Full years on a day. Who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
