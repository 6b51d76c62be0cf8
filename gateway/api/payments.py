"""Payment events of a core system: instalments that reached a state, signed, each taken once."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from apiflask import APIFlask
from apiflask.fields import Date, Integer, List, Nested, String
from flask import g, request
from marshmallow import ValidationError, validate, validates_schema

from gateway.api import signatures
from gateway.api.access import Gate, View
from gateway.api.fields import Closed, code, formed
from gateway.api.ports import Ports
from gateway.api.problems import Problem
from gateway.core.port import (
    EventsDiffer,
    EventsRefused,
    PaymentEvent,
    SignatureUsed,
    State,
    Unpaid,
)
from gateway.services import Services
from gateway.staff.roles import Scope

_MOST = 500
_CNIC = r"^[0-9]{5}-?[0-9]{7}-?[0-9]$"
# A quarter, or an event's code. Not `quarter-1`, which files may say: an event that comes again on another day must not mean another one.
_PERIOD = r"^([0-9]{4}Q[1-4]|[a-z0-9][a-z0-9_.-]{0,39})$"
_EXAMPLE = {
    "events": [
        {
            "id": "core-2026-000117",
            "cnic": "00000-0000000-0",
            "programme": "kafaalat",
            "period": "2026Q4",
            "state": "CREDITED",
            "at": "2026-11-20",
            "place": "konnect-mozang",
        }
    ]
}


class Event(Closed):
    id = formed(
        r"^[A-Za-z0-9._:-]{1,64}$",
        required=True,
        metadata={"description": "yours, one for each event, for good"},
    )
    cnic = formed(_CNIC, required=True, metadata={"description": "of the person who is paid"})
    programme = code(required=True)
    period = formed(_PERIOD, required=True, metadata={"description": "`2026Q4`, or an event's code"})
    amount = Integer(strict=True, validate=validate.Range(1, 10_000_000), metadata={"description": "rupees"})
    state = String(required=True, validate=validate.OneOf([str(state) for state in State]))
    at = Date(required=True, metadata={"description": "when it came to that state"})
    unpaid = String(validate=validate.OneOf([str(reason) for reason in Unpaid]))
    place = code(metadata={"description": "a pay point"})
    place_on = Date()
    until = Date()
    child = formed(_CNIC, metadata={"description": "B-form of the child that it is paid for"})
    kind = String(validate=validate.OneOf(["regular", "bonus"]))

    @validates_schema
    def _plain_period(self, given: dict[str, Any], **_: Any) -> None:
        if given.get("period", "").partition("-")[0].partition("+")[0] == "quarter":
            raise ValidationError("names a quarter by its distance, not by its year", "period")


class Batch(Closed):
    events = List(Nested(Event), required=True, validate=validate.Length(1, _MOST))


class TakenEvent(Closed):
    id = String(required=True)
    outcome = String(
        required=True,
        validate=validate.OneOf(["moved", "unchanged"]),
        metadata={"description": "`unchanged`: the state was known from elsewhere"},
    )


class TakenBatch(Closed):
    events = List(Nested(TakenEvent), required=True)


class Signed(Closed):
    """The signature as the description of the API names it; `signatures.check` reads it, over the bytes that came."""

    signature = String(
        data_key="X-Signature",
        required=True,
        metadata={
            "description": '`t=<Unix seconds>,k=<key id>,v1=<hex of HMAC-SHA-256(key, t + "." + body)>`, good once, for five minutes'
        },
    )


def add(api: APIFlask, gate: Gate, services: Services, ports: Ports) -> None:
    keys = services.settings.event_signers

    @api.post("/api/v1/payments/events")
    @gate.needs(Scope.PAYMENTS_WRITE)
    @_signed(keys)
    @api.input(Signed, location="headers", arg_name="headers", unknown="exclude")
    @api.input(Batch, arg_name="batch", example=_EXAMPLE)
    @api.output(
        TakenBatch, example={"events": [{"id": "core-2026-000117", "outcome": "moved"}]}, description="Taken"
    )
    @api.doc(tags=["payments"], summary="Instalments reached states")
    def take_events(headers: dict[str, Any], batch: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - see Signed
        """A batch is taken whole or not at all, in its order.

        An event that was taken before is answered as it was then; one that came with other content is refused (409).
        To send again after no answer, sign again: a signature is good for one batch that was taken.
        """
        signature, kid = g.signature
        events = [PaymentEvent(event.pop("id"), _cells(event)) for event in batch["events"]]
        try:
            taken = ports.payment_events.take(events, signature, f"api {kid}")
        except SignatureUsed:
            raise Problem(409, "this signature was used before: sign again") from None
        except EventsRefused as refused:
            faults = [
                {"index": fault.index, "field": fault.field, "what": fault.what} for fault in refused.faults
            ]
            differ = isinstance(refused, EventsDiffer)
            raise Problem(409 if differ else 422, "nothing of the batch was taken", faults) from None
        moved = sum(each.outcome == "moved" for each in taken)
        gate.note("payment_events_taken", f"key:{kid}", events=len(taken), moved=moved)
        return {"events": [{"id": each.id, "outcome": each.outcome} for each in taken]}


def _signed(keys: Mapping[str, bytes]) -> Callable[[View], View]:
    """Before the body is read as anything: only who holds a key is told what does not fit in it."""

    def guard(view: View) -> View:
        @wraps(view)
        def checked(**values: Any) -> Any:
            g.signature = signatures.check(request.headers.get("X-Signature", ""), request.get_data(), keys)
            return view(**values)

        return checked

    return guard


def _cells(event: dict[str, Any]) -> dict[str, str]:
    """The columns of a payments file."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) for name, value in event.items()
    }
