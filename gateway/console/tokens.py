"""The admin's page of API tokens: issued, shown once, listed, revoked."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console.access import allowed, member
from gateway.console.shown import role
from gateway.console.words import _, mark
from gateway.services import Services
from gateway.staff.roles import Role, Scope
from gateway.staff.tokens import Taken

SCOPES = {
    Scope.PAYMENTS_WRITE: mark("report payments"),
    Scope.MESSAGES_READ: mark("read messages"),
    Scope.MESSAGES_WRITE: mark("send messages"),
    Scope.CASES_READ: mark("read cases"),
    Scope.CASES_WRITE: mark("open and move cases"),
    Scope.SESSIONS_READ: mark("read sessions"),
}
_DAYS = 90


def add(console: Blueprint, services: Services) -> None:
    kept = services.staff.tokens

    @console.get("/tokens")
    @allowed("tokens")
    def tokens() -> str:
        return _page(services)

    @console.post("/tokens")
    @allowed("tokens")
    def tokens_make() -> str | tuple[str, int]:
        try:
            made, plain = kept.make(
                member().mark,
                request.form.get("name", "").strip()[:60],
                [Scope(scope) for scope in request.form.getlist("scope")],
                Role(request.form.get("role", "")),
                timedelta(days=request.form.get("days", _DAYS, type=int)),
            )
        except Taken:
            return _page(services, refusal=_("There is a token of this name already.")), 422
        except (ValueError, OverflowError):
            refusal = _(
                "A token needs a name, at least one use that its role allows, and an end within a year."
            )
            return _page(services, refusal=refusal), 422
        # Not after a redirect: what is shown once must stand in no cookie and no address.
        return _page(services, plain=plain, fresh=made.id)

    @console.post("/tokens/<int:number>/revoke")
    @allowed("tokens")
    def tokens_revoke(number: int) -> AnyResponse:
        if kept.revoke(member().mark, number):
            flash(_("The token is revoked. Whoever sends it is refused from now on."))
        else:
            flash(_("It does not hold any more."), "bad")
        return redirect(url_for("console.tokens"), 303)


def _page(services: Services, *, refusal: str = "", plain: str = "", fresh: int = 0) -> str:
    return render_template(
        "console_tokens.html",
        tokens=services.staff.tokens.all(),
        names={one.mark: one.display_name for one in services.staff.accounts.all()},
        scopes={str(scope): _(text) for scope, text in SCOPES.items()},
        roles=[(str(each), role(each)) for each in Role],
        form=request.form,
        chosen=request.form.getlist("scope"),
        days=_DAYS,
        now=clock.now(),
        refusal=refusal,
        plain=plain,
        fresh=fresh,
    )
