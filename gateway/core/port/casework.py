"""What staff do with cases and other requests: queues, one case with all its steps, and the acts that move it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from gateway.core.port.cases import CaseState, Opened
from gateway.core.port.requests import Asked
from gateway.core.port.texts import ReviewedText

MINE, UNASSIGNED, OVERDUE, OMBUDSMAN, CONFIDENTIAL, OPEN = QUEUES = (
    "mine",
    "unassigned",
    "overdue",
    "ombudsman",
    "confidential",
    "open",
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a queue lists it. assigned_to is the mark of a member (`staff:3`), or None."""

    reference: str
    category: str
    subject: str
    state: CaseState
    urgent: bool
    confidential: bool
    channel: str
    person: int | None
    opened_on: date
    target_on: date
    ombudsman_on: date
    assigned_to: str | None


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step: the state it came to or kept, by whom, and what was noted. Steps are never changed."""

    state: CaseState
    by: str
    at: datetime
    note: str
    assigned_to: str | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case opened. phone in E.164 is who is told of its moves; next_states those that it may come to.

    session     the one that it came from, or empty
    """

    row: CaseRow
    phone: str
    phone_key: str
    words: str
    steps: tuple[CaseStep, ...]
    next_states: tuple[CaseState, ...]
    session: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """An application (topic: the programme) or a change of record (topic: the kind of change); channel: the way it came."""

    reference: str
    topic: str
    subject: str
    state: str
    reason: str
    person: int
    asked_on: date
    moved_on: date
    channel: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """rows of a queue; after is where the next ones begin, empty at the end."""

    rows: tuple[CaseRow, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """As `CasePage`, of applications or changes."""

    rows: tuple[RequestRow, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a category promises who reports it."""

    target_on: date
    urgent: bool
    confidential: bool


class Casework(Protocol):
    """`by` is the mark of a member. confidential: whether she may see what was said in confidence; what she may not see
    is not there for her. One key is one act: the answer is whether it was done now.
    """

    def counts(self, by: str, *, confidential: bool) -> Mapping[str, int]:
        """How many stand in each of QUEUES, and of `application` and `change`."""
        ...

    def queue(self, name: str, by: str, *, confidential: bool, after: str = "", limit: int = 50) -> CasePage:
        """Urgent ones first, then by target day. Raises ValueError for an `after` that no page gave."""
        ...

    def following(self, name: str, reference: str, by: str, *, confidential: bool) -> CaseRow | None:
        """The row of a queue behind a case, which may have left it; the first one where none is behind, never the case itself."""
        ...

    def requests(self, asked: Asked, *, after: str = "", limit: int = 50) -> RequestPage:
        """What is open of a kind, the oldest first."""
        ...

    def request(self, asked: Asked, reference: str) -> tuple[RequestRow, tuple[str, ...]]:
        """One of them, and the states it may come to. Raises LookupError."""
        ...

    def file(self, reference: str, *, confidential: bool) -> CaseFile:
        """Raises LookupError."""
        ...

    def in_confidence(self, texts: Iterable[str]) -> frozenset[str]:
        """References of cases filed in confidence that any of the texts names."""
        ...

    def phones_of(self, person: int) -> tuple[str, ...]:
        """Her verified phones in E.164, the oldest link first."""
        ...

    def phone(self, phone_key: str) -> str:
        """The phone of a look-up key that has called, asked or is linked. Raises LookupError."""
        ...

    def promise(self, category: str) -> Promise:
        """Raises LookupError for a category that is not configured."""
        ...

    def open(  # noqa: PLR0913 - what a case is made of
        self,
        category: str,
        phone: str,
        key: str,
        *,
        by: str,
        person: int | None,
        subject: str = "",
        words: str = "",
        session: str = "",
    ) -> Opened:
        """As `Cases.open`, by staff for her; she gets its reference by SMS. `again`: this form was sent before."""
        ...

    def assign(
        self, references: Sequence[str], to: str | None, *, by: str, key: str, confidential: bool
    ) -> int:
        """Give open cases to a member, or back to the team (None); how many changed. A new one is `assigned` by it, and she is told."""
        ...

    def answer(  # noqa: PLR0913 - what an answer is made of
        self,
        reference: str,
        state: CaseState | None,
        *,
        by: str,
        key: str,
        confidential: bool,
        note: str = "",
        text: ReviewedText | None = None,
    ) -> bool:
        """Bring a case to a state and tell her, or only note something (None); text: is sent with it, or nothing is done.

        Raises LookupError, ValueError, and what `TextAnnouncer` raises.
        """
        ...
