"""Nashonuma: the visits that a mother and her small child owe, and the money that follows them."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gateway.core.port.payments import Instalment

NUTRITION_STAGES = ("pregnant", "lactating", "child")
VISIT_KINDS = ("antenatal", "growth", "vaccine", "session", "food")


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is still to be made. place is the centre's name; late: its day is past."""

    kind: str
    due_on: date
    place: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Care:
    """One case of hers at a nutrition centre.

    name        what the child is called; empty where the case is her own
    standing    `active` or `ended`
    centre      name of the case's own centre
    visit       the first visit not made yet, food packets aside; packet the first packet not fetched yet
    quarter     whose money is told: of what waits for her now, else the quarter of the next visit, which it follows
    condition   of that money: `met`, `overdue` (a visit is late), `to_come` (a visit lies ahead)
    amount      rupees of that quarter; money the instalment, once there is one
    """

    id: int
    name: str
    stage: str
    standing: str
    centre: str
    quarter: str
    condition: str
    amount: int
    visit: Visit | None = None
    packet: Visit | None = None
    money: Instalment | None = None


class Nutrition(Protocol):
    def cases(self, person: int) -> tuple[Care, ...]:
        """Hers, her own before her child's; what has ended comes last."""
        ...

    def may_register(self, person: int) -> bool:
        """Whether her family may come in, should she be pregnant or have a child below two."""
        ...
