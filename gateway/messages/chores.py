"""What a worker does, one small round after another; each stands for itself, so a failing one stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from gateway import clock

log = structlog.get_logger()


@dataclass
class Chore:
    """One kind of work.

    do          does some of it; how much was done
    every       seconds between two rounds at rest; again  go on at once while a round found work
    """

    name: str
    do: Callable[[], int]
    every: float = 1.0
    again: bool = True
    _next: float = field(default=0.0, init=False)

    def due(self, now: float) -> bool:
        return now >= self._next

    def run(self, now: float) -> bool:
        """Do a round; whether there may be more. A failure is noted, and waits for the next time."""
        self._next = now + self.every
        try:
            done = self.do()
        except Exception as error:  # noqa: BLE001 - whatever broke, the other chores go on
            kind, code = type(error).__name__, getattr(error, "code", "")
            log.error("chore_failed", chore=self.name, error=kind, code=code)  # noqa: TRY400 - a traceback holds texts
            return False
        return bool(done) and self.again


_MOST_ROUNDS = 50


def run_due(chores: Sequence[Chore], stopping: Callable[[], bool]) -> None:
    """Go through the chores that are due, again while they find work; a bounded number of rounds."""
    todo = [chore for chore in chores if chore.due(clock.ticks())]
    for _ in range(_MOST_ROUNDS):
        todo = [chore for chore in todo if not stopping() and chore.run(clock.ticks())]
        if not todo:
            return
