"""The admin's pages: accounts made, closed, given another role, a new password, another second factor."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console.access import allowed, member
from gateway.console.shown import role
from gateway.console.words import _, mark
from gateway.services import Services
from gateway.staff.accounts import AccountRefused
from gateway.staff.members import Member
from gateway.staff.passwords import MOST
from gateway.staff.roles import Role

_WHY = {
    "taken": mark("There is an account of this name already."),
    "form": mark("A name has 3 to 60 small letters, digits, dots, underlines or dashes."),
    "short": mark("The password needs at least 12 characters."),
    "long": mark("The password has more than 200 characters."),
    "name": mark("The password must not hold the name."),
    "plain": mark("The password needs at least 6 different characters."),
}


def add(console: Blueprint, services: Services) -> None:
    accounts, factors = services.staff.accounts, services.staff.factors

    @console.get("/staff")
    @allowed("staff")
    def staff() -> str:
        return _list(services)

    @console.post("/staff")
    @allowed("staff")
    def staff_add() -> AnyResponse | tuple[str, int]:
        name, password = request.form.get("name", "").strip(), request.form.get("password", "")[: MOST + 1]
        try:
            made = accounts.add(
                member().mark,
                name,
                _chosen_role(),
                password,
                display_name=request.form.get("display_name", "")[:120],
            )
        except AccountRefused as refusal:
            return _list(services, _(_WHY[refusal.why])), 422
        flash(_("The account is made. Tell her the password in person; she can change it under My account."))
        return _to(made)

    @console.get("/staff/<int:number>")
    @allowed("staff")
    def staff_one(number: int) -> str:
        return _one(_found(services, number))

    @console.post("/staff/<int:number>/<any(role, password, factor, close, open):what>")
    @allowed("staff")
    def staff_change(number: int, what: str) -> AnyResponse | tuple[str, int]:
        one, actor = _found(services, number), member().mark
        if one.id == member().id:
            return _one(one, _("Nobody changes her own account here: ask another admin.")), 403
        if what in {"role", "password"} and not one.password:
            abort(403)  # they are the provider's
        changes: dict[str, Callable[[], None]] = {
            "role": lambda: accounts.give_role(actor, one, _chosen_role()),
            "password": lambda: accounts.set_password(
                actor, one, request.form.get("password", "")[: MOST + 1]
            ),
            "factor": lambda: factors.reset(actor, one),
            "close": lambda: accounts.disable(actor, one),
            "open": lambda: accounts.disable(actor, one, disabled=False),
        }
        try:
            changes[what]()
        except AccountRefused as refusal:
            return _one(one, _(_WHY[refusal.why])), 422
        flash(_("Done. It holds from now on."))
        return _to(one)


def _found(services: Services, number: int) -> Member:
    try:
        return services.staff.accounts.numbered(number)
    except AccountRefused:
        abort(404)


def _chosen_role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        abort(400)


def _roles() -> list[tuple[str, str]]:
    return [(str(each), role(each)) for each in Role]


def _list(services: Services, refusal: str = "") -> str:
    return render_template(
        "console_staff.html",
        members=services.staff.accounts.all(),
        refusal=refusal,
        roles=_roles(),
        form=request.form,
    )


def _one(one: Member, refusal: str = "") -> str:
    return render_template("console_staff_one.html", one=one, refusal=refusal, roles=_roles())


def _to(one: Member) -> AnyResponse:
    return redirect(url_for("console.staff_one", number=one.id), 303)
