"""A language: its translations with what it borrows, and how it writes money, days and our own terms."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from gateway.conversation.languages import LanguageEntry, LanguageList

# `*8171*1#`, with a gap or without, or the gap `{code}` that holds one.
_DIAL_CODE = re.compile(r"\*8171[^\s#]*#|\{code\}")
# Holds a dial code together, left to right, where the text around it runs from the right.
_LEFT_TO_RIGHT = "\u200e"

Translations = Mapping[tuple[str, str], str]  # (context, English) -> text


class Language:
    """Fulfils `values.Words`. Built once, shared by all threads.

    lenders     translations to look in, this language's first; English stands in the menus themselves
    """

    def __init__(
        self, code: str, entry: LanguageEntry, lenders: list[Translations], terms: Mapping[str, str]
    ) -> None:
        self.code, self.entry, self.name = code, entry, entry.name
        self.gsm7 = entry.script == "gsm7"
        self._lenders = lenders
        months = Locale.parse(entry.months).months["format"]["abbreviated"]
        self._months = {number: str(months[number]) for number in range(1, 13)}
        self._terms = {name: self.text(f"term.{name}", english) for name, english in terms.items()}

    def text(self, context: str, english: str) -> str:
        """A text in this language, or borrowed, or as it stands in the menu."""
        key = (context, english)
        return next((lender[key] for lender in self._lenders if key in lender), english)

    def money(self, rupees: int) -> str:
        return self.entry.money.format(amount=f"{rupees:,}")

    def day(self, day: date) -> str:
        return f"{day.day} {self._months[day.month]} {day.year}"

    def quarter(self, quarter: str) -> str:
        """`2026Q4` as `Oct-Dec 2026`."""
        first = 3 * int(quarter[5]) - 2
        return f"{self._months[first]}-{self._months[first + 2]} {quarter[:4]}"

    def term(self, name: str) -> str:
        """Raises KeyError for a term that menus/terms.yaml does not have."""
        return self._terms[name]

    def terms(self, family: str) -> tuple[str, ...]:
        return tuple(text for name, text in self._terms.items() if name.startswith(f"{family}."))


def po_path(menus: Path, code: str) -> Path:
    return menus / "locale" / code / "LC_MESSAGES" / "menus.po"


def read_catalog(menus: Path, code: str, faults: list[str]) -> Catalog:
    """The .po of a language; empty where there is none."""
    path = po_path(menus, code)
    if not path.exists():
        return Catalog(locale=code)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=code, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        faults.append(f"{path.name}: ({code}): {error}")
        return Catalog(locale=code)


def usable(catalog: Catalog) -> dict[tuple[str, str], str]:
    """What a catalog can be trusted with: a fuzzy entry is a guess, and guesses are not shown."""
    return {
        (message.context or "", str(message.id)): str(message.string).strip()
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }


def _readable(texts: dict[tuple[str, str], str], entry: LanguageEntry) -> dict[tuple[str, str], str]:
    """The texts, with every dial code in right-to-left writing marked, or it would be shown back to front."""
    if entry.direction == "ltr":
        return texts
    marked = rf"{_LEFT_TO_RIGHT}\g<0>{_LEFT_TO_RIGHT}"
    return {key: _DIAL_CODE.sub(marked, text) for key, text in texts.items()}


def load_languages(
    menus: Path, entries: LanguageList, terms: Mapping[str, str], faults: list[str]
) -> dict[str, Language]:
    """Every listed language by code, in the order of the list."""
    own = {
        code: _readable(usable(read_catalog(menus, code, faults)), entry)
        for code, entry in entries.languages.items()
    }
    languages = {}
    for code, entry in entries.languages.items():
        # What comes after the source in a chain cannot lend anything that the source does not have.
        chain = entries.chain(code)
        lenders = chain[: chain.index(entries.source)]
        languages[code] = Language(code, entry, [own[lender] for lender in lenders if own[lender]], terms)
    return languages
