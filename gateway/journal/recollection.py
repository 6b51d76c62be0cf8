"""Verbs that answer as they did that day; or, given somebody to ask, as they would today, but for what nobody may know again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway import clock
from gateway.conversation.engine import Run
from gateway.conversation.session import Call, Turn
from gateway.conversation.verbs import UNREACHABLE, Ask, Outcome, Perform
from gateway.errors import CoreUnreachable

_SECONDS = 60.0


@dataclass(slots=True)
class Recollection:
    """The record of one dial, turn by turn.

    today       answers anew, where today's answers are wanted; what was typed masked (a PIN, a CNIC) is answered as then
    asked       verbs of this turn that the record cannot answer; of_then those that only the record could
    """

    today: Perform | None = None
    phone: str = ""
    calls: list[Call] = field(default_factory=list)
    known: dict[str, Call] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    of_then: list[str] = field(default_factory=list)
    masked: bool = False

    def run(self, past: Turn) -> Run:
        """For the turn that repeats `past`."""
        self.calls, self.asked, self.of_then = list(past.calls), [], []
        self.masked = past.keys.startswith("*")
        return Run(self.phone, self.perform, clock.deadline(_SECONDS), past.trail_length)

    def perform(self, verb: str, ask: Ask) -> Outcome:
        """A `Perform`: from the same turn, else as the same verb answered last. Raises CoreUnreachable as the core did."""
        call = next((call for call in self.calls if call.verb == verb), None)
        if call:
            self.calls.remove(call)
            self.known[verb] = call
        if self.today:
            if not (self.masked and ask.answer is not None):
                return self.today(verb, ask)
            self.of_then.append(verb)
        call = call or self.known.get(verb)
        if call is None:
            self.asked.append(verb)
            raise CoreUnreachable(verb)
        if call.outcome == UNREACHABLE:
            raise CoreUnreachable(verb)
        return Outcome(call.outcome, call.values, call.person, call.grants, call.language)


def vouched_for(calls: Iterable[Call]) -> frozenset[int]:
    """The persons who gave their right PIN in these calls, in order."""
    speaking: int | None = None
    proven = set()
    for call in calls:
        if call.person is not None:
            speaking = call.person
        if speaking is not None and "pin" in call.grants:
            proven.add(speaking)
    return frozenset(proven)
