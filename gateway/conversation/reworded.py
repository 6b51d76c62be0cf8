"""A page that was shown, in another language: the same screen, the same values, today's words. What cannot be written so is not guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.conversation.answers import reason_why
from gateway.conversation.book import Book
from gateway.conversation.gsm import Budget
from gateway.conversation.render import say, show
from gateway.conversation.screens import Ask, Retry
from gateway.conversation.session import Frame, Turn

_WHOLE = Budget(100_000, 100_000)


@dataclass(frozen=True, slots=True)
class Reworded:
    """text: the whole screen, all its pages in one.

    same        whether today's book still writes her own page word for word, so that this says just what she read
    page, pages which page of how many she saw, where it is the same
    """

    text: str
    same: bool
    page: int = 1
    pages: int = 1


def reword(book: Book, turn: Turn, frame: Frame, into: str) -> Reworded | None:
    """Her page in the language `into`. frame: the same step taken again, with its values. None where it cannot be written."""
    if frame.screen != turn.page.screen:
        return None
    return _written(book, turn, frame.values, frame.notice, into)


def reword_alone(book: Book, turn: Turn, into: str) -> Reworded | None:
    """As `reword`, from what this turn's own calls gave: an SMS, or a step that today's menus do not come to."""
    values = {name: value for call in turn.calls for name, value in call.values.items()}
    found = _written(book, turn, values, "", into)
    return found if found and found.same else None  # with nothing to go by, only what is proved


def _written(book: Book, turn: Turn, values: Mapping[str, Any], notice: str, into: str) -> Reworded | None:
    screen = turn.page.screen
    hers, theirs = (book.layouts.get(code, {}).get(screen) for code in (turn.language, into))
    if hers is None or theirs is None:
        return None
    try:
        if turn.opening is None and turn.number == 1:  # a text message: no pages, no options
            return Reworded(say(theirs, values), say(hers, values) == turn.page.text)
        said = _notice(book, turn, values, notice, into) if notice else ""
        if said is None:
            return None
        pages = show(hers, values, book.budget, notice)
        (whole,) = show(replace(theirs, static=()), values, _WHOLE, said)
    except (KeyError, ValueError, TypeError):
        return None
    if turn.page.text in pages:
        return Reworded(whole, True, pages.index(turn.page.text) + 1, len(pages))
    return Reworded(whole, same=False)


def _notice(book: Book, turn: Turn, values: Mapping[str, Any], notice: str, into: str) -> str | None:
    """The line above a page in another language, if it is one of ours; None if it is not known whose it is."""
    for name in book.notices:
        if book.notice(name, turn.language) == notice:
            return book.notice(name, into)
    screen = book.screens[turn.page.screen]
    if isinstance(screen, Ask) and turn.calls:
        call = turn.calls[-1]
        again = screen.then.get(call.outcome)
        context, known = f"{turn.page.screen}.{call.outcome}", {**values, **call.values}
        if isinstance(again, Retry) and reason_why(book, turn.language, context, again, known) == notice:
            return reason_why(book, into, context, again, known)
    return None
