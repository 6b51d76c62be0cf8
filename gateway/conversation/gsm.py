"""How long a text is on the air: GSM-7 septets or UCS-2 units, and the segments an SMS of it takes (3GPP TS 23.038, 23.040)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["gsm7", "ucs2"]

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"  # each is an escape and a character: two septets

_BASIC = frozenset(BASIC)
_EXTENSION = frozenset(EXTENSION)
_GSM7 = _BASIC | _EXTENSION
# Quotes, dashes, spaces; Arabic full stop, comma and question mark.
_PLAIN_PUNCTUATION = str.maketrans(
    "\u2018\u2019`\u00b4\u201c\u201d\u2013\u2014\u2010\u2212\u00a0\t\u06d4\u060c\u061f",
    "''''\"\"----  .,?",
)

# Units of a text sent alone, and of each segment of a longer one (an 8-bit reference in the header).
SEGMENT: dict[Encoding, tuple[int, int]] = {"gsm7": (160, 153), "ucs2": (70, 67)}


@dataclass(frozen=True, slots=True)
class Budget:
    """The longest page: septets where a page is pure GSM-7, UTF-16 units where it is not."""

    gsm7: int
    ucs2: int

    def holds(self, text: str) -> bool:
        """Whether a page fits."""
        return self.ucs2 >= _units(text) if not _GSM7.issuperset(text) else self.gsm7 >= _septets(text)

    def of(self, text: str) -> int:
        """The limit that applies to this text."""
        return self.gsm7 if is_gsm7(text) else self.ucs2


def is_gsm7(text: str) -> bool:
    return _GSM7.issuperset(text)


def size(text: str) -> int:
    """Septets of a text that GSM-7 can write, else UTF-16 units."""
    return _septets(text) if is_gsm7(text) else _units(text)


def parts(
    text: str, segment: Mapping[Encoding, tuple[int, int]] = SEGMENT
) -> tuple[Encoding, int, list[int]]:
    """Encoding, number of segments and units of each. An escape pair or a surrogate pair is never divided."""
    encoding: Encoding = "gsm7" if is_gsm7(text) else "ucs2"
    alone, each = segment[encoding]
    if not text:
        return encoding, 0, []
    total = size(text)
    if total <= alone:
        return encoding, 1, [total]
    segments = [0]
    for character in text:
        width = width_of(character, encoding)
        if segments[-1] + width > each:
            segments.append(0)
        segments[-1] += width
    return encoding, len(segments), segments


def width_of(character: str, encoding: Encoding) -> int:
    """Units one character takes: two for an extension character or one beyond the basic plane."""
    if encoding == "gsm7":
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def fold(text: str) -> str:
    """The nearest text in GSM-7: a name from the registry must not turn a whole page into UCS-2."""
    if _GSM7.issuperset(text):
        return text
    return "".join(map(_nearest, text.translate(_PLAIN_PUNCTUATION)))


def _nearest(character: str) -> str:
    if character in _GSM7:
        return character
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if unicodedata.combining(character):
        return ""
    return bare if bare and _GSM7.issuperset(bare) else "?"


def foreign(text: str) -> str:
    """The characters that GSM-7 cannot write, each once, in order."""
    return "".join(dict.fromkeys(character for character in text if character not in _GSM7))


def _septets(text: str) -> int:
    return len(text) if _BASIC.issuperset(text) else sum(2 if c in _EXTENSION else 1 for c in text)


def _units(text: str) -> int:
    return len(text) if not text or max(text) <= "\uffff" else sum(2 if c > "\uffff" else 1 for c in text)
