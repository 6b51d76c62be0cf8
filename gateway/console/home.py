"""The page one starts from: the box that finds a caller, for who may look for one."""

from flask import Blueprint, current_app, render_template

from gateway.console.access import member, signed_in
from gateway.services import Services
from gateway.staff.roles import Permission

_FIND = "console.find"


def add(console: Blueprint, services: Services) -> None:  # noqa: ARG001 - every page has this shape
    @console.get("/")
    @signed_in
    def home() -> str:
        finds = _FIND in current_app.view_functions and member().may(Permission.FIND)
        return render_template("console_home.html", finds=finds)
