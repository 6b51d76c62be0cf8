"""Faults of what is said rather than of the ways: the alphabet of a language, placeholders in its translations."""

from collections.abc import Iterator

from gateway.conversation.book import Book
from gateway.conversation.edges import placeholders, texts_of
from gateway.conversation.gsm import foreign


def misspoken(book: Book) -> Iterator[str]:
    for file, screen, context, english in said(book):
        for code, language in book.languages.items():
            spoken = language.text(context, english)
            at = f"{file}: {screen} ({code})"
            if language.gsm7 and (letters := foreign(spoken)):
                yield f"{at}: GSM-7 cannot write {' '.join(letters)}"
            if spoken != english and (fault := _differs(english, spoken)):
                yield f"{at}: {fault}"
    yield from _figures(book)


def said(book: Book) -> Iterator[tuple[str, str, str, str]]:
    """(file, screen or name, message context, English) of every text of a book."""
    for name, screen in book.screens.items():
        for context, text in texts_of(name, screen):
            yield book.files[name], name, context, text
    for kind, texts in (("word", book.words), ("notice", book.notices), ("term", book.terms)):
        for name, text in texts.items():
            yield f"{kind}s.yaml", name, f"{kind}.{name}", text
    for name, template in book.templates.items():
        yield "sms.yaml", name, f"sms.{name}", template.text


def _differs(english: str, spoken: str) -> str:
    try:
        wanted, found = placeholders(english), placeholders(spoken)
    except ValueError as error:
        return str(error)
    if wanted == found:
        return ""
    lacks = "".join(f" lacks {{{name}}}" for name in sorted(wanted - found))
    adds = "".join(f" adds {{{name}}}" for name in sorted(found - wanted))
    return f"the translation{lacks}{adds}"


def _figures(book: Book) -> Iterator[str]:
    """Names for the language menu, amounts and months must be writable too."""
    for code, language in book.languages.items():
        if letters := foreign(language.name):
            yield f"languages.yaml: {code}: name: GSM-7 cannot write {' '.join(letters)}"
        if language.gsm7 and (letters := foreign(language.money(1) + language.quarter("2026Q1"))):
            yield f"languages.yaml: {code}: money or months: GSM-7 cannot write {' '.join(letters)}"
