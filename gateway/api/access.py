"""Who may ask what: a token, its scope, its role, its pace. Look-ups are in the audit before they are answered."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from apiflask import APIFlask
from flask import g, request
from sqlalchemy import Connection

from gateway.api.problems import Problem
from gateway.services import Services
from gateway.staff.pace import Pace
from gateway.staff.roles import Permission, Scope, may
from gateway.staff.tokens import Token

View = Callable[..., Any]
_RATE = "600 per minute"


def token() -> Token:
    """Whose request this is."""
    return cast(Token, g.token)


def may_see_confidential() -> bool:
    return may(token().role, Permission.SEE_CONFIDENTIAL)


def hidden(services: Services, texts: Iterable[str]) -> frozenset[str]:
    """References of cases that texts name and this token's role must not learn of."""
    return frozenset() if may_see_confidential() else services.core.casework.in_confidence(texts)


class Gate:
    """Every view stands behind `needs`; a test goes through all of them and fails for one without."""

    def __init__(self, api: APIFlask, services: Services) -> None:
        self._api = api
        self._staff = services.staff
        self._pace = Pace(services.settings.store_url, _RATE, "api")

    def needs(self, scope: Scope, *, act: str = "", subject: str = "") -> Callable[[View], View]:
        """For tokens that have the scope, and whose role allows what it stands for.

        act, subject: what the audit says of a look-up
        """

        def guard(view: View) -> View:
            @wraps(view)
            def checked(**values: Any) -> Any:
                self._admit(scope)
                if act:
                    self.note(act, subject)
                return view(**values)

            checked.scope = scope  # type: ignore[attr-defined]
            return cast(View, self._api.doc(security=[{"token": [str(scope)]}])(checked))

        return guard

    def note(self, act: str, subject: str, connection: Connection | None = None, **detail: Any) -> None:
        """Write into the audit what the token does, in the caller's transaction where one is given. None of it holds a
        CNIC, a phone or a name.
        """
        self._staff.audit.record(token().mark, act, subject[:120], connection, **detail)

    def _admit(self, scope: Scope) -> None:
        kind, _, plain = request.headers.get("Authorization", "").partition(" ")
        found = self._staff.tokens.check(plain.strip()) if kind.lower() == "bearer" else None
        if found is None:
            raise Problem(401, "no token, or one that does not hold", headers={"WWW-Authenticate": "Bearer"})
        g.token = found
        if wait := self._pace.wait(found.mark):
            raise Problem(429, "this token asks too often", headers={"Retry-After": str(wait)})
        if not found.may(scope):
            self.note("refused", f"api:{request.endpoint}", scope=str(scope))
            raise Problem(403, f"this token may not do what {scope} stands for")
