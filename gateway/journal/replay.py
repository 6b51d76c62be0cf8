"""A dial step by step, as it happened and as it would go today: the same keys through today's menus.

By itself today's walk asks no core: its verbs answer with the outcomes and values of that day, so that what differs is the menus.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway import clock
from gateway.conversation.engine import Engine
from gateway.conversation.reworded import Reworded, reword, reword_alone
from gateway.conversation.screens import Ask as Question
from gateway.conversation.screens import Screen
from gateway.conversation.session import Opening, Page, Session, Turn
from gateway.conversation.verbs import Perform
from gateway.journal.journal import Journal
from gateway.journal.recollection import Recollection
from gateway.journal.record import Recorded
from gateway.journal.transcript import write_transcript

LONGEST_ID = 100  # of a session, as the core keeps it
# Typed in place of what was masked: any four digits are a PIN, and a CNIC is told by its last four.
_SOME_PIN = "2580"
_SOME_CNIC = "100000000"
_NO_ANSWER = "?"


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a dial.

    seconds     from the page before to this one, or None on the first
    now         the page that the same keys bring today, None where that was not asked or she would be through by then
    asked       verbs that today's menus ask and that day's record cannot answer
    of_then     verbs that today's data could not be asked for, since what was typed is not kept: answered as that day
    walked      whether today's menus were walked
    """

    recorded: Recorded
    seconds: float | None = None
    now: Page | None = None
    asked: tuple[str, ...] = ()
    of_then: tuple[str, ...] = ()
    walked: bool = False

    @property
    def differs(self) -> bool:
        """Whether she would see something else today."""
        return self.walked and self.now != self.recorded.turn.page


@dataclass(frozen=True, slots=True)
class Walked:
    """A step taken again. session: as it stands now, changed by the next step; page: None where it would be over by now."""

    step: Step
    session: Session
    page: Page | None
    asked: tuple[str, ...] = ()
    of_then: tuple[str, ...] = ()


class Replay:
    """Dials from the journal over today's book."""

    def __init__(self, journal: Journal, engine: Engine) -> None:
        self._journal = journal
        self._engine = engine
        self._screens: Mapping[str, Screen] = engine.book.screens

    def show(self, session_id: str) -> tuple[Step, ...]:
        """The steps as they happened; empty if the journal does not know the dial."""
        steps: list[Step] = []
        for recorded in self._journal.turns(session_id):
            before = steps[-1].recorded.at if steps else None
            steps.append(Step(recorded, (recorded.at - before).total_seconds() if before else None))
        return tuple(steps)

    def now(self, session_id: str) -> tuple[Step, ...]:
        """The steps with the page that today's menus would show at each, by that day's answers."""
        return self.again(self.show(session_id))

    def again(self, steps: Sequence[Step], today: Perform | None = None, phone: str = "") -> tuple[Step, ...]:
        """The steps with the page that today's menus would show at each. A text message has no way to walk: as they were.

        today: who answers for `phone` today, where today's answers are wanted; else the record answers.
        """
        walked = [
            replace(each.step, now=each.page, asked=each.asked, of_then=each.of_then, walked=True)
            for each in self.walk(steps, today, phone)
        ]
        return tuple(walked or steps)

    def walk(self, steps: Sequence[Step], today: Perform | None = None, phone: str = "") -> Iterator[Walked]:
        """Each step as today's menus take it, with the session as it stands after it. Nothing for a text message."""
        if not steps or steps[0].recorded.turn.opening is None:
            return
        first = steps[0].recorded.turn
        record = Recollection(today, phone)
        # Under another name than her session's: the core must not take today's questions for hers of that day.
        session, turn = self._engine.open(
            f"again:{first.session}"[:LONGEST_ID],
            steps[0].recorded.phone_key,
            first.opening or Opening(),
            record.run(first),
        )
        yield Walked(steps[0], session, turn.page, tuple(record.asked), tuple(record.of_then))
        for step in steps[1:]:
            past = step.recorded.turn
            if session.ended:
                yield Walked(step, session, None)
                continue
            turn = self._engine.take_turn(session, self._typed(past), record.run(past))
            yield Walked(step, session, turn.page, tuple(record.asked), tuple(record.of_then))

    def reworded(self, steps: Sequence[Step], into: str) -> tuple[Reworded | None, ...]:
        """Each page in another language, with the values she saw; None where today's book cannot write it."""
        book = self._engine.book
        texts: dict[int, Reworded | None] = {}
        for each in self.walk(steps):
            turn = each.step.recorded.turn
            if each.page is not None and each.session.frame is not None:
                texts[turn.number] = reword(book, turn, each.session.frame, into)
        for step in steps:  # what the walk did not come to: from the values of her own turns
            turn = step.recorded.turn
            if texts.get(turn.number) is None:
                texts[turn.number] = reword_alone(book, turn, into)
        return tuple(texts[step.recorded.turn.number] for step in steps)

    def as_test(self, session_id: str, caller: str = "?", cnics: Mapping[str, str] | None = None) -> str:
        """The dial as a golden transcript. cnics: last four digits -> key of the cast, for naming whose CNIC was typed.

        Raises LookupError if the journal does not know the dial.
        """
        turns = [step.recorded.turn for step in self.show(session_id)]
        if not turns:
            raise LookupError(session_id)
        return write_transcript(turns, self._check_of, self._extension(turns[0]), caller, cnics or {})

    def _typed(self, past: Turn) -> str:
        """Keys as good as those of that day: what was masked is made up, so that it passes or fails as it did then."""
        if not past.keys.startswith("*"):
            return past.keys
        if _was_refused(past):
            return _NO_ANSWER
        check = self._check_of(past.screen_from)
        if check == "cnic" or (check is None and len(past.keys) == 5):
            return _SOME_CNIC + past.keys[1:]
        return _SOME_PIN if past.keys == "*" else past.keys

    def _check_of(self, screen: str) -> str | None:
        """What a screen asks for, or None where it asks for nothing or is no more."""
        found = self._screens.get(screen)
        return found.check if isinstance(found, Question) else None

    def _extension(self, first: Turn) -> str:
        screen = first.opening.screen if first.opening else None
        return next((keys for keys, name in self._engine.book.shortcuts.items() if name == screen), "")


def _was_refused(past: Turn) -> bool:
    """Whether the keys were turned down before any verb heard of them."""
    return not past.calls and any(edge.endswith("/retry") or edge.startswith("close:") for edge in past.edges)


def lines(steps: Sequence[Step]) -> list[str]:
    """The steps for a terminal: what was typed, how long it took, the page, and today's page where it is another."""
    told: list[str] = []
    for step in steps:
        turn, at = step.recorded.turn, step.recorded.at.astimezone(clock.PAKISTAN)
        waited = f" after {step.seconds:.0f} s" if step.seconds is not None else ""
        told.append(
            f"{turn.number}. {at:%H:%M:%S}{waited}  typed {turn.keys or 'nothing'}  {turn.millis:.0f} ms"
        )
        told.append(f"   {turn.screen_from} -> {turn.screen_to}  by {'  '.join(turn.edges)}")
        told += [f"   {call.verb}: {call.outcome} in {call.millis:.0f} ms" for call in turn.calls]
        if step.recorded.owed:
            told.append(f"   the answer of {step.recorded.owed} was owed by SMS")
        told += _page(turn.page, "|")
        if step.differs and step.now is None:
            told.append("   now: the session would be over")
        elif step.differs and step.now:
            told.append(f"   now: {step.now.screen}")
            told += _page(step.now, "+")
        told += [f"   now: asks {verb}, which that day was not asked" for verb in step.asked]
        told.append("")
    return told


def _page(page: Page, mark: str) -> list[str]:
    first, *rest = page.text.split("\n")
    return [f"   {mark} {'END' if page.end else 'CON'} {first}", *(f"   {mark} {line}" for line in rest)]
