"""Dials as the journal has them: which there were, and one turn by turn. Nothing here names a phone.

The list says of no dial where it led: that alone may be something said in confidence.
"""

from typing import Any

from apiflask import APIFlask
from apiflask.fields import Boolean, Float, Integer, List, Nested, String
from apiflask.validators import OneOf

from gateway import clock, telemetry
from gateway.api.access import Gate, hidden, may_see_confidential
from gateway.api.cursors import cursor, read_moment
from gateway.api.fields import Closed, Paged
from gateway.api.problems import Problem
from gateway.journal.ending import Ending, ending_of
from gateway.journal.journal import Passed
from gateway.journal.replay import Replay, Step
from gateway.services import Services
from gateway.staff.roles import Scope

_SHORT = {
    "id": "ATUid_0f3c",
    "started_at": "2026-11-22T07:00:00+00:00",
    "last_at": "2026-11-22T07:00:41+00:00",
    "turns": 1,
    "language": "en",
    "ended": True,
    "closed": "success",
    "ending": "done",
    "answered": True,
    "lasted": 43.2,
    "menu_version": "3f2a",
}
_TURN = {
    "number": 1,
    "at": "2026-11-22T07:00:00+00:00",
    "seconds": None,
    "screen_from": "",
    "screen_to": "home",
    "edges": ["open"],
    "keys": "",
    "text": "Ehsaas 8171 ...",
    "ended": False,
    "language": "en",
    "millis": 1.2,
    "owed": None,
    "calls": [{"verb": "find_person", "outcome": "found", "millis": 0.8}],
}


class CallRead(Closed):
    verb = String(required=True)
    outcome = String(required=True)
    millis = Float(required=True)


class TurnRead(Closed):
    number = Integer(required=True)
    at = String(required=True, metadata={"format": "date-time"})
    seconds = Float(required=True, allow_none=True, metadata={"description": "since the page before"})
    screen_from = String(required=True)
    screen_to = String(required=True)
    edges = List(String(), required=True)
    keys = String(required=True, metadata={"description": "as kept: PINs and CNICs masked"})
    text = String(required=True, metadata={"description": "the page as she saw it"})
    ended = Boolean(required=True)
    language = String(required=True)
    millis = Float(required=True, metadata={"description": "what the gateway took"})
    owed = String(required=True, allow_none=True, metadata={"description": "verb whose answer went by SMS"})
    calls = List(Nested(CallRead), required=True)


class SessionShort(Closed):
    id = String(required=True)
    started_at = String(required=True, metadata={"format": "date-time"})
    last_at = String(required=True, metadata={"format": "date-time"})
    turns = Integer(required=True)
    language = String(required=True)
    ended = Boolean(required=True, metadata={"description": "whether the gateway ended it"})
    closed = String(required=True, allow_none=True, metadata={"description": "what the aggregator said"})
    ending = String(
        required=True,
        validate=OneOf([each.value for each in Ending]),
        metadata={
            "description": "who ended it: `done`, `promised`, `broken`, `refused` the gateway; `hung_up` she; `timed_out` the network;"
            " `left` one of these two; `failed` the aggregator; `silent` nobody said; `live` nobody yet"
        },
    )
    answered = Boolean(
        required=True, metadata={"description": "whether she was shown an answer, whoever ended it then"}
    )
    lasted = Float(
        required=True, allow_none=True, metadata={"description": "seconds, as the network counted them"}
    )
    menu_version = String(required=True)


class SessionRead(Closed):
    session = Nested(SessionShort, required=True)
    turns = List(Nested(TurnRead), required=True)


class SessionPage(Closed):
    sessions = List(Nested(SessionShort), required=True)
    next = String(
        required=True, allow_none=True, metadata={"description": "cursor of the page after, or null"}
    )


def add(api: APIFlask, gate: Gate, services: Services) -> None:
    journal, replay = services.journal, Replay(services.journal, services.engine)

    @api.get("/api/v1/sessions")
    @gate.needs(Scope.SESSIONS_READ, act="sessions_listed", subject="sessions:all")
    @api.input(Paged, location="query", arg_name="query", unknown="raise")
    @api.output(SessionPage, example={"sessions": [_SHORT], "next": None})
    @api.doc(tags=["sessions"], summary="Sessions, the newest first")
    def list_sessions(query: dict[str, Any]) -> dict[str, Any]:
        limit = query["limit"]
        found = journal.recent(
            limit, before=read_moment(query.get("cursor"), str), confidential=may_see_confidential()
        )
        last = found[-1] if len(found) == limit else None
        return {
            "sessions": [_short(each) for each in found],
            "next": cursor(last.last_at, last.id) if last else None,
        }

    @api.get("/api/v1/sessions/<session>")
    @gate.needs(Scope.SESSIONS_READ)
    @api.output(SessionRead, example={"session": _SHORT, "turns": [_TURN]})
    @api.doc(tags=["sessions"], summary="One session, turn by turn")
    def read_session(session: str) -> dict[str, Any]:
        found = journal.session(session) if session.isprintable() and len(session) <= 128 else None
        steps = replay.show(session) if found else ()
        pages = (step.recorded.turn.page.text for step in steps)
        if found is None or hidden(services, pages):
            raise Problem(404, "there is no such session")
        gate.note("session_read", f"session:{session}")
        return {"session": _short(found), "turns": [_turn(step) for step in steps]}


def _short(passed: Passed) -> dict[str, Any]:
    return {
        "id": passed.id,
        "started_at": passed.started_at.isoformat(),
        "last_at": passed.last_at.isoformat(),
        "turns": passed.turns,
        "language": passed.language,
        "ended": passed.ended,
        "closed": passed.closed,
        "ending": ending_of(passed, clock.now()).value,
        "answered": passed.answered,
        "lasted": passed.lasted,
        "menu_version": passed.menu_version,
    }


def _turn(step: Step) -> dict[str, Any]:
    turn = step.recorded.turn
    return {
        "number": turn.number,
        "at": step.recorded.at.isoformat(),
        "seconds": step.seconds,
        "screen_from": turn.screen_from,
        "screen_to": turn.screen_to,
        "edges": list(turn.edges),
        "keys": telemetry.without_persons(turn.keys),
        "text": telemetry.without_persons(turn.page.text),
        "ended": turn.page.end,
        "language": turn.language,
        "millis": turn.millis,
        "owed": step.recorded.owed,
        "calls": [{"verb": call.verb, "outcome": call.outcome, "millis": call.millis} for call in turn.calls],
    }
