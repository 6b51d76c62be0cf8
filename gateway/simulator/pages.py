"""The simulator on the web: its page with forms that work without script, and the SMS server's address."""

import time
from pathlib import Path

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.simulator import cast as casting
from gateway.simulator.calls import NOTICES, Choice
from gateway.simulator.desk import Desk
from gateway.simulator.exchange import Refused
from gateway.simulator.line import Line
from gateway.simulator.messaging import Account
from gateway.simulator.timing import Timing
from gateway.simulator.troubles import TROUBLES
from gateway.simulator.view import LONGEST_INPUT, LONGEST_TEXT, View

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def blueprint(  # noqa: PLR0913 - the seam to the web process, every part by its name
    *,
    gateway_url: str,
    token: str,
    service_code: str,
    store: Path,
    cast: Path,
    api_key: str,
    username: str,
    timing: Timing | None = None,
) -> Blueprint:
    """The simulator under /simulator, for a gateway at `gateway_url` whose hooks carry `token`.

    store is its own SQLite file, cast the CSV of its callers; username and api_key are what the SDK must present.
    """
    line, account = Line(gateway_url, token), Account(username, api_key)
    desk = Desk(store, line, service_code, account, timing or Timing())
    pages = Blueprint(
        "simulator", __name__, url_prefix="/simulator", static_folder="static", template_folder="templates"
    )
    _add_guard(pages, desk)
    _add_page(pages, desk, View(desk, casting.read(cast)))
    _add_sms_server(pages, desk)
    return pages


def _add_guard(pages: Blueprint, desk: Desk) -> None:
    @pages.before_request
    def only_from_here() -> None:
        # A page of another site must not press keys here.
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in {
            "none",
            "same-origin",
        }:
            abort(403)
        desk.courier.start()

    @pages.after_request
    def guard(response: Response) -> Response:
        response.headers.update(_HEADERS)
        if request.endpoint != "simulator.static":
            response.headers["Cache-Control"] = "no-store"
        return response


def _add_page(pages: Blueprint, desk: Desk, view: View) -> None:
    @pages.get("")
    def page() -> str:
        return view.show(view.looked_at())

    @pages.post("/press")
    def press() -> AnyResponse:
        caller, keys = view.chosen(), request.form.get("keys", "")[:LONGEST_INPUT]
        try:
            _press(desk, caller.phone, request.form.get("do", ""), keys)
        except Refused as refusal:
            return view.refuse(caller, str(refusal))
        return view.back(caller)

    @pages.post("/text")
    def text() -> AnyResponse:
        caller, body = view.chosen(), request.form.get("body", "").replace("\r\n", "\n")[:LONGEST_TEXT]
        if not body.strip():
            return view.refuse(caller, "the message is empty")
        desk.text(caller.phone, body)
        return view.back(caller)

    @pages.post("/line")
    def line() -> AnyResponse:
        caller = view.chosen()
        network, notice, trouble = (
            request.form.get(name, "").strip() for name in ("network", "notice", "trouble")
        )
        if not (network.isascii() and network.isdigit() and len(network) <= 8):
            return view.refuse(caller, "a network code is up to eight digits")
        if notice not in NOTICES or trouble not in TROUBLES:
            abort(400)
        desk.calls.choose(caller.phone, Choice(network, notice, trouble))
        return view.back(caller)

    @pages.post("/opt-out")
    def opt_out() -> AnyResponse:
        caller = view.chosen()
        desk.opt_out(caller.phone)
        return view.back(caller)


def _press(desk: Desk, phone: str, key: str, keys: str) -> None:
    """One of the phone's buttons; Send dials while no call is open. Raises Refused."""
    call = desk.calls.of(phone)
    in_call = call is not None and call.open
    if key == "drop":
        desk.exchange.drop(phone)
    elif key == "time-out":
        desk.time_out(phone)
    elif key == "dial":
        desk.exchange.dial(phone, keys if keys.startswith("*") and keys.endswith("#") else "")
    elif key in {"send", "twice"}:
        send = desk.exchange.answer if in_call else desk.exchange.dial
        send(phone, keys, twice=key == "twice")
    else:
        abort(400)


def _add_sms_server(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/version1/messaging")
    def messaging() -> Response:
        reply = desk.take_sms(request.form, request.headers.get("apiKey"))
        if reply.wait:
            time.sleep(reply.wait)
        response = Response(reply.body, reply.code)
        # Exactly so: the SDK gives back a string where a charset follows.
        response.headers["Content-Type"] = reply.content_type
        return response
