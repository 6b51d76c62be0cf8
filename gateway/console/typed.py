"""What was typed into the box that finds a caller: which kind of thing it is, and its normal form."""

import re
from dataclasses import dataclass

import phonenumbers

from gateway.conversation.checks import CHECKS
from gateway.privacy import ascii_digits, normal_cnic

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_.:\-]{5,119}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """kind: `cnic`, `reference`, `phone` (E.164), `token` (a session's or a message's id), or `nothing` of these."""

    kind: str
    value: str = ""


def read_typed(text: str) -> Typed:
    """Spaces, dashes, dots, brackets and Urdu digits do not matter; a number of eight digits is a reference."""
    plain = ascii_digits(text).strip().lstrip("#").strip()
    plain = "".join(each for each in plain if each.isprintable() and each not in "\u200e\u200f")
    if _TOKEN.fullmatch(plain):
        return Typed("token", plain)
    if (cnic := normal_cnic(plain)) is not None:
        return Typed("cnic", cnic)
    if (reference := CHECKS["reference"](plain)) is not None:
        return Typed("reference", reference)
    if (phone := _phone(plain)) is not None:
        return Typed("phone", phone)
    return Typed("nothing")


def _phone(plain: str) -> str | None:
    """E.164 from `0300 1234501`, `300 1234501`, `92300...`, `0092300...`, `+254...`."""
    digits = re.sub(r"[^\d+]", "", plain)
    if re.search(r"[A-Za-z]", plain) or not 9 <= len(digits.strip("+")) <= 16:
        return None
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("92") and len(digits) == 12:
        digits = f"+{digits}"
    try:
        number = phonenumbers.parse(digits, "PK")
    except phonenumbers.NumberParseException:
        return None
    # As aggregators' sandboxes use phones that no network has given out, a whole foreign one need only be possible.
    fits = phonenumbers.is_possible_number if digits[0] == "+" else phonenumbers.is_valid_number
    if not fits(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
