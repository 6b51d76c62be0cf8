"""Her money: instalments, emergency events, and who hears of a move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection


class Unpaid(StrEnum):
    """Why money is not in her hand (design of `domain`: code -> what she is told -> where to go)."""

    NOT_SURVEYED = "NOT_SURVEYED"
    RESURVEY_DUE = "RESURVEY_DUE"
    UNDER_REVIEW = "UNDER_REVIEW"
    PMT_ABOVE = "PMT_ABOVE"
    FILTERED = "FILTERED"
    CNIC_EXPIRED = "CNIC_EXPIRED"
    CNIC_BLOCKED = "CNIC_BLOCKED"
    CNIC_NOT_UPDATED = "CNIC_NOT_UPDATED"
    BIOMETRIC_FAILED = "BIOMETRIC_FAILED"
    DUPLICATE_FAMILY = "DUPLICATE_FAMILY"
    DECEASED = "DECEASED"
    NOT_RELEASED_IN_DISTRICT = "NOT_RELEASED_IN_DISTRICT"
    ACCOUNT_INACTIVE = "ACCOUNT_INACTIVE"
    SIM_NOT_OWN = "SIM_NOT_OWN"
    ALREADY_WITHDRAWN = "ALREADY_WITHDRAWN"
    CONDITION_NOT_MET = "CONDITION_NOT_MET"


class State(StrEnum):
    """An instalment's state; `core/embedded/instalments.py` holds the moves between them."""

    PLANNED = "PLANNED"
    GENERATED = "GENERATED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    CREDITED = "CREDITED"
    NOTIFIED = "NOTIFIED"
    WITHDRAWN = "WITHDRAWN"
    PARTIAL_DISPUTED = "PARTIAL_DISPUTED"
    BIOMETRIC_FAILED = "BIOMETRIC_FAILED"
    BRANCH_ROUTE = "BRANCH_ROUTE"
    RECONCILED = "RECONCILED"
    REVERSED = "REVERSED"
    RETURNED_UNCLAIMED = "RETURNED_UNCLAIMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of one programme for one period.

    kind        `regular`, or `bonus`: paid once
    child       the person it is paid for, where a mother is paid for each of her children; child_name what the child is called
    period      `2026Q4`, or an event's code
    standing    what it means to her: `ready` (collect it), `branch` (collect at the branch on `place_on`, no thumb),
                `held` (see `unpaid`), `withdrawn`, `coming` (on its way), `gone` (reversed, returned, cancelled)
    place       pay point or branch; place_on the day booked there; until the last day to collect
    moved_on    the day it got into its state; for NOTIFIED, the day it was credited
    """

    id: int
    programme: str
    period: str
    amount: int
    state: State
    standing: str
    unpaid: Unpaid | None = None
    place: str = ""
    place_on: date | None = None
    until: date | None = None
    moved_on: date | None = None
    kind: str = "regular"
    child: int | None = None
    child_name: str = ""


@dataclass(frozen=True, slots=True)
class EventStanding:
    """A person and an emergency event: `listed` with her instalment, `may_apply`, `not_listed`, or `closed`.

    amount      what the event pays to a family
    """

    code: str
    name: str
    standing: str
    until: date | None
    instalment: Instalment | None = None
    reason: str | None = None
    programme: str = "emergency"
    amount: int = 0


@dataclass(frozen=True, slots=True)
class InstalmentMoved:
    """An instalment came into a state: what an announcer may tell her. `phones` are E.164, verified links only.

    discreet    the programme is not to be named on a phone that others read
    """

    instalment: int
    programme: str
    period: str
    amount: int
    state: State
    unpaid: Unpaid | None
    place: str
    place_on: date | None
    until: date | None
    phones: tuple[str, ...]
    moved_on: date | None = None
    discreet: bool = False


class Announcer(Protocol):
    """Hears of each move inside the transaction that made it, so that the move and its message stand or fall together."""

    def moved(self, connection: Connection, moves: Sequence[InstalmentMoved]) -> None: ...


class Payments(Protocol):
    def latest(self, person: int, programme: str) -> Instalment | None:
        """Her newest instalment of a programme, whatever its state."""
        ...

    def ready(self, person: int) -> tuple[Instalment, ...]:
        """All money waiting for her, one entry a programme, period and child, newest first."""
        ...

    def history(self, person: int, limit: int = 12) -> tuple[Instalment, ...]:
        """Her instalments, newest period first."""
        ...

    def events(self, person: int) -> tuple[EventStanding, ...]:
        """Her standing in each emergency event that is open or has money of hers, newest first."""
        ...

    def notified(self, instalments: Sequence[int]) -> None:
        """The alerts about these instalments were delivered: CREDITED becomes NOTIFIED; any other state stays."""
        ...
