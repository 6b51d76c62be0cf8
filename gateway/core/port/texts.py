"""Reviewed texts: what staff or another system may have sent to a caller, in words that were looked at beforehand."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """One of them. name: in menus/sms.yaml; day: the one that it names, None where it names none."""

    name: str
    day: date | None = None
