"""Cases opened and moved on by other systems."""

from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask
from apiflask.fields import String
from marshmallow import validate

from gateway.api.access import Gate, may_see_confidential, token
from gateway.api.cases import WHOLE, CaseRead, visible, whole
from gateway.api.fields import PHONE, Closed, Shown, formed
from gateway.api.keys import Keyed
from gateway.api.ports import Ports
from gateway.api.problems import Problem, unfit
from gateway.api.texts import day_field, reviewed, text_field
from gateway.core.port import CaseEntry, CaseState, ReviewedText
from gateway.messages.by_hand import NotSent
from gateway.services import Services
from gateway.staff.roles import Permission, Scope, may

_SUBJECT = r"^[a-z]{1,20}:[0-9]{1,18}$"
# Which right a move takes beside the scope. `assigned` names somebody of the staff, and is the console's.
_RIGHTS = {
    CaseState.IN_PROGRESS: Permission.ANSWER_CASE,
    CaseState.RESOLVED: Permission.ANSWER_CASE,
    CaseState.REOPENED: Permission.ANSWER_CASE,
    CaseState.ESCALATED: Permission.ASSIGN_CASE,
    CaseState.CLOSED: Permission.CLOSE_CASE,
}


def add(api: APIFlask, gate: Gate, services: Services, ports: Ports) -> None:
    cases = services.core.cases

    class Move(Closed):
        state = String(required=True, validate=validate.OneOf([str(state) for state in _RIGHTS]))
        note = String(validate=Shown(1, 500), metadata={"description": "for colleagues; kept sealed"})
        text = text_field(
            services,
            metadata={"description": "a reviewed text that she gets with it; takes messages.write as well"},
        )
        day = day_field()

    class CaseToOpen(Closed):
        category = String(required=True, validate=validate.OneOf(ports.case_list.categories()))
        phone = formed(PHONE, required=True, metadata={"description": "is told of each step"})
        subject = formed(_SUBJECT, metadata={"description": "what it is about, `instalment:12`"})
        words = String(
            validate=Shown(1, 500), metadata={"description": "what she said; kept sealed, never told here"}
        )

    @api.post("/api/v1/cases")
    @gate.needs(Scope.CASES_WRITE)
    @api.input(Keyed, location="headers", arg_name="headers", unknown="exclude")
    @api.input(CaseToOpen, arg_name="wanted", example={"category": "not_received", "phone": "+920000000000"})
    @api.output(CaseRead, status_code=201, example=WHOLE, description="It is open")
    @api.doc(tags=["cases"], summary="Open a case")
    def open_case(headers: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """One Idempotency-Key is one case. Where one about the same is open already, that one is answered.

        It is filed for the person whom the phone is linked to, where that is one.
        """
        category, phone = wanted["category"], wanted["phone"]
        if ports.case_list.is_confidential(category) and not may_see_confidential():
            raise Problem(403, "this token's role may not see what is filed in confidence")
        persons = services.core.registry.persons_on(phone)
        opened = cases.open(
            category,
            phone,
            f"api:{token().id}:{headers['key']}",
            channel="api",
            person=persons[0].id if len(persons) == 1 else None,
            subject=wanted.get("subject", ""),
            words=wanted.get("words", ""),
        )
        found = ports.case_list.one(opened.case.reference, confidential=may_see_confidential())
        # What stands under the key itself must be what is asked; another open case about the same is an answer.
        if found is None or (opened.outcome == "opened" and not _same(found, wanted)):
            raise Problem(409, "this Idempotency-Key came before with another case")
        gate.note("case_opened", f"case:{opened.case.reference}", outcome=opened.outcome)
        return whole(found)

    @api.post("/api/v1/cases/<reference>/moves")
    @gate.needs(Scope.CASES_WRITE)
    @api.input(
        Move, arg_name="move", example={"state": "resolved", "note": "The bank paid what was missing."}
    )
    @api.output(CaseRead, example=WHOLE, description="It moved; her phone is told")
    @api.doc(tags=["cases"], summary="Move a case on")
    def move_case(reference: str, move: dict[str, Any]) -> dict[str, Any]:
        """With a `text` both are done or neither: a phone gets only so many texts in a day, and is then refused more."""
        visible(ports, reference)
        state = CaseState(move["state"])
        if not may(token().role, _RIGHTS[state]):
            raise Problem(403, "this token's role may not move a case so")
        text = _text(services, move)
        try:
            cases.move(reference, state, token().mark, move.get("note", ""), text)
        except LookupError:
            raise Problem(404, "there is no such case") from None
        except ValueError:
            raise Problem(409, "the case cannot come to this state from where it is") from None
        except NotSent:
            raise Problem(409, "this phone gets no more texts today; move the case without one") from None
        gate.note("case_moved", f"case:{reference}", state=str(state), text=text.name if text else "")
        return whole(visible(ports, reference))


def _text(services: Services, move: Mapping[str, Any]) -> ReviewedText | None:
    """The text that goes with a move, None for none. Raises Problem for one that may not or cannot."""
    if "text" not in move:
        if "day" in move:
            raise unfit("day", "goes with a text")
        return None
    if not token().may(Scope.MESSAGES_WRITE):
        raise Problem(403, "this token may not send a text")
    return reviewed(services, move["text"], move.get("day"))


def _same(found: CaseEntry, wanted: Mapping[str, Any]) -> bool:
    asked = (wanted["category"], wanted["phone"], wanted.get("subject", ""))
    return (found.case.category, found.phone, found.case.subject) == asked
