"""The health card: what a family is covered for, how much of it is left, and whether somebody lies in hospital on it."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cover:
    """A family's cover for one year, both days included. Rupees.

    standing        `active`, `coming` (not begun) or `ended`
    secondary       ordinary illness; priority the grave ones. used is the sum of the claims: more than the limit only
                    while an admission is open, for that one goes on
    admitted_at     the hospital of the newest admission that is open, since `admitted_on`; else empty
    """

    id: int
    province: str
    standing: str
    since: date
    until: date
    secondary_limit: int
    secondary_used: int
    priority_limit: int
    priority_used: int
    admitted_at: str = ""
    admitted_on: date | None = None

    @property
    def secondary_left(self) -> int:
        return max(0, self.secondary_limit - self.secondary_used)

    @property
    def priority_left(self) -> int:
        return max(0, self.priority_limit - self.priority_used)


class Health(Protocol):
    def cover(self, person: int) -> Cover | None:
        """Her family's cover of today, else one with an open admission, else the last, else the next; None without any."""
        ...
