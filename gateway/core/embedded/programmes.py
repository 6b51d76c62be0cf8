"""Programmes as `config/programmes.yaml` gives them: rules, rates, conditions by date, every fault found before the start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from gateway.core.embedded.conditions import AnyCondition
from gateway.core.embedded.located import Located
from gateway.core.embedded.rules import AnyRule, InProgramme, Sex
from gateway.errors import FileFault

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,19}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(_Entry):
    """In force from a day on, until its last day if that is given."""

    opens: date = Field(alias="from")
    closes: date | None = Field(None, alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> "Dated":
        if self.closes and self.closes < self.opens:
            raise ValueError("ends before it begins")
        return self


_Set = TypeVar("_Set", bound=Dated)


class RuleSet(Dated):
    """The rules in force on its days."""

    all: tuple[AnyRule, ...] = Field(min_length=1)

    @cached_property
    def mark(self) -> str:
        """Six hex digits of the rules' content: a rule changed in place is a new version too."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:6]


class ConditionSet(Dated):
    """The conditions in force on its days."""

    all: tuple[AnyCondition, ...] = Field(min_length=1)


class Rate(_Entry):
    """Rupees for one period from a day on.

    level       tells apart what a programme pays side by side
    sex, province   for these alone; whoever has no rate of their own gets the one that names none
    """

    opens: date = Field(alias="from")
    level: str = Field("", max_length=20)
    sex: Sex | Literal[""] = ""
    province: str = Field("", max_length=40)
    amount: int = Field(gt=0, le=10_000_000)


class Programme(_Entry):
    """One programme, without its code.

    apply       False: nobody asks for it by phone
    discreet    an alert on a phone that others read does not name it
    """

    name: str = Field(min_length=1)
    coarse: bool = False
    apply: bool = True
    discreet: bool = False
    period: Literal["quarter", "event", "year", "once"] = "quarter"
    rules: tuple[RuleSet, ...] = Field(min_length=1)
    conditions: tuple[ConditionSet, ...] = ()
    rates: tuple[Rate, ...] = ()

    @model_validator(mode="after")
    def _one_at_a_time(self) -> "Programme":
        for sets, what in ((self.rules, "rules"), (self.conditions, "conditions")):
            if len({each.opens for each in sets}) != len(sets):
                raise ValueError(f"two sets of {what} begin on one day")
        rates = [(each.opens, each.level, each.sex, each.province) for each in self.rates]
        if len(set(rates)) != len(rates):
            raise ValueError("two rates of one level begin on one day")
        return self

    def rules_on(self, day: date) -> RuleSet | None:
        """The set that began last and has not ended, or None where no rules are in force."""
        return _in_force(self.rules, day)

    def conditions_on(self, day: date) -> tuple[AnyCondition, ...]:
        """Likewise the conditions; none where nothing is asked."""
        found = _in_force(self.conditions, day)
        return found.all if found else ()

    def rate_on(self, day: date, level: str = "", sex: str = "", province: str = "") -> int | None:
        """Rupees in force on a day, or None where there is no rate yet.

        A rate for her province comes before one for her sex, and that before the one for all.
        """
        begun = [
            each
            for each in self.rates
            if each.level == level
            and each.sex in {"", sex}
            and each.province in {"", province}
            and each.opens <= day
        ]
        found = max(begun, key=lambda each: (bool(each.province), bool(each.sex), each.opens), default=None)
        return found.amount if found else None


def _in_force(sets: Sequence[_Set], day: date) -> _Set | None:
    begun = [each for each in sets if each.opens <= day and (each.closes is None or day <= each.closes)]
    return max(begun, key=lambda each: each.opens, default=None)


@dataclass(frozen=True)
class Programmes:
    """All programmes by code, in the file's order."""

    entries: dict[str, Programme]

    def __getitem__(self, code: str) -> Programme:
        return self.entries[code]

    def __contains__(self, code: str) -> bool:
        return code in self.entries

    def version(self, code: str, day: date) -> str:
        """What a decision names as the rules it was made by: `kafaalat@2021-09-23#1f3a9c`."""
        rules = self.entries[code].rules_on(day)
        return f"{code}@none" if rules is None else f"{code}@{rules.opens}#{rules.mark}"

    def needed_for(self, code: str, day: date) -> str:
        """The programme that one must be in before this one, or empty."""
        rules = self.entries[code].rules_on(day)
        needed = (
            (rule.programme for rule in rules.all if isinstance(rule, InProgramme)) if rules else iter(())
        )
        return next(needed, "")


_FILE = TypeAdapter(dict[Code, Programme])


def load_programmes(path: Path) -> Programmes:
    """Read and check the file. Raises FileFault with `file:line: entry: what is wrong`, every fault at once."""
    file = Located(path, "programme")
    entries = file.read(_FILE)
    if not entries:
        raise FileFault([f"{path}:1: holds no programme"])
    faults = [
        file.place(where, f"`{named}` is no programme of this file")
        for where, named in _depended_on(entries)
        if named not in entries
    ]
    if faults:
        raise FileFault(faults)
    return Programmes(entries)


def _depended_on(entries: dict[str, Programme]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Where another programme is named, and which."""
    for code, programme in entries.items():
        for number, rules in enumerate(programme.rules):
            for place, rule in enumerate(rules.all):
                if isinstance(rule, InProgramme):
                    yield (code, "rules", number, "all", place, "programme"), rule.programme
