"""One's own account: password, second factor, language, sign out everywhere."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console.access import member, signed_in
from gateway.console.sign_in import left
from gateway.console.words import LANGUAGES, _, mark
from gateway.services import Services
from gateway.staff.accounts import AccountRefused
from gateway.staff.passwords import MOST

_WHY = {
    "wrong": mark("This is not your present password."),
    "short": mark("The new password needs at least 12 characters."),
    "long": mark("The new password has more than 200 characters."),
    "name": mark("The new password must not hold your name."),
    "plain": mark("The new password needs at least 6 different characters."),
}


def add(console: Blueprint, services: Services) -> None:
    staff = services.staff

    @console.get("/me")
    @signed_in
    def me() -> str:
        return _page()

    @console.post("/me/password")
    @signed_in
    def me_password() -> AnyResponse | tuple[str, int]:
        present, new = (request.form.get(name, "")[: MOST + 1] for name in ("password", "new_password"))
        if not member().password:
            abort(403)
        if new != request.form.get("new_password_again", ""):
            return _page(_("The two new passwords differ.")), 422
        try:
            staff.accounts.change_password(member(), present, new, g.sitting.id)
        except AccountRefused as refusal:
            return _page(_(_WHY[refusal.why])), 422
        flash(_("Your password is changed. Everywhere else you are signed out."))
        return redirect(url_for("console.me"), 303)

    @console.post("/me/language")
    @signed_in
    def me_language() -> AnyResponse:
        chosen = request.form.get("language", "")
        if chosen not in LANGUAGES:
            abort(400)
        staff.accounts.choose_language(member(), chosen)
        return redirect(url_for("console.me"), 303)

    @console.post("/me/sign-out-everywhere")
    @signed_in
    def me_out_everywhere() -> AnyResponse:
        staff.entrance.sign_out_everywhere(member())
        return left(services)


def _page(refusal: str = "") -> str:
    return render_template("console_me.html", refusal=refusal, languages=LANGUAGES)
