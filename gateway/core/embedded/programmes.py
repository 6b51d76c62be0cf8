"""Programmes as `config/programmes.yaml` gives them: rules and rates by date, every fault found before the start."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from gateway.core.embedded.rules import AnyRule
from gateway.errors import FileFault

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,19}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleSet(_Entry):
    """The rules in force from a day on, until its last day if that is given."""

    opens: date = Field(alias="from")
    closes: date | None = Field(None, alias="until")
    all: tuple[AnyRule, ...] = Field(min_length=1)

    @cached_property
    def mark(self) -> str:
        """Six hex digits of the rules' content: a rule changed in place is a new version too."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:6]


class Rate(_Entry):
    """Rupees for one period from a day on. level tells apart what a programme pays side by side."""

    opens: date = Field(alias="from")
    level: str = ""
    amount: int = Field(gt=0, le=10_000_000)


class Programme(_Entry):
    """One programme, without its code."""

    name: str = Field(min_length=1)
    coarse: bool = False
    period: Literal["quarter", "event"] = "quarter"
    rules: tuple[RuleSet, ...] = Field(min_length=1)
    rates: tuple[Rate, ...] = ()

    @model_validator(mode="after")
    def _one_at_a_time(self) -> "Programme":
        days = [each.opens for each in self.rules]
        if len(set(days)) != len(days):
            raise ValueError("two sets of rules begin on one day")
        rates = [(each.opens, each.level) for each in self.rates]
        if len(set(rates)) != len(rates):
            raise ValueError("two rates of one level begin on one day")
        if any(each.closes and each.closes < each.opens for each in self.rules):
            raise ValueError("a set of rules ends before it begins")
        return self

    def rules_on(self, day: date) -> RuleSet | None:
        """The set that began last and has not ended, or None where no rules are in force."""
        begun = [
            each for each in self.rules if each.opens <= day and (each.closes is None or day <= each.closes)
        ]
        return max(begun, key=lambda each: each.opens, default=None)

    def rate_on(self, day: date, level: str = "") -> int | None:
        """Rupees in force on a day, or None before the first rate."""
        begun = [each for each in self.rates if each.level == level and each.opens <= day]
        return max(begun, key=lambda each: each.opens).amount if begun else None


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

    @property
    def event_programmes(self) -> tuple[str, ...]:
        return tuple(code for code, each in self.entries.items() if each.period == "event")


_FILE = TypeAdapter(dict[Code, Programme])


def load_programmes(path: Path) -> Programmes:
    """Read and check the file. Raises FileFault with `file:line: entry: what is wrong`, every fault at once."""
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise FileFault([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise FileFault([f"{path}: is not UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileFault([f"{path}:{line}: {error.problem}"]) from None
    if tree is None:
        raise FileFault([f"{path}:1: holds no programme"])
    faults = [f"{path}:{line}: {where}: given twice" for line, where in _doubled(tree, "")]
    content = yaml.BaseLoader("").construct_document(tree)
    try:
        entries = _FILE.validate_python(content)
    except ValidationError as error:
        faults += [
            _place(path, tree, each) for each in error.errors(include_url=False) if not _follows(tree, each)
        ]
        entries = {}
    if faults:
        raise FileFault(faults)
    if not entries:
        raise FileFault([f"{path}:1: holds no programme"])
    return Programmes(entries)


def _follows(tree: yaml.Node, error: Any) -> bool:
    """Whether a list is called too short only because its entries have faults of their own."""
    node: yaml.Node | None = tree
    for step in error["loc"]:
        node = node and _below(node, step)
    return error["type"] == "too_short" and isinstance(node, yaml.SequenceNode) and bool(node.value)


def _place(path: Path, tree: yaml.Node, error: Any) -> str:
    """One fault with the line of the deepest entry on its way that stands in the file."""
    node, where = tree, ""
    for step in error["loc"]:
        found = _below(node, step)
        if found is None:  # the names of pydantic's union branches are no part of the file, a missing key is
            where += f".{step}" if error["type"] == "missing" and step == error["loc"][-1] else ""
            continue
        node = found
        where += f"[{step}]" if isinstance(step, int) else f".{step}"
    what = error["msg"].removeprefix("Value error, ")
    return f"{path}:{node.start_mark.line + 1}: {where.lstrip('.') or 'file'}: {what}"


def _below(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _doubled(node: yaml.Node, where: str) -> list[tuple[int, str]]:
    """Keys given twice in one mapping, which YAML would let pass in silence."""
    found: list[tuple[int, str]] = []
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            name = f"{where}.{key.value}".lstrip(".")
            if key.value in seen:
                found.append((key.start_mark.line + 1, name))
            seen.add(key.value)
            found += _doubled(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found += _doubled(value, f"{where}[{index}]")
    return found
