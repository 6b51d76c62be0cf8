"""The rule about where she lives."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from gateway.core.embedded.rules.facts import Facts
from gateway.core.embedded.rules.rule import Rule, Verdict, Whom


class Region(Rule):
    """Lives in one of the provinces or districts; whom an exception is made for may live anywhere."""

    rule: Literal["region"]
    provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    exceptions: tuple[Whom, ...] = Field((), alias="except")

    @model_validator(mode="after")
    def _named(self) -> "Region":
        if not self.provinces and not self.districts:
            raise ValueError("names no province and no district")
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002 - one signature for every rule
        anywhere = next((each.words for each in self.exceptions if each.fits(facts)), "")
        fits = facts.province in self.provinces or facts.district in self.districts or bool(anywhere)
        words = f"lives in {', '.join(self.provinces + self.districts)}" + "".join(
            f"; {each.words}: anywhere" for each in self.exceptions
        )
        seen = f"{facts.district}, {facts.province}{f', {anywhere}' * bool(anywhere)}"
        return Verdict(None if fits else "REGION_OUTSIDE", words, seen)
