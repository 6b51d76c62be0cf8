"""References that people read aloud and type: eight digits, of which the first tells what was asked for."""

import re
import secrets
from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from gateway.core.port import Asked

_FIRST = {Asked.APPLICATION: "1", Asked.CASE: "2", Asked.CHANGE: "3", Asked.BOOKING: "4"}
_KIND = {digit: asked for asked, digit in _FIRST.items()}
_TRIES = 20
_NAMED = re.compile(r"(?<!\d)[1-4]\d{7}(?!\d)", re.ASCII)


def asked_by(reference: str) -> Asked | None:
    """What a reference stands for, or None where it can be none of ours."""
    fits = len(reference) == 8 and reference.isascii() and reference.isdigit()
    return _KIND.get(reference[0]) if fits else None


def references_in(text: str) -> list[str]:
    """Whatever in a text may be one of ours."""
    return _NAMED.findall(text)


def with_reference(connection: Connection, asked: Asked, insert: Callable[[str], int]) -> tuple[str, int]:
    """A fresh reference and what `insert` made of it: drawn at random, so that nobody can guess the next one.

    Raises IntegrityError where the insert fails for another cause than a reference that is taken.
    """
    for left in reversed(range(_TRIES)):
        reference = f"{_FIRST[asked]}{secrets.randbelow(10**7):07d}"
        try:
            with connection.begin_nested():
                return reference, insert(reference)
        except IntegrityError as error:
            if not left or "reference" not in str(error.orig):
                raise
    raise AssertionError
