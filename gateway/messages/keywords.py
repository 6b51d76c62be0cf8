"""What a text to 8171 asks for: a CNIC anywhere in it, or one of our words at its start (menus/keywords.yaml)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError, model_validator

from gateway.conversation.source import plain_faults, read_yaml
from gateway.errors import MenuError
from gateway.privacy import ascii_digits, normal_cnic

FILE = "keywords.yaml"

# What people write between the digits of a card: spaces, dashes of every width, dots.
_GAP = r"\s\-.\u2010-\u2015_"
# Thirteen digits, with gaps or without, that are no part of a longer number.
_CNIC = re.compile(rf"(?<![0-9])[0-9]{{5}}[{_GAP}]*[0-9]{{7}}[{_GAP}]*[0-9](?![0-9])")
# Digits and gaps alone: somebody meant a CNIC.
_NUMBER = re.compile(rf"[0-9{_GAP}+#*]*[0-9][0-9{_GAP}+#*]{{6,}}")
_WORDS = re.compile(r"[^\W_]+")

Do = Literal["help", "language", "stop", "start"]


class Keyword(BaseModel):
    """One entry: its words, and what it does (`do`) or the screen that takes the CNIC (`to`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    do: Do | None = None
    to: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Keyword":
        if (self.do is None) == (self.to is None):
            raise ValueError("needs either `do` or `to`")
        return self


class _File(RootModel[dict[str, Keyword]]):
    pass


@dataclass(frozen=True, slots=True)
class Route:
    """Where a text goes.

    do      `cnic`, `cnic_bad`, `help`, `language`, `stop`, `start`
    screen  the screen that takes `rest`, for `cnic`
    rest    what followed the word; for `cnic` its 13 digits. A person's own, so never logged
    """

    do: str
    screen: str = ""
    rest: str = ""


class Keywords:
    """The words of menus/keywords.yaml. Safe to share between threads."""

    def __init__(self, entries: Mapping[str, Keyword]) -> None:
        self._by_word: dict[str, Keyword] = {}
        for name, entry in entries.items():
            for word in entry.words:
                if self._by_word.setdefault(word.casefold(), entry) is not entry:
                    raise MenuError([f"{FILE}: {name}: the word {word} stands twice"])
        screens = [entry.to for entry in entries.values() if entry.to]
        if len(screens) != 1:
            raise MenuError([f"{FILE}: exactly one entry says with `to` which screen takes a CNIC"])
        self.screen = screens[0]

    def route(self, body: str) -> Route:
        """Where a text goes; what says nothing to us gets help."""
        plain = ascii_digits(body)
        first = _WORDS.search(plain)
        entry = self._by_word.get(first[0].casefold()) if first else None
        if entry and entry.do and first:
            return Route(entry.do, rest=plain[first.end() :].strip())
        found = [cnic for shape in _CNIC.findall(plain) if (cnic := normal_cnic(shape))]
        if len(set(found)) == 1:
            return Route("cnic", self.screen, found[0])
        if entry or found or _NUMBER.fullmatch(plain.strip()):
            return Route("cnic_bad")
        return Route("help")


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


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.replace("_", " ").casefold()))
