"""What a person reads when something is not there, not hers, or broken: what to do next, and no more."""

from typing import cast

import structlog
from flask import Blueprint, abort, g, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from gateway.console import access
from gateway.console.words import mark
from gateway.errors import GatewayError

log = structlog.get_logger()

# Status -> what it is, what to do.
_SAID = {
    400: (
        mark("This form is no longer good"),
        mark("Go back, load the page again, and send it once more. Nothing was changed."),
    ),
    401: (mark("You are signed out"), mark("Sign in again to go on.")),
    403: (mark("This is not open to your role"), mark("If your work needs it, ask your supervisor.")),
    404: (mark("There is no such page"), mark("Check the address, or start from Find.")),
    405: (mark("There is no such page"), mark("Check the address, or start from Find.")),
    413: (mark("That is too much at once"), mark("Send less, or a smaller file.")),
    429: (mark("Too many tries from here"), mark("Wait a minute, then try again.")),
    503: (mark("Not now"), mark("A part of the system does not answer. Wait a moment and try again.")),
}
_BROKEN = (
    mark("Something broke here"),
    mark("Try again. If it breaks again, tell the operators what you did and when."),
)


_LARGEST = 2**63 - 1  # number of a row


def add(console: Blueprint) -> None:
    @console.errorhandler(HTTPException)
    def refused(error: HTTPException) -> AnyResponse | tuple[str, int]:
        if error.response is not None:
            return cast(AnyResponse, error.response)
        return _page(error.code or 500)

    @console.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        # Only the class: an error's text may hold what somebody typed.
        log.error("page_failed", error=type(error).__name__, code=getattr(error, "code", ""))
        return _page(503 if isinstance(error, GatewayError) and error.retryable else 500)

    @console.url_value_preprocessor
    def known_numbers(endpoint: str | None, values: dict[str, object] | None) -> None:  # noqa: ARG001 - Flask's call
        if any(isinstance(value, int) and value > _LARGEST for value in (values or {}).values()):
            abort(404)

    # Else an address that nothing stands at is answered outside the console, without its headers.
    @console.route("/<path:rest>", methods=["GET", "POST"])
    @access.open_to_all
    def nowhere(rest: str) -> AnyResponse:  # noqa: ARG001 - the address is not told
        abort(404)


def _page(status: int) -> tuple[str, int]:
    # Whoever asks may be somebody, and the page should speak her language; with the database away she is nobody.
    if "sitting" not in g:
        try:
            access.load_sitting(active=False)
        except Exception as error:  # noqa: BLE001 - the page that tells of a fault must not fail by it
            log.warning("nobody_known", error=type(error).__name__)
            g.sitting = g.staff = None
    title, next_step = _SAID.get(status, _BROKEN)
    return render_template("console_error.html", title=title, next_step=next_step, status=status), status
