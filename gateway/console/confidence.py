"""What names a case in confidence: a message, a page of a dial. It is not there for who may not see such cases."""

from collections.abc import Iterable

from gateway.console.access import member, services
from gateway.journal.passed import Passed
from gateway.messages.history import Kept
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
    words = [(one, f"{one.subject} {one.body}") for one in messages]
    secret = hidden(text for _, text in words)
    return [one for one, text in words if not any(reference in text for reference in secret)]
