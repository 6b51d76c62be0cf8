"""Call-backs: somebody of the staff rings her at a time that suits her."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection

from gateway import clock


class Window(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def ends(self) -> int:
        """The hour of Pakistan's clock at which it is over."""
        return _ENDS[self]

    def over(self, day: date) -> bool:
        """Whether it has passed on a day."""
        return datetime.combine(day, time(self.ends), clock.PAKISTAN) <= clock.now()


_ENDS = {Window.MORNING: 12, Window.AFTERNOON: 15, Window.EVENING: 18}


class CallBackState(StrEnum):
    BOOKED = "booked"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CallBack:
    """female: she asked for a woman; phone in E.164, phone_key its look-up key."""

    id: int
    person: int | None
    phone: str
    phone_key: str
    day: date
    window: Window
    female: bool
    state: CallBackState
    booked_by: str


class CallBacks(Protocol):
    def fits(self, day: date, window: Window) -> bool:
        """Whether a call can be promised for then: neither over nor too far."""
        ...

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
        """Promise a call; whether it was booked now: one key is one booking. Raises ValueError for a time that does not fit."""
        ...

    def waiting(self, *, female: bool, limit: int = 100) -> tuple[CallBack, ...]:
        """Those to make, the earliest first. female: whether those that want a woman are among them."""
        ...

    def of(self, person: int, *, female: bool) -> tuple[CallBack, ...]:
        """Those to make to her, the earliest first."""
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
