"""Signing in at the ministry's own identity provider (OpenID Connect: code flow, PKCE, state, nonce), where one is set."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, cast

import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, render_template, session, url_for
from flask.sansio.app import App
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response as AnyResponse

from gateway.console.access import open_to_all
from gateway.console.sign_in import admitted
from gateway.console.words import _
from gateway.errors import GatewayError
from gateway.services import Services
from gateway.settings import Settings
from gateway.staff.roles import Role

log = structlog.get_logger()

_NAME = "staff"
_SECONDS = 5


class ProviderUnreachable(GatewayError):
    """The identity provider did not answer."""

    code = "provider_unreachable"
    retryable = True


def add(console: Blueprint, services: Services) -> None:
    """Nothing, where no provider is set."""
    settings = services.settings
    if not settings.oidc_issuer:
        return
    oauth = OAuth()
    console.record_once(lambda state: _register(state.app, oauth, settings))
    scheme = "https" if settings.env == "production" else None

    @console.get("/sign-in/provider")
    @open_to_all
    def provider() -> AnyResponse:
        back = url_for("console.provider_back", _external=True, _scheme=scheme)
        try:
            return cast(AnyResponse, oauth.staff.authorize_redirect(back))
        except RequestException:
            raise ProviderUnreachable from None

    @console.get("/sign-in/provider/back")
    @open_to_all
    def provider_back() -> AnyResponse | tuple[str, int]:
        try:
            token = oauth.staff.authorize_access_token(claims_options=_claims(settings))
        except RequestException:
            raise ProviderUnreachable from None
        except (OAuthError, JoseError) as error:
            return _refuse(type(error).__name__)
        claims = token.get("userinfo")
        if not claims:
            return _refuse("no ID token")
        role = role_of(claims.get(settings.oidc_role_claim), settings.oidc_role_names)
        if role is None:
            return _refuse("no role")
        subject = sha256(f"{settings.oidc_issuer}\n{claims['sub']}".encode()).hexdigest()
        member = services.staff.accounts.welcome(subject, role, str(claims.get("name", ""))[:120])
        if member is None:
            return _refuse("disabled")
        return admitted(services, services.staff.entrance.admit(member, "oidc"), None)


def role_of(claim: Any, names: Sequence[tuple[str, str]]) -> Role | None:
    """The first role whose value is in the claim (a text or a list of texts)."""
    values = {claim} if isinstance(claim, str) else {value for value in claim or () if isinstance(value, str)}
    return next((Role(role) for value, role in names if value in values), None)


def _register(app: App, oauth: OAuth, settings: Settings) -> None:
    oauth.init_app(app)
    oauth.register(
        _NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() or None,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
            **(
                {}
                if settings.oidc_client_secret.get_secret_value()
                else {"token_endpoint_auth_method": "none"}
            ),
        },
    )


def _claims(settings: Settings) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
    }


def _refuse(why: str) -> tuple[str, int]:
    session.clear()
    log.warning("provider_refused", why=why)
    said = (
        _("Your account there has no role here. Ask your supervisor.")
        if why == "no role"
        else _("That sign-in did not hold. Start again.")
    )
    page = render_template(
        "console_sign_in.html", refusal=said, name="", next="", languages={}, provider=True
    )
    return page, 403
