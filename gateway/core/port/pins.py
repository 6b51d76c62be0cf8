"""PINs: tried, chosen, judged."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """state: `right`, `wrong`, `locked`, `unset`. tries_left after a wrong one; minutes until a lock opens."""

    state: str
    tries_left: int = 0
    minutes: int = 0


class Pins(Protocol):
    def check(self, person: int, phone: str, pin: str, key: str) -> PinAnswer:
        """Try a PIN. One key with one PIN counts one try, however often it is asked; another PIN under it is another.

        Three wrong ones lock for 30 minutes.
        """
        ...

    def choose(self, person: int, phone: str, pin: str, key: str, *, granted: bool) -> str:
        """Set a PIN where none is set, or replace it: `chosen`, or `weak` (1234, repeated, from her CNIC or birth).

        granted     whether the session was let in by the PIN that stands. Without it a PIN is replaced only by the
                    session that chose it first; for any other the answer is `set`, and the PIN stays.
        """
        ...

    def fits(self, person: int, pin: str) -> bool:
        """Whether a PIN is strong enough for this person."""
        ...
