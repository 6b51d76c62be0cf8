"""Cases to read. Those filed in confidence are there for roles that may see them, and for no other."""

import re
from typing import Any

from apiflask import APIFlask
from apiflask.fields import Boolean, Date, List, Nested, String
from marshmallow import validate

from gateway.api.access import Gate, may_see_confidential
from gateway.api.cursors import cursor, read_number
from gateway.api.fields import Closed, Paged
from gateway.api.ports import Ports
from gateway.api.problems import Problem
from gateway.core.port import Case, CaseEntry, CaseState
from gateway.privacy import mask_phone
from gateway.staff.roles import Scope

_STATES = [str(state) for state in CaseState]
_SHORT = {
    "reference": "48213907",
    "category": "not_received",
    "subject": "",
    "state": "in_progress",
    "urgent": False,
    "confidential": False,
    "channel": "api",
    "phone": "+92*******501",
    "opened_on": "2026-11-20",
    "target_on": "2026-12-05",
    "ombudsman_on": "2026-12-20",
    "moved_on": "2026-11-21",
}
WHOLE = _SHORT | {
    "steps": [{"state": "new", "by": "caller", "at": "2026-11-20T07:00:00+00:00"}],
}


class Step(Closed):
    state = String(required=True, validate=validate.OneOf(_STATES))
    by = String(required=True, metadata={"description": "`caller`, or who moved it"})
    at = String(required=True, metadata={"format": "date-time"})


class CaseShort(Closed):
    reference = String(required=True)
    category = String(required=True)
    subject = String(required=True)
    state = String(required=True, validate=validate.OneOf(_STATES))
    urgent = Boolean(required=True)
    confidential = Boolean(required=True)
    channel = String(required=True)
    phone = String(required=True, metadata={"description": "masked"})
    opened_on = String(required=True, metadata={"format": "date"})
    target_on = String(required=True, metadata={"format": "date"})
    ombudsman_on = String(required=True, metadata={"format": "date"})
    moved_on = String(required=True, metadata={"format": "date"})


class CaseRead(CaseShort):
    steps = List(Nested(Step), required=True)


class CasePage(Closed):
    cases = List(Nested(CaseShort), required=True)
    next = String(
        required=True, allow_none=True, metadata={"description": "cursor of the page after, or null"}
    )


class CaseQuery(Paged):
    state = String(validate=validate.OneOf(_STATES))
    since = Date(metadata={"description": "moved that day or later"})


def add(api: APIFlask, gate: Gate, ports: Ports) -> None:
    @api.get("/api/v1/cases")
    @gate.needs(Scope.CASES_READ, act="cases_listed", subject="cases:all")
    @api.input(CaseQuery, location="query", arg_name="query", unknown="raise")
    @api.output(CasePage, example={"cases": [_SHORT], "next": None})
    @api.doc(tags=["cases"], summary="Cases in the order they were opened")
    def list_cases(query: dict[str, Any]) -> dict[str, Any]:
        state = query.get("state")
        found = ports.case_list.page(
            confidential=may_see_confidential(),
            limit=query["limit"],
            after=read_number(query.get("cursor")),
            state=CaseState(state) if state else None,
            since=query.get("since"),
        )
        more = len(found) == query["limit"]
        return {"cases": [_short(each) for each in found], "next": cursor(found[-1].number) if more else None}

    @api.get("/api/v1/cases/<reference>")
    @gate.needs(Scope.CASES_READ)
    @api.output(CaseRead, example=WHOLE)
    @api.doc(tags=["cases"], summary="One case with its steps")
    def read_case(reference: str) -> dict[str, Any]:
        found = visible(ports, reference)
        gate.note("case_read", f"case:{reference}")
        return whole(found)


def visible(ports: Ports, reference: str) -> CaseEntry:
    """A case that this token may see. Raises Problem, the same for one that it may not and for none."""
    found = None
    if re.fullmatch(r"[0-9]{8}", reference, re.ASCII):
        found = ports.case_list.one(reference, confidential=may_see_confidential())
    if found is None:
        raise Problem(404, "there is no such case")
    return found


def _short(entry: CaseEntry) -> dict[str, Any]:
    case: Case = entry.case
    return {
        "reference": case.reference,
        "category": case.category,
        "subject": case.subject,
        "state": str(case.state),
        "urgent": case.urgent,
        "confidential": entry.confidential,
        "channel": entry.channel,
        "phone": mask_phone(entry.phone),
        "opened_on": case.opened_on.isoformat(),
        "target_on": case.target_on.isoformat(),
        "ombudsman_on": case.ombudsman_on.isoformat(),
        "moved_on": case.moved_on.isoformat(),
    }


def whole(entry: CaseEntry) -> dict[str, Any]:
    steps = [{"state": str(step.state), "by": step.by, "at": step.at.isoformat()} for step in entry.steps]
    return _short(entry) | {"steps": steps}
