"""Messages that went out, and reviewed ones to send."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from apiflask import APIFlask
from apiflask.fields import Integer, List, Nested, String
from marshmallow import validate

from gateway import telemetry
from gateway.api.access import Gate, hidden, token
from gateway.api.cursors import cursor, read_moment
from gateway.api.fields import PHONE, Closed, Paged, formed, instant
from gateway.api.keys import Keyed
from gateway.api.problems import Problem, unfit
from gateway.api.texts import day_field, reviewed, text_field
from gateway.messages.history import Kept, without
from gateway.messages.outbox import LANES
from gateway.messages.values import Message
from gateway.privacy import mask_phone
from gateway.services import Services
from gateway.staff.roles import Scope

_MOST = 2**63 - 1
_SHORT = {
    "id": 17,
    "phone": "+92*******501",
    "template": "help",
    "language": "en",
    "subject": "",
    "lane": "alert",
    "state": "delivered",
    "reason": "",
    "created_at": "2026-11-22T07:00:00+00:00",
    "sent_at": "2026-11-22T07:00:02+00:00",
    "settled_at": "2026-11-22T07:00:09+00:00",
}
_WHOLE = _SHORT | {"body": "8171: Send a CNIC (13 digits), ..."}


class MessageShort(Closed):
    id = Integer(required=True)
    phone = String(required=True, metadata={"description": "masked; empty where it can no longer be read"})
    template = String(required=True)
    language = String(required=True)
    subject = String(required=True, metadata={"description": "what it is about, `instalment:12`, or empty"})
    lane = String(required=True, validate=validate.OneOf(LANES))
    state = String(required=True)
    reason = String(required=True)
    created_at = String(required=True, metadata={"format": "date-time"})
    sent_at = String(required=True, allow_none=True, metadata={"format": "date-time"})
    settled_at = String(required=True, allow_none=True, metadata={"format": "date-time"})


class MessageRead(MessageShort):
    body = String(required=True, metadata={"description": "empty once its time was over"})


class MessagePage(Closed):
    messages = List(Nested(MessageShort), required=True)
    next = String(
        required=True, allow_none=True, metadata={"description": "cursor of the page after, or null"}
    )


class MessageQuery(Paged):
    since = instant("messages made then or later")


def add(api: APIFlask, gate: Gate, services: Services) -> None:
    history, by_hand = services.history, services.by_hand

    class MessageToSend(Closed):
        phone = formed(PHONE, required=True)
        template = text_field(services, required=True)
        day = day_field()
        language = formed(r"^[A-Za-z_]{2,20}$", metadata={"description": "left out: the one her phone chose"})

    @api.get("/api/v1/messages")
    @gate.needs(Scope.MESSAGES_READ, act="messages_listed", subject="messages:all")
    @api.input(MessageQuery, location="query", arg_name="query", unknown="raise")
    @api.output(MessagePage, example={"messages": [_SHORT], "next": None})
    @api.doc(tags=["messages"], summary="Messages, the oldest first")
    def list_messages(query: dict[str, Any]) -> dict[str, Any]:
        limit, after = query["limit"], read_moment(query.get("cursor"), int)
        found = history.page(limit=limit, since=query.get("since"), after=after)
        last = found[-1] if len(found) == limit else None
        return {
            "messages": [_short(each) for each in _open(services, found)],
            "next": cursor(last.created_at, last.id) if last else None,
        }

    @api.get("/api/v1/messages/<int:number>")
    @gate.needs(Scope.MESSAGES_READ)
    @api.output(MessageRead, example=_WHOLE)
    @api.doc(tags=["messages"], summary="One message")
    def read_message(number: int) -> dict[str, Any]:
        found = history.one(number) if number <= _MOST else None
        if found is None or not _open(services, [found]):
            raise Problem(404, "there is no such message")
        gate.note("message_read", f"message:{number}")
        return _whole(found)

    @api.post("/api/v1/messages")
    @gate.needs(Scope.MESSAGES_WRITE)
    @api.input(Keyed, location="headers", arg_name="headers", unknown="exclude")
    @api.input(
        MessageToSend,
        arg_name="wanted",
        example={"phone": "+920000000000", "template": "help", "language": "ur"},
    )
    @api.output(MessageRead, status_code=201, example=_WHOLE, description="It will be sent")
    @api.doc(tags=["messages"], summary="Send a reviewed text")
    def send_message(headers: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """One Idempotency-Key is one message: sent again it is answered with that message as it stands.

        A phone that asked for no alerts gets none.
        """
        phone, language = wanted["phone"], wanted.get("language")
        if language and language not in services.book.languages:
            raise unfit("language", "is not one that the gateway speaks")
        text = reviewed(services, wanted["template"], wanted.get("day"))
        chosen = language or by_hand.language(phone)
        key = f"api:{token().id}:{headers['key']}"
        message = Message(key, phone, by_hand.written(text, chosen), "alert", text.name, chosen)
        with services.database.writing() as connection:
            before = history.keyed(connection, key)
            if before is None:
                services.outbox.put(connection, [message])
                before = history.keyed(connection, key)
                assert before is not None  # noqa: S101 - it was put just before
                gate.note("message_sent", f"message:{before.id}", connection, template=text.name)
        same = (before.phone, before.template) == (phone, text.name) and language in {None, before.language}
        if not same or (text.day and before.body not in {"", by_hand.written(text, before.language)}):
            raise Problem(409, "this Idempotency-Key came before with another message")
        return _whole(before)


def _open(services: Services, messages: Iterable[Kept]) -> list[Kept]:
    """Without those that name a case in confidence, for who may not see such."""
    return without(messages, partial(hidden, services))


def _short(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "phone": mask_phone(kept.phone),
        "template": kept.template,
        "language": kept.language,
        "subject": kept.subject,
        "lane": kept.lane,
        "state": kept.state,
        "reason": telemetry.without_persons(kept.reason),
        "created_at": kept.created_at.isoformat(),
        "sent_at": kept.sent_at.isoformat() if kept.sent_at else None,
        "settled_at": kept.settled_at.isoformat() if kept.settled_at else None,
    }


def _whole(kept: Kept) -> dict[str, Any]:
    return _short(kept) | {"body": telemetry.without_persons(kept.body)}
