"""Dials in which somebody said something in confidence: whoever may not see that sees nothing of the dial."""

from collections.abc import Iterable

from gateway.journal.record import Recorded

VERBS = frozenset({"report_protection"})


def said_in_confidence(turns: Iterable[Recorded]) -> bool:
    return any(call.verb in VERBS for recorded in turns for call in recorded.turn.calls)
