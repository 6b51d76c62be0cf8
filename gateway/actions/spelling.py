"""A name of a place as somebody typed or picked it: the one meant, or the nearest spellings to pick from."""

from collections.abc import Sequence
from typing import Any

from gateway.conversation.values import text
from gateway.conversation.verbs import Ask, Outcome

# The list of spellings that a screen offers where a name is not known.
SPELLINGS = {"places": {"place": text(24)}}


def typed(ask: Ask) -> str:
    """What was picked from the spellings offered, else what was typed."""
    return ask.picked or ask.answer or ""


def settle(names: tuple[str, ...], rows: str, column: str) -> str | Outcome | None:
    """The one name; `similar` with a row for each where several are near; None where none is.

    rows, column    the list and its column that the verb declares
    """
    if len(names) > 1:
        listed: tuple[dict[str, Any], ...] = tuple({"id": name, column: name} for name in names)
        return Outcome("similar", {rows: listed})
    return names[0] if names else None


def is_exact(names: Sequence[str], wanted: str) -> bool:
    """Whether a look-up by name found just what was typed, whatever its capitals."""
    return len(names) == 1 and _plain(names[0]) == _plain(wanted)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
