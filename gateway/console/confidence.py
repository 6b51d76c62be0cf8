"""What names a case in confidence: a message, a page of a dial. It is not there for who may not see such cases."""

from collections.abc import Iterable

from gateway.console.access import member, services
from gateway.journal.passed import Passed
from gateway.messages.history import Kept, without
from gateway.staff.roles import Permission


def sees() -> bool:
    return member().may(Permission.SEE_CONFIDENTIAL)


def withheld(session: Passed) -> bool:
    """Whether a dial is, for this member, as if there were none."""
    return session.confidential and not sees()


def hidden(texts: Iterable[str]) -> frozenset[str]:
    """References that texts name and this member must not learn of."""
    if sees():
        return frozenset()
    return services().core.casework.in_confidence(texts)


def seen(messages: Iterable[Kept]) -> list[Kept]:
    """Without those that name such a case."""
    return without(messages, hidden)
