"""The queues: mine, my team's, what is late, what is told in confidence; applications, changes, call-backs."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import case_words, casebook, confidence, confirm
from gateway.console.access import allowed, member, note
from gateway.console.case_words import QUEUES
from gateway.console.words import _
from gateway.core.port import Asked, CallBack, CasePage, RequestPage
from gateway.core.port.casework import CONFIDENTIAL, MINE
from gateway.privacy import mask_phone
from gateway.services import Services
from gateway.staff.members import Member
from gateway.staff.roles import Permission

_REQUESTS = {"application": Asked.APPLICATION, "change": Asked.CHANGE}
_CALL_BACKS, _PAY_POINTS = "call_backs", "pay_points"


def add(console: Blueprint, services: Services) -> None:
    @console.get("/queues")
    @allowed("queues", act="queue_read", subject="queue:mine")
    def queues() -> str:
        return _shown(services, MINE)

    @console.get(f"/queues/<any({', '.join(QUEUES)}):name>")
    @allowed("queues", act="queue_read", subject="queue:{name}")
    def queues_one(name: str) -> str:
        return _shown(services, name)

    @console.post("/call-backs/<int:number>/number")
    @allowed("book_call_back")
    def call_back_number(number: int) -> str:
        return _in_full(services, number)

    @console.post("/queues/assign")
    @allowed("assign_case")
    def queues_assign() -> AnyResponse | str:
        return _give(services)


def _give(services: Services) -> AnyResponse | str:
    """Give the ticked cases to a member, or back to the team."""
    chosen = request.form.getlist("case")[:50]
    to = casebook.assignee(request.form.get("to", ""))
    back = url_for("console.queues_one", name=casebook.queue() or MINE)
    if not chosen:
        flash(_("No case was ticked."), "bad")
        return redirect(back, 303)
    sees = confidence.sees() and (to is None or to.may(Permission.SEE_CONFIDENTIAL))
    if not confirm.confirmed():
        files = [casebook.opened(reference) for reference in chosen]
        if not sees and any(each.row.confidential for each in files):
            return _unseen(back)
        told = [
            confirm.telling(each.phone, "request_moved", reference=each.row.reference, state="assigned")
            for each in files
            if to is not None and each.row.state in {"new", "reopened"}
        ]
        return confirm.ask(
            _giving(len(files), to),
            _("Give it") if len(files) == 1 else _("Give them"),
            back,
            told,
            [(_("Cases"), ", ".join(each.row.reference for each in files))],
        )
    try:
        count = services.core.casework.assign(
            chosen, to.mark if to else None, by=member().mark, key=confirm.key(), confidential=sees
        )
    except LookupError:
        return _unseen(back)
    if count:
        for reference in chosen:
            note("case_assigned", f"case:{reference}", to=to.mark if to else "")
    flash(_("The case changed hands.") if count == 1 else _("{count} cases changed hands.", count=count))
    return redirect(back, 303)


def _unseen(back: str) -> AnyResponse:
    flash(_("One of these cases is in confidence, and she may not see it."), "bad")
    return redirect(back, 303)


def _giving(count: int, to: Member | None) -> str:
    if count == 1:
        return (
            _("Give the case to {name}", name=to.display_name) if to else _("Give the case back to the team")
        )
    if to:
        return _("Give {count} cases to {name}", count=count, name=to.display_name)
    return _("Give {count} cases back to the team", count=count)


def _in_full(services: Services, number: int) -> str:
    """The queue of call-backs with the number of one that waits in it, to be rung."""
    waiting = services.core.call_backs.waiting(female=confidence.sees())
    if number not in {call.id for call in waiting}:
        abort(404)
    note("call_back_number_shown", f"call_back:{number}")
    return _shown(services, _CALL_BACKS, number)


def _shown(services: Services, name: str, in_full: int | None = None) -> str:
    """A queue. in_full: the call-back whose number is shown."""
    confidential = confidence.sees()
    if name == CONFIDENTIAL and not confidential:
        abort(403)
    casework, call_backs = services.core.casework, services.core.call_backs
    after = request.args.get("after", "")
    page: CasePage | RequestPage | None = None
    calls: tuple[CallBack, ...] = ()
    try:
        if name in _REQUESTS:
            page = casework.requests(_REQUESTS[name], after=after)
        elif name == _CALL_BACKS:
            calls = call_backs.waiting(female=confidential)
        elif name != _PAY_POINTS:
            page = casework.queue(name, member().mark, confidential=confidential, after=after)
    except ValueError:
        abort(404)
    everybody = casebook.everybody()
    return render_template(
        "console_queues.html",
        name=name,
        tabs=[(each, _(QUEUES[each]), count) for each, count in casebook.counts().items()],
        title=_(QUEUES[name]),
        page=page,
        calls=calls,
        callers={
            kin.id: kin for kin in services.core.desk.masked({each.person for each in calls if each.person})
        },
        in_full=in_full,
        points=services.core.pay_points.flagged() if name == _PAY_POINTS else (),
        flags=case_words.FLAGS,
        asked=_REQUESTS.get(name),
        names={one.mark: one.display_name for one in everybody},
        members=[(str(one.id), one.display_name) for one in casebook.answering(everybody)],
        today=clock.today(),
        mask_phone=mask_phone,
        windows=case_words.WINDOWS,
        channels=case_words.CHANNELS,
        **case_words.FUNCTIONS,
    )
