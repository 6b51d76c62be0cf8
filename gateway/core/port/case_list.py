"""The cases as other systems read them: one, or page by page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from gateway.core.port.cases import Case, CaseState


@dataclass(frozen=True, slots=True)
class CaseStage:
    """A state that a case came to, and when. by: `caller`, or who moved it."""

    state: CaseState
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case in a list. number: its place among all; phone E.164, to be masked; steps where one case was asked for."""

    number: int
    case: Case
    phone: str
    channel: str
    confidential: bool
    steps: tuple[CaseStage, ...] = ()


class CaseList(Protocol):
    """confidential: whether who asks may see cases filed in confidence; where not, there are none."""

    def page(
        self,
        *,
        confidential: bool,
        limit: int,
        after: int = 0,
        state: CaseState | None = None,
        since: date | None = None,
    ) -> tuple[CaseEntry, ...]:
        """Cases in the order they were opened: those after a number, in a state, moved since a day."""
        ...

    def one(self, reference: str, *, confidential: bool) -> CaseEntry | None: ...

    def categories(self) -> tuple[str, ...]:
        """Codes of all categories, in order."""
        ...

    def is_confidential(self, category: str) -> bool:
        """Whether cases of a category are filed in confidence. Raises LookupError for one that is not configured."""
        ...
