"""Cuts a text and its options into pages by their true size on the air."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.conversation.gsm import Budget

# More choices than this on one page are a burden to whoever reads slowly.
OPTIONS_A_PAGE = 6


@dataclass(frozen=True, slots=True)
class Nav:
    """The bottom line of a page: `more` where another page follows, `last` where none does; empty for no line.

    first_more and first_last stand on the first page.
    """

    first_more: str = ""
    first_last: str = ""
    more: str = ""
    last: str = ""

    def feet(self, page: int) -> tuple[str, str]:
        """(more, last) for a page counted from 0."""
        return (self.more, self.last) if page else (self.first_more, self.first_last)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stays together. before: what joins it to the piece before on the same page."""

    before: str
    text: str
    option: bool = False


def paginate(text: str, options: Sequence[str], nav: Nav, budget: Budget) -> tuple[str, ...]:
    """The pages, each with its bottom line. A word, and an option line that fits one page, is never divided."""
    whole = _footed("\n".join((text, *options) if text else options), nav.first_last)
    if len(options) <= OPTIONS_A_PAGE and budget.holds(whole):
        return (whole,)
    pieces = [*_words(text, "\n"), *(_Piece("\n", line, option=True) for line in options)]
    pages: list[str] = []
    while pieces:
        more, last = nav.feet(len(pages))
        body, taken = _fill(pieces, (last,), budget)
        if taken == len(pieces):
            pages.append(_footed(body, last))
            break
        # Both lines must fit, so that what is left over is never nothing.
        body, taken = _fill(pieces, (more, last), budget)
        if not taken:
            pieces[:1] = _divide(pieces[0], (more, last), budget)
            continue
        pages.append(_footed(body, more))
        del pieces[:taken]
    return tuple(pages)


def _footed(body: str, foot: str) -> str:
    return f"{body}\n{foot}" if foot and body else body or foot


def _fill(pieces: Sequence[_Piece], feet: tuple[str, ...], budget: Budget) -> tuple[str, int]:
    """As much as fits above each of the feet: the text, and how many pieces it took."""
    body, options = "", 0
    for taken, piece in enumerate(pieces):
        grown = f"{body}{piece.before}{piece.text}" if taken else piece.text
        options += piece.option
        if options > OPTIONS_A_PAGE or not all(budget.holds(_footed(grown, foot)) for foot in feet):
            return body, taken
        body = grown
    return body, len(pieces)


def _words(text: str, before: str) -> Iterator[_Piece]:
    """A text as words, each joined by what stood before it."""
    for line in text.split("\n") if text else ():
        joint = before
        for word in line.split(" "):
            if word:
                yield _Piece(joint, word)
                joint = " "


def _divide(piece: _Piece, feet: tuple[str, ...], budget: Budget) -> list[_Piece]:
    """A piece longer than a page: at spaces if it has any, else between characters, never before a combining mark."""
    words = list(_words(piece.text, piece.before))
    if len(words) > 1:
        return words
    text = words[0].text if words else piece.text
    cut = 1
    while cut < len(text) and all(budget.holds(_footed(text[: cut + 1], foot)) for foot in feet):
        cut += 1
    while cut > 1 and unicodedata.combining(text[cut : cut + 1] or "a"):
        cut -= 1
    return [_Piece(piece.before, text[:cut]), *([_Piece("", text[cut:])] if text[cut:] else [])]
