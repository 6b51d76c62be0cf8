"""A value of a file as a fault may show it: staff read faults aloud and paste them into mails."""

import re

from gateway.privacy import ascii_digits

# A CNIC has 13 digits and a phone at least 10, whatever stands between them; a day has 8.
_NUMBER = re.compile(r"\d(?:[\s\-._()\u2010-\u2015]*\d){8,}", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]\s+[^\W\d_]")


def is_personal(given: str) -> bool:
    """Whether a value looks like a CNIC, a phone, or a name of several words."""
    return bool(_NUMBER.search(ascii_digits(given)) or _WORDS.search(given))


def quoted(given: str) -> str:
    """The value between backticks, cut at 40 characters; `(hidden)` for one that looks personal."""
    return "(hidden)" if is_personal(given) else f"`{given[:40]}`"
