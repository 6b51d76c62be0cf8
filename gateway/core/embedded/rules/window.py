"""Rules about the day: between two dates, within the window of an emergency event."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from gateway.core.embedded.rules.facts import Facts
from gateway.core.embedded.rules.rule import UNSCORED, Rule, Verdict


class Dates(Rule):
    rule: Literal["dates"]
    opens: date = Field(alias="from")
    closes: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "Dates":
        if self.opens > self.closes:
            raise ValueError("`from` is after `to`")
        return self

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002 - one signature for every rule
        fits = self.opens <= day <= self.closes
        # The day itself would make the stored decision differ every morning.
        return Verdict(
            None if fits else "NOT_OPEN", f"{self.opens} to {self.closes}", "within" if fits else "outside"
        )


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
        if not event.may_apply:
            return Verdict("LIST_ONLY", words, "it pays its list alone")
        if event.pmt_max is None:
            return Verdict(None, words, where)
        if facts.score is None:
            return Verdict(UNSCORED, words, "no score yet")
        return Verdict(
            None if facts.score <= event.pmt_max else "PMT_ABOVE", words, f"{where}, {facts.score:.2f}"
        )
