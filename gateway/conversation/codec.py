"""A session as bytes and back: a list in JSON, quick and small. What another release wrote may be unreadable, and then
the session counts as lost and is walked again.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from pydantic_core import from_json, to_json

from gateway.conversation.session import Deferred, Frame, Session

VERSION = 1

_NAMES = [each.name for each in fields(Session)]
_PLACES = len(_NAMES)
_FRAME, _FRAMES, _GRANTED = (_NAMES.index(name) for name in ("frame", "frames", "granted"))

_T = TypeVar("_T")


class UnreadableSession(ValueError):
    """Bytes that no `dump` of this release wrote."""


def dump(session: Session) -> bytes:
    frame = session.frame
    return to_json(
        [
            VERSION,
            session.id,
            session.phone_key,
            session.language,
            session.screen,
            None if frame is None else _pack(frame),
            [_pack(below) for below in session.frames],
            session.pending,
            session.resume,
            session.chosen,
            sorted(session.granted) if session.granted else (),
            session.person,
            session.kept,
            session.tries,
            session.turn,
            session.trail_length,
            session.trail_mark,
            session.shown,
            session.ended,
            session.decided,
            session.menu_version,
            session.medium,
        ]
    )


def load(raw: bytes) -> Session:
    """What `dump` wrote. Raises UnreadableSession for anything else."""
    return _guarded(_unpack, raw)


def dump_deferred(deferred: Deferred, phone: str) -> str:
    """A deferred answer with the phone to send it to. It may hold a CNIC: seal it before it is stored."""
    return to_json(
        [
            VERSION, phone, deferred.verb, deferred.screen, deferred.key, deferred.person, deferred.answer,
            deferred.picked, deferred.kept, deferred.language,
        ]
    ).decode()  # fmt: skip


def load_deferred(text: str) -> tuple[Deferred, str]:
    """(deferred answer, phone). Raises UnreadableSession for what `dump_deferred` did not write."""
    return _guarded(lambda rest: (Deferred(*rest[1:]), str(rest[0])), text)


def _guarded(unpack: Callable[[list[Any]], _T], raw: bytes | str) -> _T:
    try:
        version, *rest = from_json(raw)
        if version == VERSION:
            return unpack(rest)
    except (ValueError, TypeError) as error:
        raise UnreadableSession(type(error).__name__) from None
    raise UnreadableSession(f"version {version}")


def _unpack(rest: list[Any]) -> Session:
    """The places in the order of the fields."""
    if len(rest) != _PLACES:
        raise ValueError(f"{len(rest)} places")
    frame, frames, granted = rest[_FRAME], rest[_FRAMES], rest[_GRANTED]
    rest[_FRAME] = None if frame is None else _frame(frame)
    rest[_FRAMES] = [_frame(below) for below in frames]
    rest[_GRANTED] = set(granted)
    return Session(*rest)


def _pack(frame: Frame) -> str | list[Any]:
    """Of most frames the screen's name is all: a first page, come to straight, that holds no values."""
    if frame.page or frame.values or frame.notice or frame.entry != frame.screen:
        return [frame.screen, frame.entry, frame.page, frame.values, frame.notice]
    return frame.screen


def _frame(packed: str | list[Any]) -> Frame:
    return Frame(packed, packed) if isinstance(packed, str) else Frame(*packed)
