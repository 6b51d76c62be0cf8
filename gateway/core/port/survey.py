"""NSER's survey: when a family was surveyed, a token for an office, a change in the family. Nobody edits a score here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from gateway.core.port.directory import Office


class Purpose(StrEnum):
    """What a token is for."""

    NEW_SURVEY = "new_survey"
    ROSTER_UPDATE = "roster_update"
    CNIC_UPDATE = "cnic_update"


class BookingState(StrEnum):
    """`core/embedded/bookings.py` holds the moves between them. lapsed: the day passed and nobody noted that she came."""

    BOOKED = "booked"
    KEPT = "kept"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Change(StrEnum):
    """What may have changed in a family."""

    BIRTH = "birth"
    DEATH = "death"
    MARRIAGE = "marriage"
    DISABILITY = "disability"
    MOVE = "move"


class ChangeState(StrEnum):
    """`core/embedded/changes.py` holds the moves between them."""

    RECEIVED = "received"
    VERIFIED = "verified"
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Survey:
    """A household's survey.

    status      `surveyed`, `pending` (NADRA's check has not come back), `not_surveyed`
    next_on     the day from which a new survey is taken; None where it is taken any day
    resurvey_by the last day to be surveyed anew, where that is asked for
    may_repeat  whether a new survey is taken today
    """

    status: str
    surveyed_on: date | None
    next_on: date | None
    resurvey_by: date | None
    may_repeat: bool
    office: Office | None = None


class Surveys(Protocol):
    def of(self, person: int) -> Survey:
        """The survey of her household. Raises LookupError."""
        ...


@dataclass(frozen=True, slots=True)
class Booking:
    """A token: come to `office` on `on_day`, as `number` of that day."""

    reference: str
    purpose: Purpose
    state: BookingState
    office: str
    on_day: date
    number: int


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of booking.

    outcome     `booked`; `already` (the token that is open for the same); `too_early` (a new survey is taken from
                `next_on`); `full` (no place within the days that are given out); `where` (no office is known for her)
    """

    outcome: str
    booking: Booking | None = None
    next_on: date | None = None


class Bookings(Protocol):
    def book(  # noqa: PLR0913 - what a token is made of
        self,
        purpose: Purpose,
        phone: str,
        key: str,
        *,
        channel: str,
        person: int | None = None,
        office: str = "",
    ) -> Booked:
        """A token for the next working day with a place free at an office, hers if none is named by its code.

        One key is one token, and so is one person (or phone) and purpose while a token is open.
        """
        ...

    def cancel(self, reference: str, phone: str, person: int | None = None) -> str:
        """`cancelled` (again too), `over` (the day has passed), or `unknown` for what is neither hers nor this phone's."""
        ...

    def move(self, reference: str, state: BookingState, by: str) -> Booking:
        """Bring a token to a state, tell its phone. Raises LookupError, ValueError for a move that cannot be."""
        ...

    def lapse(self) -> int:
        """Close the tokens whose day has passed; how many were. Nobody is told: most of them came."""
        ...


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A change in the family as she reported it; staff verify it and enter it in NSER."""

    reference: str
    change: Change
    state: ChangeState
    reported_on: date
    moved_on: date


@dataclass(frozen=True, slots=True)
class Reported:
    """`reported`, or `already`: the one of the same kind that is not decided yet."""

    outcome: str
    request: ChangeRequest


class Changes(Protocol):
    def report(self, person: int, change: Change, phone: str, key: str, *, channel: str) -> Reported:
        """Report a change. One key is one request, and so is one person and kind of change while it is not decided."""
        ...

    def of(self, person: int) -> tuple[ChangeRequest, ...]:
        """Hers, newest first."""
        ...

    def move(self, reference: str, state: ChangeState, by: str, note: str = "") -> ChangeRequest:
        """Bring a request to a state, tell her phones. Raises LookupError, ValueError for a move that cannot be."""
        ...
