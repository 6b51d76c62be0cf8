"""Addresses of pages that stand elsewhere, where there are such pages and the member may open them."""

from typing import Any

from flask import current_app, g, url_for

from gateway.console.access import member
from gateway.core.port import Asked, Request
from gateway.staff.roles import Permission


def of_session(session: str) -> str | None:
    return _page("/console/sessions/<", session) if member().may(Permission.REPLAY) else None


def of_request(asked: Request) -> str | None:
    """A case has a page of its own; what else is asked for stands on the person's."""
    return _page("/console/cases/<", asked.reference) if asked.asked is Asked.CASE else None


def _page(beginning: str, value: str) -> str | None:
    """The page at `beginning` and one value, whatever it is called; looked for once a request."""
    known = g.setdefault("pages", {})
    if beginning not in known:
        known[beginning] = next(
            (
                rule
                for rule in current_app.url_map.iter_rules()
                if rule.rule.startswith(beginning)
                and rule.rule.endswith(">")
                and len(rule.arguments) == 1
                and "GET" in (rule.methods or ())
            ),
            None,
        )
    rule = known[beginning]
    if rule is None:
        return None
    values: dict[str, Any] = {next(iter(rule.arguments)): value}
    return url_for(rule.endpoint, **values)
