"""What a text to 8171 asks for: a CNIC anywhere in it, or one of our words at its start (menus/keywords.yaml)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError, model_validator

from gateway.conversation.source import plain_faults, read_yaml
from gateway.errors import MenuError
from gateway.privacy import ascii_digits, normal_cnic

FILE = "keywords.yaml"
CNIC = "cnic"  # the entry whose screen takes a bare CNIC

# What people write between the digits of a card: spaces, dashes of every width, dots.
_GAP = r"\s\-.\u2010-\u2015_"
# Thirteen digits, with gaps or without, that are no part of a longer number.
_CNIC = re.compile(rf"(?<![0-9])[0-9]{{5}}[{_GAP}]*[0-9]{{7}}[{_GAP}]*[0-9](?![0-9])")
# Digits and gaps alone: somebody meant a CNIC.
_NUMBER = re.compile(rf"[0-9{_GAP}+#*]*[0-9][0-9{_GAP}+#*]{{6,}}")
_WORDS = re.compile(r"[^\W_]+")
# What may stand between a word and what follows it, and at the end.
_AROUND = " \t\r\n:;,.!?#*-\u060c\u06d4\u061f"
# Letters that Arabic keyboards have in place of Urdu ones.
_URDU = str.maketrans("\u064a\u0649\u0643\u0647", "\u06cc\u06cc\u06a9\u06c1")

Do = Literal["help", "language", "stop", "start", "details"]


class Keyword(BaseModel):
    """One entry: its words, and what it does (`do`) or the screen that it opens (`to`).

    takes       the screen that takes what follows the word, where `to` is not it; example: how to send it, on the word
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    do: Do | None = None
    to: str | None = None
    takes: str | None = Field(None, alias="with")
    example: str = Field("", max_length=40)

    @model_validator(mode="after")
    def _one_way(self) -> "Keyword":
        if (self.do is None) == (self.to is None):
            raise ValueError("needs either `do` or `to`")
        if self.to is None and (self.takes or self.example):
            raise ValueError("`with` and `example` go with `to`")
        if self.takes and not self.example:
            raise ValueError("`with` needs an `example`")
        return self


class _File(RootModel[dict[str, Keyword]]):
    pass


@dataclass(frozen=True, slots=True)
class Route:
    """Where a text goes.

    do      `cnic`, `cnic_bad`, `open`, `help`, `language`, `stop`, `start`, `details`
    screen  the screen to open, for `open`; the one that takes `rest`, for `cnic`
    rest    what followed the word; for `cnic` its 13 digits. A person's own, so never logged
    takes   the screen that takes `rest` instead of `screen`, or empty; example how to send it
    """

    do: str
    screen: str = ""
    rest: str = ""
    takes: str = ""
    example: str = ""


class Keywords:
    """The words of menus/keywords.yaml. Safe to share between threads."""

    def __init__(self, entries: Mapping[str, Keyword]) -> None:
        self._by_word: dict[str, Keyword] = {}
        for name, entry in entries.items():
            for word in entry.words:
                if self._by_word.setdefault(_same(word), entry) is not entry:
                    raise MenuError([f"{FILE}: {name}: the word {word} stands twice"])
        self._cnic = entries.get(CNIC)
        if self._cnic is None or self._cnic.to is None:
            raise MenuError([f"{FILE}: {CNIC}: says with `to` which screen takes a CNIC, and must be there"])
        self.screen = self._cnic.to
        self._stops = frozenset(word for word, entry in self._by_word.items() if entry.do == "stop")

    def route(self, body: str) -> Route:
        """Where a text goes; what says nothing to us gets help."""
        plain = ascii_digits(body)
        first = _WORDS.search(plain)
        entry = self._by_word.get(_same(first[0])) if first else None
        rest = plain[first.end() :].strip(_AROUND) if first else ""
        if entry and entry.do:
            return Route(entry.do, rest=rest)
        found = [cnic for shape in _CNIC.findall(plain) if (cnic := normal_cnic(shape))]
        if len(set(found)) == 1:
            return Route("cnic", self.screen, found[0])
        if entry and entry is not self._cnic:
            return Route("open", entry.to or "", rest, entry.takes or "", entry.example)
        if entry or found or _NUMBER.fullmatch(plain.strip()):
            return Route("cnic_bad")
        return Route("help")

    def stops(self, rest: str) -> bool:
        """Whether one of the words for stopping stands in what followed a word."""
        return any(_same(word) in self._stops for word in _WORDS.findall(rest))


def load(menus: Path) -> Keywords:
    """The keywords of a menu folder. Raises MenuError."""
    faults: list[str] = []
    raw = read_yaml(menus / FILE, faults)
    if faults:
        raise MenuError(faults)
    try:
        return Keywords(_File.model_validate(raw).root)
    except ValidationError as error:
        raise MenuError([f"{FILE}: {line}" for line in plain_faults(error)]) from None


def pick_language(asked: str, offered: Mapping[str, Sequence[str]]) -> str | None:
    """The code of the language that `asked` names, as a whole or else by its first word that does; None if none does.

    offered: code -> the names it goes by. A code, a name or the beginning of one names a language if no other has it.
    """
    spelt = {code: tuple(map(_plain, (code, *names))) for code, names in offered.items()}
    wanted = _plain(asked)
    return next(filter(None, (_named(each, spelt) for each in (wanted, *wanted.split()))), None)


def _named(wanted: str, names: Mapping[str, Sequence[str]]) -> str | None:
    for fits in (lambda name: name == wanted, lambda name: len(wanted) > 1 and name.startswith(wanted)):
        found = [code for code, spelt in names.items() if any(map(fits, spelt))]
        if len(found) == 1:
            return found[0]
    return None


def _same(word: str) -> str:
    """A word as it is compared: without capitals, with Urdu's own letters."""
    return word.translate(_URDU).casefold()


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.replace("_", " ").casefold()))
