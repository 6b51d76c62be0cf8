"""A session as bytes and back: a list in JSON, quick and small. What another release wrote may be unreadable, and then
the session counts as lost and is walked again.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic_core import from_json, to_json

from gateway.conversation.session import Deferred, Frame, Session

VERSION = 1

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
            [_pack(each) for each in session.frames],
            session.pending,
            session.resume,
            session.chosen,
            sorted(session.granted),
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
    (sid, phone_key, language, screen, frame, frames, pending, resume, chosen, granted, person, kept, tries, turn,
     trail_length, trail_mark, shown, ended, decided, menu_version, medium) = rest  # fmt: skip
    return Session(
        id=sid,
        phone_key=phone_key,
        language=language,
        screen=screen,
        frame=None if frame is None else Frame(*frame),
        frames=[Frame(*each) for each in frames],
        pending=pending,
        resume=resume,
        chosen=chosen,
        granted=set(granted),
        person=person,
        kept=kept,
        tries=tries,
        turn=turn,
        trail_length=trail_length,
        trail_mark=trail_mark,
        shown=shown,
        ended=ended,
        decided=decided,
        menu_version=menu_version,
        medium=medium,
    )


def _pack(frame: Frame) -> list[Any]:
    return [frame.screen, frame.entry, frame.page, frame.values, frame.notice]
