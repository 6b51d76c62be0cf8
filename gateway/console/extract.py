"""The console's texts for translators: every `_("...")` of templates and code, against the .po files of each language."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from gateway.console import words

_ROOM = Path(__file__).parent


def wanted() -> dict[str, list[str]]:
    """Each English text, with the files it stands in."""
    found: dict[str, list[str]] = {}
    for text, place in _texts():
        places = found.setdefault(text, [])
        if place not in places:
            places.append(place)
    return found


def find_faults() -> list[str]:
    """A line for every text that a language lacks, or whose `{places}` differ."""
    faults = []
    for code in _translated():
        texts = words.texts(code)
        for english in wanted():
            if english not in texts:
                faults.append(f"console ({code}): not translated: {english}")
            elif _filled(english) != _filled(texts[english]):
                faults.append(f"console ({code}): other places to fill: {english}")
    return faults


def write_missing() -> list[str]:
    """Put what a language lacks into its console.po, to be translated there; a line for each language."""
    lines = []
    for code in _translated():
        folder = words.LOCALE / code / "LC_MESSAGES"
        elsewhere = {
            str(message.id)
            for path in folder.glob("*.po")
            if path.name != "console.po"
            for message in _read(path, code)
        }
        own = _read(folder / "console.po", code)
        made = Catalog(
            locale=code,
            header_comment=f"# The call centre's pages in {code}.",
            project="ehsaas-gateway",
            charset="utf-8",
            creation_date=own.creation_date,
            revision_date=own.revision_date,
            last_translator="",
            language_team="",
            fuzzy=False,
        )
        fresh = 0
        for english, places in sorted(wanted().items()):
            if english in elsewhere:
                continue
            kept = own.get(english)
            fresh += kept is None
            made.add(english, kept.string if kept else "", locations=[(place, 0) for place in sorted(places)])
        with (folder / "console.po").open("wb") as file:
            write_po(file, made, width=110, include_lineno=False, omit_header=False)
        lines.append(f"console ({code}): {fresh} new")
    return lines


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted(_ROOM.glob("templates/*.html")):
        with path.open("rb") as file:
            for _line, _function, asked, _comments in babel_extract(file, ("_",), (), {}):
                said = asked[0] if isinstance(asked, tuple) else asked  # with values to fill in it is a tuple
                if said:  # nothing, where `_` is given a value that is known only when the page is made
                    yield str(said), path.name
    for path in sorted(_ROOM.glob("*.py")):
        for _line, text, _comments, _context in extract_from_file("python", path, {"_": None, "mark": None}):
            yield str(text), path.name


def _translated() -> list[str]:
    return [code for code in words.LANGUAGES if code != "en"]


def _read(path: Path, code: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _filled(text: str) -> set[str]:
    return {piece.partition("}")[0] for piece in text.split("{")[1:]}
