"""The fields of a posted form, read from its bytes: the aggregator's forms are small, flat and on the hot path."""

from urllib.parse import unquote

from gateway.channels.aggregator import Unreadable

LARGEST_BODY = 256 * 1024
MOST_FIELDS = 40


def read_form(body: bytes) -> dict[str, str]:
    """Name -> value, whatever the content type said; escapes that are none stay as they are.

    Raises Unreadable for too much, and for a field given twice with two values: nobody can say which one is meant.
    """
    if len(body) > LARGEST_BODY:
        raise Unreadable("body too large")
    fields = body.decode("utf-8", "replace").split("&")
    if len(fields) > MOST_FIELDS:
        raise Unreadable("too many fields")
    form: dict[str, str] = {}
    for field in fields:
        name, _, value = field.partition("=")
        if "+" in field or "%" in field:
            name, value = _plain(name), _plain(value)
        if form.setdefault(name, value) != value:
            raise Unreadable("a field twice with two values")
    return form


def _plain(part: str) -> str:
    """Without escapes. The three that a dial is made of come first: they are no hex digits, so no new escape arises."""
    part = part.replace("+", " ").replace("%2A", "*").replace("%2B", "+").replace("%23", "#")
    return unquote(part, errors="replace") if "%" in part else part
