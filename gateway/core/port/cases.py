"""Cases: what somebody says is wrong, with a reference, a target day and a state that staff move on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from gateway.core.port.texts import ReviewedText


class CaseState(StrEnum):
    """`core/embedded/cases.py` holds the moves between them."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Case:
    """One case. category is a code of config/cases.yaml; subject what it is about (`instalment:12`, `student:3`), or empty."""

    reference: str
    category: str
    subject: str
    state: CaseState
    urgent: bool
    opened_on: date
    target_on: date
    ombudsman_on: date
    moved_on: date


@dataclass(frozen=True, slots=True)
class Opened:
    """`opened`, or `already`: the one that is open for the same person, category and subject."""

    outcome: str
    case: Case


class Cases(Protocol):
    def open(  # noqa: PLR0913 - what a case is made of
        self,
        category: str,
        phone: str,
        key: str,
        *,
        channel: str,
        person: int | None = None,
        subject: str = "",
        words: str = "",
        session: str = "",
    ) -> Opened:
        """Open a case. One key is one case, and so is one person (or phone), category and subject while it is open.

        words       what she said, stored sealed; session the one in which she said it. Raises LookupError for a category that is not configured.
        """
        ...

    def of(self, person: int) -> tuple[Case, ...]:
        """Hers, newest first."""
        ...

    def move(
        self, reference: str, state: CaseState, by: str, note: str = "", text: ReviewedText | None = None
    ) -> Case:
        """Bring a case to a state, tell the phone that opened it; text: is sent with it.

        Raises LookupError, ValueError for a move that cannot be, and what `TextAnnouncer` raises.
        """
        ...

    def escalate(self) -> int:
        """Pass to the Ombudsman what is open on its day; how many were."""
        ...
