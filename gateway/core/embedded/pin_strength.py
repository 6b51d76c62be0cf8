"""Which PINs are too easy for somebody who knows her: patterns, and parts of what stands on her card."""

from datetime import date

_SEQUENCES = ("01234567890", "09876543210")


def weak(pin: str, cnic: str, born_on: date | None) -> bool:
    """Whether four digits are no secret: one or two digits over and over, a sequence, from her CNIC or birth."""
    if len(pin) != 4 or not (pin.isascii() and pin.isdigit()):
        return True
    if pin[:2] == pin[2:] or any(pin in sequence for sequence in _SEQUENCES):
        return True
    return pin in cnic or (born_on is not None and pin in _from_birth(born_on))


def _from_birth(born_on: date) -> set[str]:
    day, month, year = f"{born_on.day:02}", f"{born_on.month:02}", f"{born_on.year:04}"
    return {
        year,
        day + month,
        month + day,
        day + year[2:],
        month + year[2:],
        year[2:] + month,
        year[2:] + day,
    }
