"""Cases as the member who asks may see them, and the colleagues who may be given one."""

from flask import abort, request

from gateway.console import confidence
from gateway.console.access import member, services
from gateway.console.case_words import QUEUES
from gateway.core.port import CaseFile
from gateway.core.port.casework import CONFIDENTIAL
from gateway.core.port.casework import QUEUES as OF_CASES
from gateway.staff.members import Member
from gateway.staff.roles import Permission


def counts() -> dict[str, int]:
    """How many wait in each queue that she may open, in the order of the queues."""
    core, sees = services().core, confidence.sees()
    found = {
        **core.casework.counts(member().mark, confidential=sees),
        "call_backs": core.call_backs.count(female=sees),
        "pay_points": core.pay_points.count(),
    }
    return {name: found[name] for name in QUEUES if sees or name != CONFIDENTIAL}


def opened(reference: str) -> CaseFile:
    """A case; 404 for one that is not there for her."""
    try:
        return services().core.casework.file(reference, confidential=confidence.sees())
    except LookupError:
        abort(404)


def queue() -> str:
    """The queue of cases that she works through: the address or the form names it. Empty for none that is hers to see."""
    name = request.values.get("queue", "")
    return name if name in OF_CASES and (name != CONFIDENTIAL or confidence.sees()) else ""


def everybody() -> list[Member]:
    return services().staff.accounts.all()


def answering(members: list[Member]) -> list[Member]:
    """Those who may be given a case."""
    return [one for one in members if not one.disabled and one.may(Permission.ANSWER_CASE)]


def assignee(number: str) -> Member | None:
    """The member that a form names; None for nobody, 400 for who answers no cases."""
    if not number:
        return None
    return next((one for one in answering(everybody()) if str(one.id) == number), None) or abort(400)
