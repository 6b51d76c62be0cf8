"""Messages from the words of menus/sms.yaml."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from gateway.messages.values import Message

# Phone -> the language chosen for it, where one was; asked on the connection of a move, since SQLite's one writer
# is at work there.
Languages = Callable[[Connection, Sequence[str]], Mapping[str, str]]


class Wording(Protocol):
    """What the book offers for messages."""

    @property
    def default_language(self) -> str: ...
    @property
    def languages(self) -> Mapping[str, Any]: ...
    def message(self, name: str, language: str, values: Mapping[str, Any] | None = None) -> str: ...


def spoken(book: Wording, language: str | None) -> str:
    """The language to write in: the one chosen, where there still is such a one, else the default."""
    return language if language in book.languages and language else book.default_language


def write(  # noqa: PLR0913 - a message has these
    book: Wording,
    template: str,
    language: str | None,
    values: Mapping[str, Any] | None = None,
    *,
    dedupe_key: str,
    phone: str,
    lane: str,
    subject: str = "",
) -> Message:
    """A message of a template, in the language given or the default one. Raises KeyError as the book does."""
    chosen = spoken(book, language)
    return Message(dedupe_key, phone, book.message(template, chosen, values), lane, template, chosen, subject)
