"""What an hour came to, of everybody together: for boards, never about one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MoneyTotal:
    """Instalments that came into a state. district its name, sex F, M or X, amount in rupees."""

    state: str
    district: str
    sex: str
    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class ComplaintTotal:
    """Cases opened. pay_point its name, or empty where the case is about none."""

    pay_point: str
    category: str
    number: int


class Totals(Protocol):
    def money(self, since: datetime, until: datetime) -> tuple[MoneyTotal, ...]:
        """What was credited and withdrawn, by what was recorded from `since` to before `until`."""
        ...

    def complaints(self, since: datetime, until: datetime) -> tuple[ComplaintTotal, ...]:
        """Cases opened in that time, but those told in confidence."""
        ...
