"""The console's two cookies: one holds the token of a sitting and nothing else, one what forms and sign-in need to be safe.

Neither is read or written outside /console: a hop pays nothing for them.
"""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response as AnyResponse

from gateway.services import Services
from gateway.settings import Settings


def set_up(app: Flask, services: Services) -> None:
    first, *older = services.vault.cookie_keys()
    app.config.update(
        SECRET_KEY=first,
        SECRET_KEY_FALLBACKS=older,
        WTF_CSRF_TIME_LIMIT=None,  # a form is good for as long as the sitting it stands in
        SESSION_COOKIE_SECURE=services.settings.env == "production",
        SESSION_COOKIE_SAMESITE=_same_site(services.settings),
        SESSION_COOKIE_NAME=_name(services.settings, "form"),
        SESSION_COOKIE_PATH="/",
    )
    app.session_interface = _FormCookie()


def token_of(request: Request, settings: Settings) -> str:
    """The token of a sitting, or nothing."""
    return request.cookies.get(_name(settings, "console"), "")


def give_token(response: AnyResponse, settings: Settings, token: str) -> None:
    response.set_cookie(
        _name(settings, "console"),
        token,
        secure=settings.env == "production",
        httponly=True,
        samesite=_same_site(settings),
        path="/",
    )


def drop_token(response: AnyResponse, settings: Settings) -> None:
    response.delete_cookie(
        _name(settings, "console"), path="/", secure=settings.env == "production", httponly=True,
        samesite=_same_site(settings),
    )  # fmt: skip


def _name(settings: Settings, what: str) -> str:
    # A browser takes `__Host-` only over TLS, from this very host: no neighbour under the domain can plant one.
    return f"__Host-ehsaas-{what}" if settings.env == "production" else f"ehsaas-{what}"


def _same_site(settings: Settings) -> str:
    # Coming back from the identity provider is coming from another site.
    return "Lax" if settings.oidc_issuer else "Strict"


class _FormCookie(SecureCookieSessionInterface):
    """Flask's own session, signed, for the console's pages alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith("/console") else None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # A page that only reads does not write its cookie again.
        if session.modified:
            super().save_session(app, session, response)
