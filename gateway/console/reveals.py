"""Masked fields shown for a reason: the asking, and the page of those who grant what others ask."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console.access import allowed, member
from gateway.console.caller import show_caller
from gateway.console.fields import FIELDS, REASONS
from gateway.console.words import _, mark
from gateway.services import Services
from gateway.staff.reveals import SHORTEST_REASON, RevealRefused

_TOO_SHORT = mark("Say in at least 10 characters why it is needed.")
_WHY = {
    "reason": _TOO_SHORT,
    "own": mark("Nobody grants what she asked herself: another supervisor must look."),
}
_GONE = mark("It was decided already, or is too old.")


def add(console: Blueprint, services: Services) -> None:
    asking = services.staff.reveals

    @console.post("/persons/<int:person>/reveal")
    @allowed("reveal")
    def reveal(person: int) -> AnyResponse | tuple[str, int]:
        field, kind = request.form.get("field", ""), request.form.get("kind", "")
        if field not in FIELDS or kind not in REASONS or services.core.desk.identity(person) is None:
            abort(404)
        words = request.form.get("words", "").strip()
        if len(words) < SHORTEST_REASON:  # of her own, whatever was chosen from the list
            return show_caller(services, person, _(_TOO_SHORT)), 422
        try:
            asked = asking.ask(member(), f"person:{person}", field, f"{kind}: {words}")
        except RevealRefused as refusal:
            return show_caller(services, person, _why(refusal)), 422
        if asked.state == "asked":
            flash(_("A supervisor must agree. It shows here once she has; you need not wait on this page."))
        return redirect(url_for("console.caller", person=person), 303)

    @console.get("/reveals")
    @allowed("approve_reveal")
    def reveals() -> str:
        return _queue(services)

    @console.post("/reveals/<int:number>/<any(grant, refuse):what>")
    @allowed("approve_reveal")
    def reveals_decide(number: int, what: str) -> AnyResponse | tuple[str, int]:
        try:
            asking.decide(member(), number, grant=what == "grant")
        except RevealRefused as refusal:
            return _queue(services, _why(refusal)), 409
        flash(_("Granted. She sees it for ten minutes.") if what == "grant" else _("Refused."))
        return redirect(url_for("console.reveals"), 303)


def _why(refusal: RevealRefused) -> str:
    said = _WHY.get(refusal.why, _GONE)
    return _(said)


def _queue(services: Services, refusal: str = "") -> str:
    staff = services.staff
    return render_template(
        "console_reveals.html",
        waiting=staff.reveals.waiting(),
        names={one.id: one.display_name for one in staff.accounts.all()},
        second_person=staff.reveals.second_person,
        fields=FIELDS,
        kinds=REASONS,
        refusal=refusal,
    )
