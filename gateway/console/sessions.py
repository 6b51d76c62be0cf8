"""The list of sessions: those under way and the last that ended, kept up to date while somebody looks."""

from functools import partial
from hashlib import sha256

from flask import Blueprint, Response, make_response, render_template, request

from gateway import clock
from gateway.console import confidence, pages
from gateway.console.access import allowed
from gateway.console.said import Said
from gateway.console.words import mark
from gateway.journal.ending import LIVE
from gateway.journal.journal import Passed
from gateway.services import Services

LIMIT = 50
STATES = {
    "": mark("All"),
    "live": mark("Under way"),
    "answered": mark("Answered"),
    "left": mark("Without an answer"),
}


def add(console: Blueprint, services: Services) -> None:
    @console.get("/sessions")
    @allowed("replay", act="sessions_listed", subject="page:sessions")
    def sessions() -> str:
        return render_template("console_sessions.html", **_listed(services), states=STATES)

    @console.get("/sessions/rows")
    @allowed("replay", active=False)
    def sessions_rows() -> Response:
        rows = render_template("console_sessions_rows.html", **_listed(services))
        return fresh(rows, rows)


def fresh(body: str, state: str) -> Response:
    """A part of a page for the script that asks for it every second; nothing where it has it already.

    state: what it shows; two with the same state say the same, whatever token their forms hold.
    """
    response = make_response(body)
    response.set_etag(sha256(state.encode()).hexdigest())
    response.make_conditional(request)
    return response


def _listed(services: Services) -> dict[str, object]:
    services.journal.catch_up()
    state = request.args.get("state", "")
    rows = _asked(services, state)
    links = services.core.desk.linked_to({one.phone_key for one in rows}) if rows else ()
    return {
        "rows": rows,
        "replays": {one.id: pages.of_session(one) for one in rows},
        "phones": {link.phone_key: link.masked for link in links},
        "said": Said(services.book),
        "state": state if state in STATES else "",
        "languages": services.book.languages,
    }


def _asked(services: Services, state: str) -> tuple[Passed, ...]:
    recent = partial(services.journal.recent, LIMIT, confidential=confidence.sees())
    silent = clock.now() - LIVE
    if state == "live":
        return recent(since=silent, ended=False, open_alone=True)
    if state in {"answered", "left"}:
        return recent(answered=state == "answered", over_by=silent)
    return recent()
