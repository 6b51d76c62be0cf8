"""Addresses of pages that stand elsewhere, for who may open them."""

from flask import url_for

from gateway.console import confidence
from gateway.console.access import member
from gateway.core.port import Asked, Request
from gateway.journal.passed import Passed
from gateway.staff.roles import Permission


def of_session(session: Passed) -> str | None:
    may = member().may(Permission.REPLAY) and not confidence.withheld(session)
    return url_for("console.sessions_replay", session=session.id) if may and session.turns else None


def of_request(asked: Request) -> str | None:
    """A case has a page of its own; what else is asked for stands on the person's."""
    return url_for("console.case", reference=asked.reference) if asked.asked is Asked.CASE else None
