"""What people ask for: applications, and following anything that was asked by its reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection


class Asked(StrEnum):
    """The kind of thing that has a reference. Its first digit tells it."""

    APPLICATION = "application"
    CASE = "case"
    CHANGE = "change"
    BOOKING = "booking"


class ApplicationState(StrEnum):
    """`core/embedded/applications.py` holds the moves between them."""

    RECEIVED = "received"
    NEEDS_DOCUMENTS = "needs_documents"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Application:
    """One request to be taken into a programme.

    subject     what within the programme: an event's or a course's code; empty for the programme itself
    reason      code of why it stands as it does (`PMT_ABOVE`, ...), or empty
    """

    reference: str
    programme: str
    subject: str
    state: ApplicationState
    reason: str
    applied_on: date
    moved_on: date


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying: `applied`, `already` (the one that stands), `refused` (see `code`), `full` (no seat left).

    code        of the first failed rule, or `ENROLLED`, `NOT_BY_PHONE`, `UNKNOWN_PROGRAMME`
    """

    outcome: str
    application: Application | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme and what it says to her.

    standing    `enrolled`, `applied`, `may_apply`, `open` (hers to use, nobody applies by phone), `under_review`,
                `survey_needed`, `not_eligible`, `deceased`
    number      what `APPLY n` names it by: its place in config/programmes.yaml, from 1
    code        of the first failed rule; reference of the application that stands
    needs       the programme that she must be in first, where that is what keeps her from it
    """

    programme: str
    standing: str
    number: int
    code: str | None = None
    reference: str = ""
    needs: str = ""


class Applications(Protocol):
    def offers(self, person: int) -> tuple[Offer, ...]:
        """Every programme's answer to her, what she has and may have first."""
        ...

    def apply(  # noqa: PLR0913 - what an application is made of
        self, person: int, programme: str, phone: str, key: str, *, channel: str, subject: str = ""
    ) -> Applied:
        """Apply. One key is one application, and so is one programme and subject while an application is open.

        For a programme that pays by event the subject is the event's code, blank for the one that is open where she
        lives; one event takes one application of hers, unless she took it back.
        """
        ...

    def of(self, person: int) -> tuple[Application, ...]:
        """Hers, newest first."""
        ...

    def withdraw(self, person: int, reference: str) -> str:
        """`withdrawn` (again too), `decided` (too late), or `unknown` for what is not hers."""
        ...

    def move(self, reference: str, state: ApplicationState, by: str, reason: str = "") -> Application:
        """Bring an application to a state, tell her phones. Raises LookupError, ValueError for a move that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Tracked:
    """How something that was asked for stands.

    topic       the programme's code, the case's category, the kind of change, the purpose of the booking
    target_on   the day by which it should be answered, or the day booked; place where to go, or empty
    """

    reference: str
    asked: Asked
    topic: str
    state: str
    moved_on: date
    target_on: date | None = None
    place: str = ""


class Tracking(Protocol):
    def track(self, reference: str, phone: str, person: int | None = None) -> Tracked | None:
        """What a reference of 8 digits stands for, if it was asked for this person, else None.

        Where either person is not known the phone tells: the one that it was asked from.
        """
        ...

    def open_of(self, person: int) -> tuple[Tracked, ...]:
        """All that was asked for her and is not answered yet, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class RequestMoved:
    """Something asked for came to a state: what an announcer may tell. phones in E.164; turn counts its moves."""

    asked: Asked
    reference: str
    topic: str
    state: str
    turn: int
    phones: tuple[str, ...]
    target_on: date | None = None
    place: str = ""


class RequestAnnouncer(Protocol):
    """Hears of each move inside the transaction that made it."""

    def asked_moved(self, connection: Connection, moves: Sequence[RequestMoved]) -> None: ...
