"""What was typed, as an answer to the screen shown: an option, a row, a checked answer, or a reason why not."""

from collections.abc import Mapping
from typing import Any

from gateway.conversation.asking import ask
from gateway.conversation.book import Book
from gateway.conversation.checks import CHECKS, keys_to_keep, reason_of
from gateway.conversation.edges import Edge, placeholders
from gateway.conversation.flow import given_by
from gateway.conversation.layouts import BACK, HOME, MORE
from gateway.conversation.render import write
from gateway.conversation.screens import BUSY, ROOT, TROUBLE, Ask, Choice, List, Retry
from gateway.conversation.session import Session
from gateway.conversation.values import Kind
from gateway.conversation.walk import Walk
from gateway.privacy import ascii_digits


class Answers:
    """Answers over one book; shared by all threads."""

    def __init__(self, book: Book) -> None:
        self.book = book
        # Key typed -> (edge, target) for every choice: nothing is put together in a hop.
        self._options = {
            name: {
                str(number): (f"{name}/{key}", option.to)
                for number, (key, option) in enumerate(screen.options.items(), 1)
            }
            for name, screen in book.screens.items()
            if isinstance(screen, Choice)
        }

    def reply(self, walk: Walk, session: Session, typed: str) -> None:
        """What was typed, as an answer to the screen shown."""
        screen = self.book.screens[session.screen]
        frame = session.frame
        values = frame.values if frame is not None else {}
        if isinstance(screen, Choice):
            options = self._options[session.screen]
            if way := options.get(typed) or options.get(ascii_digits(typed)):
                walk.follow(*way, values)
                return
        elif isinstance(screen, Ask):
            self.answer(walk, session, screen, typed)
            return
        elif isinstance(screen, List) and screen.to is not None:
            digits = ascii_digits(typed)
            rows = values[screen.rows]
            if digits.isascii() and digits.isdigit() and len(digits) <= 3 and 0 < int(digits) <= len(rows):
                walk.picked = str(rows[int(digits) - 1]["id"])
                walk.follow(f"{session.screen}/to", screen.to, values)
                return
        walk.refuse(self.book.notice("not_an_option" if typed else "nothing_typed", session.language))

    def answer(self, walk: Walk, session: Session, screen: Ask, typed: str) -> None:
        answer = CHECKS[screen.check](typed)
        if answer is None:
            walk.refuse(
                self.book.notice(reason_of(screen.check) if typed else "nothing_typed", session.language)
            )
            return
        walk.answer, walk.secret = answer, screen.secret
        name, values = session.screen, session.frame.values if session.frame is not None else {}
        if screen.keep:
            session.kept[screen.keep] = answer
        if screen.do is None:
            walk.follow(f"{name}/to", screen.to or ROOT, values)
            return
        outcome = ask(walk, name, screen.do)
        if outcome is None:
            walk.close(TROUBLE)
            return
        target = screen.then[outcome.name]
        if isinstance(target, Retry):
            walk.deferred = None
            known = {**values, **outcome.values}
            walk.refuse(reason_why(self.book, session.language, f"{name}.{outcome.name}", target, known))
            return
        if target in {BUSY, TROUBLE}:
            walk.deferred = None  # nobody was told that an answer would follow
        walk.follow(f"{name}/{outcome.name}", target, {**values, **outcome.values})

    def keys_to_keep(self, session: Session, typed: str) -> str:
        """What the journal may hold of the keys."""
        screen = self.book.screens.get(session.screen)
        if typed in {HOME, BACK, MORE}:
            return typed
        check = screen.check if isinstance(screen, Ask) else None
        options = len(self._options.get(session.screen, ()))
        return keys_to_keep(typed, check, isinstance(screen, Ask) and screen.secret, options)


def reason_why(book: Book, language: str, context: str, again: Retry, values: Mapping[str, Any]) -> str:
    """The line that says why an answer was not taken. context: `screen.outcome`. Raises KeyError for a value that is not there."""
    name = context.rpartition(".")[0]
    screen, speech = book.screens[name], book.languages[language]
    pattern = speech.text(context, again.retry)
    kinds = {
        **book.flow.ready.get(name, {}),
        **given_by(Edge("", name, name, getattr(screen, "do", None)), book.verbs),
    }
    written = {}
    for value in placeholders(pattern):
        kind = kinds[value]
        if isinstance(kind, Kind):
            written[value] = write(kind, values[value], speech)
    return pattern.format_map(written)
