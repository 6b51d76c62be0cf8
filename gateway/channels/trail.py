"""What a trail of keys means: the keys that are new in it, a session that begins, one that was lost and is walked again.

the trail is                            then
the same as the last accepted one       nothing new
longer, and starts with it              the new keys are the tail, less one `*`
shorter, or diverging                   out of order or forged: nothing new
non-empty on a session we do not have   a dial extension, or a lost session
"""

from dataclasses import dataclass, replace

import structlog

from gateway import clock, telemetry
from gateway.channels.aggregator import Dial
from gateway.channels.aside import Aside
from gateway.clock import Deadline
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine, Run
from gateway.conversation.session import Opening, Session, Turn
from gateway.conversation.verbs import Ask, Perform
from gateway.journal.journal import Journal
from gateway.journal.sessions import Memory
from gateway.privacy import Vault

log = structlog.get_logger()

# A caller types at most a screenful; what is longer is not an answer to any screen.
LONGEST_KEYS = 182
LONGEST_TRAIL = 4000
LOOK_BACK_SECONDS = 1.5  # to ask the journal how a lost session began

# How a session began, and where its trail stood after each turn that reached SQL.
Drained = tuple[Opening, tuple[int, ...]]


@dataclass(frozen=True)
class Trails:
    """Walks trails. Safe to share between threads. resume_seconds: how long a dropped caller can go on."""

    vault: Vault
    book: Book
    engine: Engine
    journal: Journal
    perform: Perform
    aside: Aside
    resume_seconds: float

    def new_keys(self, session: Session, trail: str) -> str | None:
        """What she typed since the last accepted hop, or None where the saved page is the answer."""
        used = session.trail_length
        if len(trail) > used and not session.ended and len(trail) <= LONGEST_TRAIL:
            follows = not used or trail[used] == "*"
            if follows and self.vault.trail_mark(session.id, trail[:used]) == session.trail_mark:
                return trail[used + 1 :] if used else trail
        if len(trail) != used or self.vault.trail_mark(session.id, trail) != session.trail_mark:
            telemetry.security_event("trail_diverged")
            log.warning("trail_diverged", session=session.id)
        return None

    def walk(self, session: Session, dial: Dial, keys: str, start: int, deadline: Deadline) -> list[Turn]:
        """Take the keys as one answer, or one by one where they hold `*`: she typed ahead, or a hop was lost."""
        parts = [part for part in keys.split("*") if part] or [keys]
        # The last turn stands where these keys end, or a `*` behind it would be walked again as an empty answer.
        end = start + (start > 0 and dial.trail[start] == "*") + len(keys)
        at = start
        turns: list[Turn] = []
        for number, part in enumerate(parts, 1):
            at = end if number == len(parts) else dial.trail.find(part, at) + len(part)
            turns.append(self.engine.take_turn(session, part[:LONGEST_KEYS], self._run(dial, at, deadline)))
            if session.ended:
                break
        return turns

    def begin(
        self, dial: Dial, memory: Memory | None, phone_key: str, deadline: Deadline
    ) -> tuple[Session, list[Turn]]:
        """A new dial, one with an extension, or a session that Redis lost. Raises ForeignSession."""
        if not dial.trail:
            return self._open(dial, self._opening(dial, memory, phone_key, deadline), phone_key, deadline, 0)
        drained = self.aside.do(
            lambda: self.journal.opening(dial.session, phone_key), min(LOOK_BACK_SECONDS, deadline.left())
        )
        if drained:
            return self._rebuild(dial, *drained, phone_key, deadline)
        extension, screen = self._extension(dial.trail)
        if screen and not dial.label and extension == dial.trail:
            opening = replace(self._opening(dial, memory, phone_key, deadline), resume=None, screen=screen)
            return self._open(dial, opening, phone_key, deadline, len(extension))
        plain = Opening(language=self._recall(dial, phone_key, deadline))
        walked = self._rebuild(dial, plain, (), phone_key, deadline)
        if screen and _stumbles(walked[1]):
            # Not walked so from the first page: then the call began with an extension.
            opening = replace(plain, screen=screen)
            other = self._rebuild(dial, opening, (len(extension),), phone_key, deadline)
            walked = min(walked, other, key=lambda way: _stumbles(way[1]))
        return walked

    def _extension(self, trail: str) -> tuple[str, str | None]:
        """The longest beginning of a trail that names a screen, and the screen; or nothing."""
        parts = trail.split("*")
        for count in range(len(parts), 0, -1):
            extension = "*".join(parts[:count])
            if screen := self.book.shortcut(extension):
                return extension, screen
        return "", None

    def _rebuild(
        self, dial: Dial, opening: Opening, marks: tuple[int, ...], phone_key: str, deadline: Deadline
    ) -> tuple[Session, list[Turn]]:
        """Walk the whole trail, as the session first began. Verbs that write know their keys, so nothing doubles.

        marks: where the trail stood after each turn, as far as it is known; the first of an extension is its length.
        """
        used = marks[0] if marks else 0
        session, turns = self._open(dial, opening, phone_key, deadline, used)
        for mark in (*(m for m in marks[1:] if m <= len(dial.trail)), len(dial.trail)):
            if mark > used and not session.ended:
                keys = dial.trail[used:mark].removeprefix("*") if used else dial.trail[:mark]
                turns += self.walk(session, dial, keys, used, deadline)
                used = mark
        if len(turns) > 1:
            log.info("session_rebuilt", session=dial.session, turns=len(turns))
            telemetry.session_rebuilt()
        return session, turns

    def _open(
        self, dial: Dial, opening: Opening, phone_key: str, deadline: Deadline, used: int
    ) -> tuple[Session, list[Turn]]:
        run = self._run(dial, used, deadline)
        session, turn = self.engine.open(dial.session, phone_key, opening, run)
        return session, [turn]

    def _opening(self, dial: Dial, memory: Memory | None, phone_key: str, deadline: Deadline) -> Opening:
        if memory is None or memory.language is None:
            # Redis does not know this phone: the core may (a first dial, or after a flush).
            return Opening(language=self._recall(dial, phone_key, deadline))
        fresh = memory.session != dial.session and clock.epoch() - memory.at < self.resume_seconds
        return Opening(language=memory.language, resume=memory.resume if fresh else None)

    def _recall(self, dial: Dial, phone_key: str, deadline: Deadline) -> str | None:
        """The language this phone had when this session began, or None if the core knows none or is away."""
        ask = Ask(dial.session, dial.session, dial.phone, phone_key, self.book.default_language, deadline)
        return self.perform("recall_language", ask).language

    def _run(self, dial: Dial, trail_length: int, deadline: Deadline) -> Run:
        return Run(phone=dial.phone, perform=self.perform, deadline=deadline, trail_length=trail_length)


def _stumbles(turns: list[Turn]) -> int:
    """How many answers did not fit the screen they were given to."""
    return sum(edge.endswith("/retry") or edge.startswith("close:") for turn in turns for edge in turn.edges)
