"""The call centre's pages at /console, on the services alone.

A page is a module with `add(console, services)`, listed in `_PAGES`; each of its views says with `access.allowed` who may
open it. It renders a template that extends `console_base.html`.
"""

from typing import cast

from flask import Blueprint, Flask
from flask.sansio.blueprints import BlueprintSetupState

from gateway.console import (
    audit,
    caller,
    calling,
    case,
    cookies,
    errors,
    find,
    frame,
    home,
    me,
    menus,
    oidc,
    opening,
    pay_points,
    phones,
    queues,
    replay,
    requests_page,
    reveals,
    sending,
    sessions,
    sign_in,
    staff,
    tokens,
    walk,
    watch,
)
from gateway.console.access import EXTENSION
from gateway.services import Services
from gateway.staff.pace import Pace

# A whole floor may stand behind one address, and begins its shift at one time. A wrong password costs us 25 ms of CPU.
_SIGN_INS = "60 per minute"
_PAGES = (
    home,
    find,
    caller,
    reveals,
    sessions,
    replay,
    walk,
    queues,
    case,
    opening,
    sending,
    calling,
    phones,
    pay_points,
    requests_page,
    watch,
    menus,
    me,
    oidc,
    audit,
    staff,
    tokens,
)


def blueprint(services: Services) -> Blueprint:
    """The console, for an application that has no use of Flask's session itself."""
    console = Blueprint(
        "console", __name__, url_prefix="/console", static_folder="static", template_folder="templates"
    )

    def join(state: BlueprintSetupState) -> None:
        app = cast(Flask, state.app)
        app.extensions[EXTENSION] = services
        cookies.set_up(app, services)

    console.record_once(join)
    frame.add(console, services)
    errors.add(console)
    sign_in.add(console, services, Pace(services.settings.store_url, _SIGN_INS, "console-sign-in"))
    for page in _PAGES:
        page.add(console, services)
    return console


__all__ = ["blueprint"]
