"""One application or change of record, and the officer's decision on it. She is told of each."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console import case_words, confirm
from gateway.console.access import allowed, member, note
from gateway.console.said import Said
from gateway.console.words import _
from gateway.core.port import ApplicationState, Asked, ChangeState, RequestRow
from gateway.services import Services
from gateway.staff.roles import Permission

_KINDS = f"any({Asked.APPLICATION}, {Asked.CHANGE})"


def add(console: Blueprint, services: Services) -> None:
    casework = services.core.casework

    @console.get(f"/requests/<{_KINDS}:kind>/<string(maxlength=8):reference>")
    @allowed("queues", act="request_opened", subject="{kind}:{reference}")
    def asked(kind: str, reference: str) -> str:
        row, following = _found(services, Asked(kind), reference)
        judged = services.core.desk.judged(row.person) if kind == Asked.APPLICATION else ()
        return render_template(
            "console_request.html",
            row=row,
            her=next(iter(services.core.desk.masked([row.person])), None),
            decision=next((one for one in judged if one.programme == row.topic), None),
            reasons=member().may(Permission.SEE_REASONS),
            said=Said(services.book),
            channels=case_words.CHANNELS,
            refusal=ApplicationState.REJECTED,
            asked=Asked(kind),
            following=[(each, case_words.state(each)) for each in following],
            why=[("", _("choose")), *case_words.reasons()],
            **case_words.FUNCTIONS,
        )

    @console.post(f"/requests/<{_KINDS}:kind>/<string(maxlength=8):reference>")
    @allowed("move_application")
    def asked_moved(kind: str, reference: str) -> AnyResponse | str:
        row, following = _found(services, Asked(kind), reference)
        state = request.form.get("state", "")
        reason = request.form.get("reason", "") if state == ApplicationState.REJECTED else ""
        back = url_for("console.asked", kind=kind, reference=reference)
        if state == row.state:  # the second of two clicks
            return redirect(back, 303)
        if state not in following or (reason and reason not in dict(case_words.reasons())):
            flash(_("It has moved on; that cannot follow what it is now."), "bad")
            return redirect(back, 303)
        if state == ApplicationState.REJECTED and not reason:
            flash(_("A refusal needs its reason."), "bad")
            return redirect(back, 303)
        if not confirm.confirmed():
            told = [
                confirm.telling(phone, "request_moved", reference=reference, state=state)
                for phone in casework.phones_of(row.person)
            ]
            title = _("{reference}: {state}", reference=reference, state=case_words.state(state))
            return confirm.ask(title, _("Yes, do it"), back, told, [(_("Reason"), case_words.reason(reason))])
        confirm.key()
        try:
            if kind == Asked.APPLICATION:
                services.core.applications.move(reference, ApplicationState(state), member().mark, reason)
            else:
                services.core.changes.move(reference, ChangeState(state), member().mark)
        except ValueError:
            flash(_("It has moved on; that cannot follow what it is now."), "bad")
            return redirect(back, 303)
        note("request_moved", f"{kind}:{reference}", state=state, reason=reason)
        flash(_("Done. She is told by SMS."))
        return redirect(back, 303)


def _found(services: Services, asked: Asked, reference: str) -> tuple[RequestRow, tuple[str, ...]]:
    try:
        return services.core.casework.request(asked, reference)
    except LookupError:
        abort(404)
