"""The kinds of value that a column of a file may hold. Each reads a text, and says what is wrong without repeating
anything personal: a CNIC, a phone or a name never stands in a fault.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import phonenumbers

from gateway.core.embedded.files import days
from gateway.core.embedded.files.quoted import quoted
from gateway.privacy import normal_cnic

# Reads a text that is not blank, with the day of loading. Raises ValueError with what is wrong.
Read = Callable[[str, date], Any]

_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}", re.ASCII)
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, how it is read, and what a blank stands for; without that a blank is a fault."""

    name: str
    read: Read
    blank: Any = ...


def text(longest: int) -> Read:
    def read(given: str, today: date) -> str:  # noqa: ARG001 - every reader is called alike
        if len(given) > longest:
            raise ValueError(f"is longer than {longest} characters")
        if not given.isprintable():
            raise ValueError("holds a character that cannot be shown")
        return given

    return read


def code(given: str, today: date) -> str:  # noqa: ARG001
    """A name that other files refer to: small letters, digits, `_`, `-`, `.`."""
    if not _CODE.fullmatch(given):
        raise ValueError(f"{quoted(given)} is no code: at most 40 small letters, digits, `_`, `-` or `.`")
    return given


def codes(given: str, today: date) -> list[str]:
    """Several codes with spaces between."""
    return [code(each, today) for each in given.split()]


def one_of(allowed: tuple[str, ...]) -> Read:
    def read(given: str, today: date) -> str:  # noqa: ARG001
        if given not in allowed:
            raise ValueError(f"{quoted(given)} is none of {', '.join(allowed)}")
        return given

    return read


def yes_no(given: str, today: date) -> bool:  # noqa: ARG001
    if given not in _YES_NO:
        raise ValueError(f"{quoted(given)} is neither yes nor no")
    return _YES_NO[given]


def whole(least: int, most: int) -> Read:
    """A whole number from `least` to `most`, without separators."""

    def read(given: str, today: date) -> int:  # noqa: ARG001
        if not re.fullmatch(r"\d{1,12}", given, re.ASCII) or not least <= int(given) <= most:
            raise ValueError(f"{quoted(given)} is no whole number from {least} to {most}")
        return int(given)

    return read


def score(given: str, today: date) -> Decimal:  # noqa: ARG001
    """A PMT score from 0 to 100 with at most two decimals."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", given, re.ASCII) or Decimal(given) > 100:
        raise ValueError(f"{quoted(given)} is no score from 0 to 100 with at most two decimals")
    return Decimal(given)


def day(given: str, today: date) -> date:
    return days.read_day(given, today)


def past_day(given: str, today: date) -> date:
    """A day that is not after the day of loading."""
    found = days.read_day(given, today)
    if found > today:
        raise ValueError(f"{quoted(given)} is after the day of loading")
    return found


def period(given: str, today: date) -> str:
    return days.read_period(given, today)


def cnic(given: str, today: date) -> str:  # noqa: ARG001
    """Thirteen digits, also of a B-form, with or without dashes."""
    found = normal_cnic(given)
    if found is None:
        raise ValueError("is no number of 13 digits as on a CNIC")
    return found


def phone(given: str, today: date) -> str:  # noqa: ARG001
    """An E.164 number with its `+`."""
    try:
        found = phonenumbers.parse(given)
    except phonenumbers.NumberParseException:
        found = None
    if found is None or not phonenumbers.is_possible_number(found):
        raise ValueError("is no phone number such as +923001234567")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def pin(given: str, today: date) -> str:  # noqa: ARG001
    if not re.fullmatch(r"\d{4}", given, re.ASCII):
        raise ValueError("is not four digits")
    return given
