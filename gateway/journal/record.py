"""A turn on its way to SQL and back: a list in JSON, its places pinned here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json, to_json

from gateway import clock
from gateway.conversation.session import Call, Opening, Page, Turn

VERSION = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """A turn as the journal keeps it. at: when its page was made; `turn.deferred` is never kept, but `owed` says its verb."""

    phone_key: str
    at: datetime
    turn: Turn
    owed: str | None = None


def write_entry(turn: Turn, phone_key: str) -> bytes:
    """The turn, as of now, for the stream. Leaves out what was deferred, for that may hold a CNIC."""
    page, opening = turn.page, turn.opening
    return to_json(
        (
            VERSION,
            turn.session,
            turn.number,
            phone_key,
            clock.epoch(),
            turn.screen_from,
            turn.screen_to,
            turn.edges,
            turn.keys,
            page.text,
            page.end,
            page.screen,
            turn.language,
            turn.trail_length,
            turn.millis,
            [pack_call(call) for call in turn.calls] if turn.calls else (),
            turn.menu_version,
            turn.deferred.verb if turn.deferred else None,
            (opening.language, opening.resume, opening.screen) if opening else None,
        ),
        fallback=str,
    )


def read_entry(entry: bytes) -> Recorded:
    """What `write_entry` wrote. Raises ValueError where it did not."""
    version, *rest = from_json(entry)
    if version != VERSION:
        raise ValueError(f"a journal entry of version {version}")
    (session, number, phone_key, at, screen_from, screen_to, edges, keys, text, end, screen, language, trail_length,
     millis, calls, menu_version, owed, opening) = rest  # fmt: skip
    turn = Turn(
        session=session,
        number=number,
        screen_from=screen_from,
        screen_to=screen_to,
        edges=tuple(edges),
        keys=keys.replace("\0", "\N{REPLACEMENT CHARACTER}"),  # PostgreSQL stores no NUL
        page=Page(text=text, end=end, screen=screen),
        language=language,
        trail_length=trail_length,
        millis=round(millis, 2),
        calls=tuple(read_call(call) for call in calls),
        menu_version=menu_version,
        opening=Opening(*opening) if opening else None,
    )
    return Recorded(phone_key, datetime.fromtimestamp(round(at, 3), UTC), turn, owed)


def pack_call(call: Call) -> dict[str, Any]:
    """A call with the parts that say something; never what it asked to keep, which may be a mark of a PIN."""
    packed: dict[str, Any] = {"verb": call.verb, "outcome": call.outcome, "millis": round(call.millis, 2)}
    for name in ("values", "person", "grants", "language"):
        if value := getattr(call, name):
            packed[name] = value
    return packed


def read_call(packed: Mapping[str, Any]) -> Call:
    return Call(**{**packed, "grants": tuple(packed.get("grants", ()))})
