"""Pay points that callers complain of: flagged for a caller, seen in their queue, lifted once looked into."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console import case_words, confirm, reached
from gateway.console.access import allowed, member, note
from gateway.console.words import _
from gateway.core.port.pay_points import FlagReason
from gateway.services import Services


def add(console: Blueprint, services: Services) -> None:
    pay_points = services.core.pay_points

    @console.route("/persons/<int:person>/pay-point", methods=["GET", "POST"])
    @allowed("flag_pay_point")
    def flag_pay_point(person: int) -> AnyResponse | str:
        if request.method == "GET":
            note("form_opened", f"person:{person}")
        near = [(each.code, each.name) for each in pay_points.near(person)]
        if not near:
            abort(404)
        back = reached.caller_page(person)
        code, reason = request.form.get("code", ""), request.form.get("reason", "")
        if code not in dict(near) or reason not in set(FlagReason):
            return render_template(
                "console_flag.html",
                near=near,
                reasons=[(each, _(label)) for each, label in case_words.FLAGS.items()],
            )
        if not confirm.confirmed():
            facts = [(_("Where"), dict(near)[code]), (_("What happened"), _(case_words.FLAGS[reason]))]
            return confirm.ask(_("Flag the pay point"), _("Flag it"), request.path, facts=facts)
        key = confirm.key()
        if pay_points.flag(code, person, FlagReason(reason), by=member().mark, key=key):
            note("pay_point_flagged", f"pay_point:{code}", reason=reason, about=f"person:{person}")
            flash(_("Done. Nothing was sent."))
        else:
            flash(_("Done. She flagged it already."))
        return redirect(back, 303)

    @console.post("/pay-points/<string(maxlength=40):code>/lift")
    @allowed("assign_case")
    def lift_pay_point(code: str) -> AnyResponse | str:
        back = url_for("console.queues_one", name="pay_points")
        if not confirm.confirmed():
            return confirm.ask(_("Take the flags off"), _("Yes, do it"), back)
        if count := pay_points.lift(code, by=member().mark, key=confirm.key()):
            note("pay_point_lifted", f"pay_point:{code}", flags=count)
            flash(_("Done. Nothing was sent."))
        return redirect(back, 303)
