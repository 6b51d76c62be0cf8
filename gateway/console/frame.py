"""What holds for every page of the console: its headers, its forms' tokens, and what its templates can say."""

from hashlib import sha256
from pathlib import Path

import structlog
from flask import Blueprint, Response, abort, g, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from gateway.console import sections, shown, words
from gateway.console.whom import whom
from gateway.services import Services
from gateway.staff.roles import Permission

log = structlog.get_logger()

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_HSTS = "max-age=31536000"
_SAFE = {"GET", "HEAD", "OPTIONS"}


def add(console: Blueprint, services: Services) -> None:
    @console.before_request
    def own_forms_only() -> None:
        if request.method in _SAFE:
            return
        try:
            validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRF-Token"))
        except ValidationError:
            log.warning("form_refused", page=request.endpoint)
            abort(400)

    @console.after_request
    def guard(response: Response) -> Response:
        response.headers.update(_HEADERS)
        if request.endpoint == "console.static":
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "no-store"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = _HSTS
        return response

    @console.context_processor
    def spoken() -> dict[str, object]:
        staff = g.get("staff")
        return {
            "_": words._,
            "asset": _asset,
            "csrf_token": generate_csrf,
            "demo": services.settings.env == "demo",
            "direction": words.direction(),
            "finds": bool(staff and g.sitting.proven and staff.may(Permission.FIND)),
            "language": words.language(),
            "member": staff,
            "sections": sections.of(staff) if staff and g.sitting.proven else (),
            "whom": whom,
            **shown.FUNCTIONS,
        }


_STATIC = Path(__file__).parent / "static"
_MARKS = {path.name: sha256(path.read_bytes()).hexdigest()[:10] for path in _STATIC.iterdir()}


def _asset(name: str) -> dict[str, str]:
    """Arguments of `url_for` for a file of ours: another file is another address, so each may be kept for good."""
    return {"endpoint": "console.static", "filename": name, "v": _MARKS[name]}
