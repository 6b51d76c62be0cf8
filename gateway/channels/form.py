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
    text = body.decode("utf-8", "replace")
    # The escapes that a dial is made of, all at once: they are no hex digits, `&` or `=`, so nothing new arises of them.
    text = text.replace("+", " ").replace("%2A", "*").replace("%2B", "+").replace("%23", "#")
    fields = [field.partition("=") for field in text.split("&")]
    if len(fields) > MOST_FIELDS:
        raise Unreadable("too many fields")
    if "%" in text:
        fields = [(_plain(name), equals, _plain(value)) for name, equals, value in fields]
    form = {name: value for name, _, value in fields}
    if len(form) < len(fields) and any(form[name] != value for name, _, value in fields):
        raise Unreadable("a field twice with two values")
    return form


def _plain(part: str) -> str:
    return unquote(part, errors="replace")
