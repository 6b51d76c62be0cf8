"""What all rules share: their form, their verdict, and the few words that several of them take."""

from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.core.embedded.rules.facts import Facts

Sex: TypeAlias = Literal["F", "M", "X"]
Status: TypeAlias = Literal["single", "married", "widowed", "divorced", "separated"]
Years: TypeAlias = Annotated[int, Field(ge=0, le=120)]
Score: TypeAlias = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]

UNSCORED = "UNDER_REVIEW"  # surveyed, but NSER has not sent the score yet


class Verdict(NamedTuple):
    """One rule's result: the code of its failure (None if it passed), the rule in words, the fact it saw."""

    code: str | None
    rule: str
    seen: str


class Rule(BaseModel):
    """One entry under `all:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Whom(Rule):
    """For whom an exception is made: who has all that it names."""

    household: Literal["disability"] | None = None
    sex: Sex | None = None
    marital: tuple[Status, ...] = ()

    @model_validator(mode="after")
    def _names_somebody(self) -> "Whom":
        if not (self.household or self.sex or self.marital):
            raise ValueError("an exception names `household`, `sex` or `marital`")
        return self

    def fits(self, facts: Facts) -> bool:
        return (
            (self.household is None or facts.disability)
            and (self.sex is None or facts.sex == self.sex)
            and (not self.marital or facts.marital_status in self.marital)
        )

    @property
    def words(self) -> str:
        sex = f"sex {self.sex}" if self.sex else None
        return " and ".join(filter(None, (self.household, sex, " or ".join(self.marital))))


def in_order(at_least: int, at_most: int) -> None:
    """Raises ValueError for bounds that nobody fits."""
    if at_least > at_most:
        raise ValueError("at_least is above at_most")
