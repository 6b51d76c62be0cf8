"""Kinds of value that stand in a text: how each is written in a language, and its longest form.

A screen's text holds `{amount}`; the verb before it declares `amount` as `MONEY`. The renderer writes the value, and
the check at start writes the longest possible one, so that no screen can overflow on a rich or a long-named day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Words(Protocol):
    """What a language offers for writing values (see `conversation.catalog.Language`)."""

    def money(self, rupees: int) -> str: ...
    def day(self, day: date) -> str: ...
    def quarter(self, quarter: str) -> str: ...
    def term(self, name: str) -> str: ...
    def terms(self, family: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. `write` gives its text in a language; `longest` the worst case there."""

    name: str
    write: Callable[[Any, Words], str]
    longest: Callable[[Words], str]


MONEY = Kind("money", lambda v, w: w.money(int(v)), lambda w: w.money(9_999_999))
DAY = Kind(
    "day",
    lambda v, w: w.day(date.fromisoformat(v)),
    lambda w: max((w.day(date(2026, m, 28)) for m in range(1, 13)), key=len),
)
QUARTER = Kind(
    "quarter",
    lambda v, w: w.quarter(str(v)),
    lambda w: max((w.quarter(f"2026Q{q}") for q in range(1, 5)), key=len),
)
COUNT = Kind("count", lambda v, w: str(int(v)), lambda w: "999")  # noqa: ARG005 - same in every language
SCORE = Kind("score", lambda v, w: str(v), lambda w: "100.00")  # noqa: ARG005
LAST4 = Kind("last4", lambda v, w: str(v)[-4:], lambda w: "8888")  # noqa: ARG005


def text(longest: int) -> Kind:
    """Free text from the registry (a place, a name), cut to `longest` characters, the last two as dots."""

    def write(value: Any, words: Words) -> str:  # noqa: ARG001
        plain = str(value)
        return plain if len(plain) <= longest else plain[: longest - 2].rstrip() + ".."

    return Kind(f"text({longest})", write, lambda w: "M" * longest)  # noqa: ARG005


def term(family: str) -> Kind:
    """A word of ours that is translated: `programme.kafaalat`, `reason.CNIC_EXPIRED` (menus/terms.yaml)."""
    return Kind(
        f"term({family})",
        lambda v, w: w.term(str(v) if str(v).startswith(f"{family}.") else f"{family}.{v}"),
        lambda w: max(w.terms(family), key=len, default=""),
    )
