"""Call-backs: somebody of the staff rings her at a time that suits her."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection


class Window(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class CallBackState(StrEnum):
    BOOKED = "booked"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CallBack:
    """female: she asked for a woman; phone in E.164."""

    id: int
    person: int | None
    phone: str
    day: date
    window: Window
    female: bool
    state: CallBackState
    booked_by: str


class CallBacks(Protocol):
    def book(  # noqa: PLR0913 - what a call-back is made of
        self,
        phone: str,
        day: date,
        window: Window,
        *,
        by: str,
        key: str,
        person: int | None = None,
        female: bool = False,
    ) -> bool:
        """Promise a call; whether it was booked now: one key is one booking. Raises ValueError for a day that is past or too far."""
        ...

    def waiting(self, *, female: bool, limit: int = 100) -> tuple[CallBack, ...]:
        """Those to make, the earliest first. female: whether those that want a woman are among them."""
        ...

    def count(self, *, female: bool) -> int: ...

    def settle(self, number: int, state: CallBackState, *, by: str, key: str, female: bool) -> bool:
        """Say how it went; `booked` again undoes it. Raises LookupError."""
        ...


class StaffAnnouncer(Protocol):
    """Hears of what staff did that phones are told of, in the transaction that did it."""

    def done(
        self,
        connection: Connection,
        template: str,
        phones: Sequence[str],
        values: Mapping[str, str],
        subject: str,
    ) -> None:
        """template: of menus/sms.yaml; one subject (`call_back:7`) and template is one message to a phone."""
        ...
