"""Addresses of pages that stand elsewhere, for who may open them."""

from flask import url_for

from gateway.console.access import member
from gateway.core.port import Asked, Request
from gateway.staff.roles import Permission


def of_session(session: str) -> str | None:
    may = member().may(Permission.REPLAY)
    return url_for("console.sessions_replay", session=session) if may else None


def of_request(asked: Request) -> str | None:
    """A case has a page of its own; what else is asked for stands on the person's."""
    return url_for("console.case", reference=asked.reference) if asked.asked is Asked.CASE else None
