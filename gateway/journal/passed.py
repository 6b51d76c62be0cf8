"""A dial as one row: what a list shows of it, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from gateway.conversation.screens import NO_ANSWER
from gateway.conversation.session import OF_TEXT

ANSWERED = "answered"
# She may hang up while her page is still made: it is then dated after her end, by no more than an aggregator waits for one.
_MAKING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Passed:
    """A dial in a list.

    closed      what the aggregator said of its end (`success`, `incomplete`, `failed`), or None
    lasted      seconds from its begin to its end as the network counted them, or None where nobody said
    patience    seconds of silence after which that network ends it, 0 where the whole dial's time was up, or None
    outcome     what came of it, as it is counted: `answered`, or how it ended without an answer; None while that is not
                known, of a text, and of a dial of before this was noted; counted_in the hour it is counted in
    confidential    whether it names a case that is for few
    """

    id: str
    phone_key: str
    started_at: datetime
    last_at: datetime
    turns: int
    language: str
    screen: str
    ended: bool
    menu_version: str
    closed: str | None
    lasted: float | None = None
    patience: float | None = None
    outcome: str | None = None
    counted_in: datetime | None = None
    confidential: bool = False

    @property
    def by_text(self) -> bool:
        """Whether a text opened it, and no dial."""
        return self.id.startswith(OF_TEXT)

    @property
    def answered(self) -> bool:
        """Whether she got an answer. Where that was not noted, our last page is taken for one."""
        if self.outcome is None:
            return self.ended and self.screen not in NO_ANSWER
        return self.outcome == ANSWERED

    @property
    def silence(self) -> float | None:
        """Seconds from her last page to the end; None where it is not known, or what was said of it cannot be."""
        if self.lasted is None or not self.turns:
            return None
        silence = self.lasted - (self.last_at - self.started_at).total_seconds()
        return max(0.0, silence) if silence > -_MAKING_SECONDS else None
