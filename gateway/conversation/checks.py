"""What may be typed as an answer: a closed list. Each check gives the normal form of an answer, or nothing."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from gateway.privacy import ascii_digits, normal_cnic

LONGEST_TEXT = 160
MOST_RUPEES = 9_999_999


def reason_of(check: str) -> str:
    """The notice that says why an answer was not taken."""
    return f"bad_{check}"


def _pin(typed: str) -> str | None:
    digits = ascii_digits(typed)
    return digits if re.fullmatch(r"\d{4}", digits, re.ASCII) else None


def _amount(typed: str) -> str | None:
    """Whole rupees: `12,000`, `Rs 12000`, `12000/-`."""
    bare = re.sub(r"(?i)^rs\.?|/-?$|[,\s]", "", ascii_digits(typed))
    return _number(bare, MOST_RUPEES)


def _count(typed: str) -> str | None:
    return _number(ascii_digits(typed), 999)


def _number(digits: str, most: int) -> str | None:
    if not re.fullmatch(r"\d{1,9}", digits, re.ASCII) or int(digits) > most:
        return None
    return str(int(digits))


def _text(typed: str) -> str | None:
    """Words: control characters dropped, runs of spaces made one."""
    plain = " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in typed).split())
    return plain if 2 <= len(plain) <= LONGEST_TEXT and any(c.isalpha() for c in plain) else None


def _district(typed: str) -> str | None:
    plain = _text(typed)
    return plain if plain and len(plain) <= 40 and not any(c.isdigit() for c in plain) else None


def _reference(typed: str) -> str | None:
    """What was asked for, by its number of eight digits, with gaps or without."""
    digits = re.sub(r"[\s-]", "", ascii_digits(typed))
    return digits if re.fullmatch(r"\d{8}", digits, re.ASCII) else None


CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "cnic": normal_cnic,
    "pin": _pin,
    "new_pin": _pin,
    "amount": _amount,
    "count": _count,
    "text": _text,
    "district": _district,
    "reference": _reference,
}


def keys_to_keep(typed: str, check: str | None, secret: bool, options: int) -> str:  # noqa: FBT001 - as the screen says
    """What the journal may hold of what was typed: a secret as `*`, a CNIC by its last four digits.

    People type the right thing on the wrong screen, so any long run of digits is masked too, and on a menu whatever
    is no key of it. options: how many keys the screen has, 0 where it has none.
    """
    if not typed:
        return ""
    if secret:
        return "*"
    digits = ascii_digits(typed)
    if check == "cnic":
        bare = re.sub(r"\D", "", digits)
        return f"*{bare[-4:]}" if len(bare) == 13 else "*"
    if check in {None, "count"}:
        return digits if len(digits) <= max(2, len(str(options))) else "*"
    if check == "amount":
        return digits if len(digits) <= 12 else "*"
    return re.sub(r"\d[\d\s-]{2,}\d", "*", digits)[:LONGEST_TEXT]
