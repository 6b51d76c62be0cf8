"""config/survey.yaml: when a survey may be repeated, and on which days offices give how many tokens."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from gateway.core.embedded.located import Located

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEAP = "2024-"  # a year that has every day


def _a_day(given: str) -> str:
    try:
        day = date.fromisoformat(given if len(given) > 5 else f"{_LEAP}{given}")
    except ValueError:
        raise ValueError("is neither a month and day (`03-23`) nor a date (`2027-03-10`)") from None
    return day.isoformat() if len(given) > 5 else f"{day:%m-%d}"


class SurveyTerms(BaseModel):
    """The terms of this installation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    repeat_after_years: int = Field(ge=0, le=20)
    tokens_a_day: int = Field(ge=0, le=999)
    days_ahead: int = Field(ge=1, le=120)
    working_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = Field(min_length=1)
    closed_on: tuple[Annotated[str, AfterValidator(_a_day)], ...] = ()

    @cached_property
    def _closed(self) -> frozenset[str]:
        return frozenset(self.closed_on)

    def repeat_on(self, surveyed_on: date) -> date:
        """The first day on which a household surveyed then may be surveyed again."""
        year = surveyed_on.year + self.repeat_after_years
        try:
            return surveyed_on.replace(year=year)
        except ValueError:  # the 29th of February of a year that has none
            return date(year, 3, 1)

    def open_on(self, day: date) -> bool:
        """Whether offices survey on a day."""
        return _WEEK[day.weekday()] in self.working_days and self._closed.isdisjoint(
            {day.isoformat(), f"{day:%m-%d}"}
        )

    def days_after(self, today: date) -> Iterator[date]:
        """The days after today for which tokens are given out, soonest first."""
        days = (today + timedelta(days=ahead) for ahead in range(1, self.days_ahead + 1))
        return (day for day in days if self.open_on(day))


_FILE = TypeAdapter(SurveyTerms)


def load_survey_terms(path: Path) -> SurveyTerms:
    """Read and check the file. Raises FileFault with `file:line: entry: what is wrong`, every fault at once."""
    return Located(path, "purpose").read(_FILE)
