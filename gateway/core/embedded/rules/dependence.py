"""The rule about another programme that she, or anybody of her family, must be in."""

from datetime import date
from typing import Literal

from gateway.core.embedded.rules.facts import Facts
from gateway.core.embedded.rules.rule import Rule, Verdict


class InProgramme(Rule):
    """Actively enrolled; `of: family` counts whoever is in her family unit, as a mother is for her child."""

    rule: Literal["in_programme"]
    programme: str
    of: Literal["self", "family"] = "self"

    def judge(self, facts: Facts, day: date) -> Verdict:  # noqa: ARG002 - one signature for every rule
        enrolled = facts.enrolled if self.of == "self" else facts.enrolled | facts.family_enrolled
        words = f"{'somebody of her family ' * (self.of == 'family')}in {self.programme}"
        return Verdict(
            None if self.programme in enrolled else "NOT_IN_PROGRAMME",
            words,
            ", ".join(sorted(enrolled)) or "in none",
        )
