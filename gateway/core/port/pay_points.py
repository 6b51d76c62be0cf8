"""Pay points that callers complain of: flagged by one caller once, and marked when several have."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FlagReason(StrEnum):
    FEE = "fee"
    LESS = "less"
    SHUT = "shut"
    NO_CASH = "no_cash"
    RUDE = "rude"


@dataclass(frozen=True, slots=True)
class PayPoint:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FlaggedPoint:
    """callers: how many different ones; reasons: those they gave; marked: enough of them."""

    code: str
    name: str
    callers: int
    reasons: tuple[FlagReason, ...]
    last_at: datetime
    marked: bool


class PayPoints(Protocol):
    def near(self, person: int) -> tuple[PayPoint, ...]:
        """Those of her tehsil and those of her instalments, by name."""
        ...

    def flag(self, code: str, person: int, reason: FlagReason, *, by: str, key: str) -> bool:
        """Flag one for her; False where this form was sent before or a flag of hers stands. Raises LookupError."""
        ...

    def flagged(self, limit: int = 100) -> tuple[FlaggedPoint, ...]:
        """Those with flags that stand, the most flagged first."""
        ...

    def count(self) -> int:
        """How many have flags that stand."""
        ...

    def lift(self, code: str, *, by: str, key: str) -> int:
        """Take the flags of one off, once it was looked into; how many stood."""
        ...
