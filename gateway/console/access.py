"""Who may open a page. Every view carries one of these; a test goes through all addresses and fails for one without.

    @console.get("/persons/<int:person>")
    @allowed("see_caller", act="caller_opened", subject="person:{person}")
    def caller(person: int) -> str: ...

`g.staff` is then the member who asks. A look-up is in the audit before it is shown.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console import cookies
from gateway.services import Services
from gateway.staff.members import Member
from gateway.staff.roles import Permission

EXTENSION = "gateway-console"

View = Callable[..., Any]


def allowed(
    permission: str, *, act: str = "", subject: str = "", active: bool = True
) -> Callable[[View], View]:
    """For who has the permission.

    act, subject: what the audit says of it, the subject with the address's own values put in: `person:{person}`
    active: whether asking counts as doing something; not for what a page asks by itself every few seconds
    Raises ValueError for a permission that there is not.
    """
    needed = Permission(permission)

    def guard(view: View) -> View:
        @wraps(view)
        def checked(**values: Any) -> Any:
            if away := _away(active=active):
                return away
            if not member().may(needed):
                note("refused", f"page:{request.endpoint}", permission=str(needed))
                abort(403)
            if act:
                note(act, subject.format(**values))
            return view(**values)

        return _marked(checked, needed)

    return guard


def signed_in(view: View) -> View:
    """For anybody who sits at the console, whatever the role."""

    @wraps(view)
    def checked(**values: Any) -> Any:
        return _away(active=True) or view(**values)

    return _marked(checked, "signed in")


def half_signed_in(view: View) -> View:
    """For who has shown the password and owes the second factor."""

    @wraps(view)
    def checked(**values: Any) -> Any:
        return _away(active=True, proven=False) or view(**values)

    return _marked(checked, "half signed in")


def open_to_all(view: View) -> View:
    """For anybody: what stands before the sign-in."""
    return _marked(view, "open")


def services() -> Services:
    return cast(Services, current_app.extensions[EXTENSION])


def member() -> Member:
    """Who asks. For views that are not open to all."""
    return cast(Member, g.staff)


def note(act: str, subject: str, **detail: Any) -> None:
    """Write into the audit what the member does. subject is `kind:id`; neither holds a CNIC, a phone or a name."""
    services().staff.audit.record(member().mark, act, subject, **detail)


def load_sitting(*, active: bool) -> None:
    """Find out who asks: `g.sitting` and `g.staff`, both None for nobody."""
    if "sitting" in g:
        return
    token = cookies.token_of(request, services().settings)
    g.sitting = services().staff.sittings.of(token, active=active) if token else None
    g.staff = g.sitting.member if g.sitting else None


def _away(*, active: bool, proven: bool = True) -> AnyResponse | None:
    """Where to send somebody who is not far enough; None for who is."""
    load_sitting(active=active)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    if g.sitting is None:
        if request.headers.get("Sec-Fetch-Dest") == "empty":  # a script asks: it shows the page that says so
            abort(401)
        return redirect(url_for("console.sign_in", next=back), 303)
    if proven and not g.sitting.proven:
        owed = "console.second_factor" if g.staff.second_factor else "console.factor_set_up"
        return redirect(url_for(owed, next=back), 303)
    return None


def _marked(view: View, rule: Permission | str) -> View:
    view.rule = rule  # type: ignore[attr-defined]
    return view
