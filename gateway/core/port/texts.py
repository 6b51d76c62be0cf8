"""Reviewed texts: what staff or another system may have sent to a caller, in words that were looked at beforehand."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """One of them. name: in menus/sms.yaml; day: the one that it names, None where it names none."""

    name: str
    day: date | None = None


class TextAnnouncer(Protocol):
    """Hears of a text that goes with an answer, inside the transaction of the answer."""

    def text_given(
        self, connection: Connection, phone: str, text: ReviewedText, *, key: str, subject: str
    ) -> None:
        """One key is one message. Raises GatewayError where the phone gets no more: the answer is then not given either."""
        ...
