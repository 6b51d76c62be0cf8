"""What a case may be about, in words: an instalment, as the form that opens a case offers it."""

from gateway.console.access import services
from gateway.console.said import Said
from gateway.console.shown import money
from gateway.core.port.payments import Instalment

_OFFERED = 6
_KNOWN = 100


def offered(person: int | None) -> list[tuple[str, str]]:
    """Subject and words of her newest instalments."""
    return _instalments(person, _OFFERED)


def in_words(person: int | None, subject: str) -> str:
    """A subject as it was offered; as it stands where it is none of hers."""
    if not subject.startswith("instalment:"):
        return subject
    return dict(_instalments(person, _KNOWN)).get(subject, subject)


def _instalments(person: int | None, most: int) -> list[tuple[str, str]]:
    if person is None:
        return []
    said = Said(services().book)
    return [
        (f"instalment:{one.id}", _words(said, one)) for one in services().core.payments.history(person, most)
    ]


def _words(said: Said, one: Instalment) -> str:
    return f"{said.programme(one.programme)} {said.period(one.period)}, {money(one.amount)}"
