"""The console's words in the language of who reads: English stands in templates and code, the others in `locale/`.

Every .po of a language counts, so that pages may keep files of their own. Read once; there are no compiled files.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import g, has_request_context, session

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "ur": "اردو"}
_FROM_THE_RIGHT = frozenset({"ur"})


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with `{name}` filled in."""
    found = texts(language()).get(text, text)
    return found.format(**values) if values else found


def mark(text: str) -> str:
    """A text that `_` will be asked for later; marked so that it is found for translation."""
    return text


def language() -> str:
    """The member's choice, or before the sign-in the browser's."""
    if not has_request_context():
        return "en"
    staff = g.get("staff")
    chosen = staff.language if staff else session.get("language", "en")
    return chosen if chosen in LANGUAGES else "en"


def direction() -> str:
    return "rtl" if language() in _FROM_THE_RIGHT else "ltr"


@cache
def texts(code: str) -> Mapping[str, str]:
    """English -> this language. A fuzzy entry is a guess, and guesses are not shown."""
    found: dict[str, str] = {}
    for path in sorted((LOCALE / code / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id and message.string and not message.fuzzy:
                    found[str(message.id)] = str(message.string)
    return found
