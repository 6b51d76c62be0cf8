"""The reviewed texts in a form: which there are, the one chosen with its day, and how she gets it."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from gateway import clock
from gateway.console import confirm
from gateway.console.access import services
from gateway.console.case_words import TEXTS
from gateway.console.words import _
from gateway.core.port import ReviewedText


@dataclass(frozen=True, slots=True)
class Offered:
    """A text to choose. names_day: the form's day goes into it."""

    name: str
    label: str
    names_day: bool

    @property
    def sample(self) -> ReviewedText:
        """As it would be with the day that is offered."""
        return ReviewedText(self.name, offered_day() if self.names_day else None)


def offered_day() -> date:
    """The day that a form begins with: she needs some days to come."""
    return clock.today() + timedelta(days=7)


def offered() -> list[Offered]:
    """Those that have a label here in its order, then the others by their names."""
    by_hand = services().by_hand
    names = [name for name in TEXTS if name in by_hand.texts()]
    names += [name for name in by_hand.texts() if name not in TEXTS]
    return [Offered(name, _(TEXTS.get(name, name)), by_hand.names_day(name)) for name in names]


def chosen() -> ReviewedText | None:
    """The text that the form names, with its day where it names one; None for none.

    Raises LookupError for another text, ValueError for a day that is none or past.
    """
    by_hand, name = services().by_hand, request.form.get("text", "")
    if not name:
        return None
    day = clock.day_of(request.form.get("day", "")) if by_hand.names_day(name) else None
    return by_hand.chosen(name, day)


def told(phone: str, text: ReviewedText) -> confirm.Told:
    """The text as she gets it. Raises NotSent where she gets no more today."""
    by_hand = services().by_hand
    by_hand.allow(phone)
    language = by_hand.language(phone)
    return confirm.Told(phone, language, by_hand.written(text, language))
