"""What must be kept to so that an instalment is paid: the closed vocabulary of conditions in config/programmes.yaml."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.core.embedded.rules.rule import Years, in_order


class Condition(BaseModel):
    """One entry under `conditions:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Attendance(Condition):
    """At school on so many of a hundred days in a quarter; not asked for in the first quarters of an enrolment."""

    condition: Literal["attendance"]
    at_least: int = Field(ge=1, le=100)
    free_quarters: int = Field(0, ge=0, le=4)

    def met(self, days_present: int, days_open: int, quarter: int) -> bool:
        """Whether a quarter is paid; `quarter` counts from 1, that of the enrolment. No school day shows nothing."""
        if quarter <= self.free_quarters:
            return True
        return days_open > 0 and days_present * 100 >= self.at_least * days_open


class Visit(Condition):
    """At a stage of the thousand days each of these must be done when it is due."""

    condition: Literal["visit"]
    stage: Literal["pregnant", "lactating", "child"]
    kinds: tuple[Literal["antenatal", "growth", "vaccine", "session", "food"], ...] = Field(min_length=1)


class LevelAge(Condition):
    """Full years of a child at a level, both included."""

    condition: Literal["age"]
    level: str = Field(min_length=1)
    at_least: Years
    at_most: Years

    @model_validator(mode="after")
    def _in_order(self) -> "LevelAge":
        in_order(self.at_least, self.at_most)
        return self

    def met(self, years: int) -> bool:
        return self.at_least <= years <= self.at_most


AnyCondition: TypeAlias = Annotated[Attendance | Visit | LevelAge, Field(discriminator="condition")]
