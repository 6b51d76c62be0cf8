"""Walking on from a step of hers, on a phone that writes nothing: its whole state is a sealed text that the page gives back.

The core behind it keeps nothing; here no store is touched at all. The gates she passed in her session stay passed, and no
PIN is ever typed: a question for one is answered as hers was, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from pydantic_core import from_json, to_json

from gateway import clock
from gateway.conversation.codec import UnreadableSession, dump, load
from gateway.conversation.engine import Engine, Run
from gateway.conversation.screens import Ask as Question
from gateway.conversation.session import Page, Session
from gateway.conversation.verbs import Ask, Outcome, Perform
from gateway.journal.recollection import vouched_for
from gateway.journal.replay import Replay, Step
from gateway.privacy import Vault

MINUTES = 30
MOST_KEYS = 60
LONGEST_KEYS = 182
NOBODYS_PHONE = "+920000000000"
_SECONDS = 5.0
# Typed where a new PIN is asked for: it goes nowhere.
_SOME_PIN = "4826"


class TrialOver(Exception):
    """The state is too old, somebody else's, or none of ours."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One walk. member: whose it is; origin and step: where it began; until: seconds since 1970.

    vouched     persons who gave their right PIN in that session: a question for theirs is passed
    pages       (keys as the journal would keep them, page) so far, the first without keys
    """

    member: int
    origin: str
    step: int
    until: float
    vouched: frozenset[int]
    session: Session
    pages: tuple[tuple[str, Page], ...]

    @property
    def page(self) -> Page:
        return self.pages[-1][1]


class Trials:
    """Begins walks and takes their keys. perform: verbs on a core that keeps nothing."""

    def __init__(self, engine: Engine, vault: Vault, perform: Perform) -> None:
        self._engine = engine
        self._vault = vault
        self._perform = perform

    def begin(self, member: int, replay: Replay, steps: Sequence[Step], number: int) -> Trial | None:
        """From the step with this number; None where today's menus do not come to it, or it was an end."""
        for walked in replay.walk(steps):
            if walked.step.recorded.turn.number != number:
                continue
            session, page = walked.session, walked.page
            if page is None or session.ended:
                return None
            calls = [call for step in steps for call in step.recorded.turn.calls]
            until = clock.epoch() + MINUTES * 60
            origin = steps[0].recorded.turn.session
            return Trial(member, origin, number, until, vouched_for(calls), session, (("", page),))
        return None

    def press(self, trial: Trial, keys: str, phone: str | None) -> Trial:
        """The next page. Where a secret is asked for, whatever keys are given, nothing of them is looked at."""
        session = trial.session
        asks = self.secret(trial)
        if asks and keys not in {"0", "00"}:
            if asks == "closed":
                return trial
            keys = _SOME_PIN
        run = Run(
            phone or NOBODYS_PHONE,
            self._answering(trial.vouched),
            clock.deadline(_SECONDS),
            session.trail_length + len(keys) + 1,
        )
        turn = self._engine.take_turn(session, keys[:LONGEST_KEYS], run)
        return replace(trial, pages=(*trial.pages, (turn.keys, turn.page))[-MOST_KEYS:])

    def secret(self, trial: Trial) -> str:
        """How the question now asked stands: `hers` (her PIN, which she gave), `new`, `closed` (she never gave it), or no secret: ``."""
        screen = self._engine.book.screens.get(trial.session.screen)
        if not isinstance(screen, Question) or not screen.secret:
            return ""
        if screen.check == "new_pin":
            return "new"
        return "hers" if trial.session.person in trial.vouched else "closed"

    def seal(self, trial: Trial) -> str:
        pages = [(keys, page.text, page.end, page.screen) for keys, page in trial.pages]
        return self._vault.seal(
            to_json(
                [
                    trial.member, trial.origin, trial.step, trial.until, sorted(trial.vouched),
                    dump(trial.session).decode(), pages,
                ]
            ).decode()
        )  # fmt: skip

    def open(self, sealed: str, member: int) -> Trial:
        """What `seal` gave this member. Raises TrialOver."""
        try:
            hers, origin, step, until, vouched, session, pages = from_json(self._vault.open(sealed))
            walked = tuple((keys, Page(text, end, screen)) for keys, text, end, screen in pages)
            found = Trial(hers, origin, step, until, frozenset(vouched), load(session.encode()), walked)
        except (KeyError, InvalidTag, ValueError, TypeError, UnreadableSession):
            raise TrialOver from None
        if found.member != member or clock.epoch() > found.until:
            raise TrialOver
        return found

    def _answering(self, vouched: frozenset[int]) -> Perform:
        def perform(verb: str, ask: Ask) -> Outcome:
            if verb == "check_pin":  # never asked with what a member of the staff might type
                return (
                    Outcome("right", grants=("pin",))
                    if ask.person in vouched
                    else Outcome("wrong", {"tries": 1})
                )
            return self._perform(verb, ask)

        return perform
