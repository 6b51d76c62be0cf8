"""The book: every screen with its texts in every language, checked, and all that can be prepared before a caller comes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from gateway.conversation.aggregators import Aggregator
from gateway.conversation.catalog import Language, load_languages
from gateway.conversation.edges import Edge, all_edges
from gateway.conversation.flow import Flow, trace
from gateway.conversation.gsm import Budget
from gateway.conversation.languages import LanguageList
from gateway.conversation.layouts import MORE, lay_out_all
from gateway.conversation.machine import ScreenMachine, build
from gateway.conversation.render import Layout, write
from gateway.conversation.screens import ALWAYS, CLOSINGS, LADDER, Screen
from gateway.conversation.session import Page
from gateway.conversation.source import plain_faults, read_screens, read_texts, read_yaml
from gateway.conversation.templates import Template, read_templates
from gateway.conversation.verbs import Verb
from gateway.errors import MenuError

_T = TypeVar("_T")


@dataclass(frozen=True)
class Book:
    """Everything a conversation is made of. Read-only; shared by all threads.

    screens     by name; files the file each stands in
    languages   all listed, by code; offered those that callers may choose; default_language where they begin
    layouts     language -> screen -> layout
    notices, words, terms   English texts of menus/*.yaml; templates the messages of sms.yaml
    shortcuts   dial extension -> screen; keywords menus/keywords.yaml as it stands
    version     changes whenever a menu, a text or a language does
    """

    screens: Mapping[str, Screen]
    files: Mapping[str, str]
    verbs: Mapping[str, Verb]
    edges: tuple[Edge, ...]
    flow: Flow
    machine: ScreenMachine
    languages: Mapping[str, Language]
    offered: tuple[str, ...]
    default_language: str
    layouts: Mapping[str, Mapping[str, Layout]]
    notices: Mapping[str, str]
    words: Mapping[str, str]
    terms: Mapping[str, str]
    templates: Mapping[str, Template]
    shortcuts: Mapping[str, str]
    keywords: Mapping[str, Any]
    aggregator: Aggregator
    budget: Budget
    version: str

    @classmethod
    def load(  # noqa: PLR0913, PLR0917 - what a book is read from, and what it is held against
        cls,
        menus: Path,
        config: Path,
        verbs: Mapping[str, Verb],
        aggregator: str,
        offer_unreviewed: bool,  # noqa: FBT001
        needed: Iterable[str] = (),
    ) -> "Book":
        """Read and check everything. Raises MenuError with every fault, one line each.

        needed      terms that must be there: the core has something that no screen names but callers hear of
        """
        from gateway.conversation.check import find_faults  # noqa: PLC0415 - the check reads a book

        faults: list[str] = []
        book = cls._read(menus, config, verbs, aggregator, offer_unreviewed, faults)
        if book is not None:
            faults += find_faults(book)
            faults += [f"terms.yaml: {term}: is missing" for term in needed if term not in book.terms]
        if faults or book is None:
            raise MenuError(list(dict.fromkeys(faults)))
        return book

    @classmethod
    def _read(  # noqa: PLR0913, PLR0917 - what `load` was given, and where the faults go
        cls,
        menus: Path,
        config: Path,
        verbs: Mapping[str, Verb],
        aggregator: str,
        offer_unreviewed: bool,  # noqa: FBT001
        faults: list[str],
    ) -> "Book | None":
        screens, files = read_screens(menus, faults)
        words, notices, terms = (
            read_texts(menus / f"{name}.yaml", faults) for name in ("words", "notices", "terms")
        )
        keywords = read_yaml(menus / "keywords.yaml", faults)
        templates = read_templates(read_yaml(menus / "sms.yaml", faults), "sms.yaml", faults)
        shortcuts = read_texts(config / "shortcuts.yaml", faults)
        entries = read_languages(config, faults)
        carrier = read_aggregators(config, faults).get(aggregator)
        if carrier is None:
            faults.append(f"aggregators.yaml: {aggregator}: is missing")
        missing = [name for name in ("back", "home", "more", "language") if name not in words]
        faults += [f"words.yaml: {name}: is missing" for name in missing]
        if entries is None or carrier is None or missing or not screens:
            if not screens:
                faults.append(f"{menus}: holds no screens")
            return None
        languages = load_languages(menus, entries, terms, faults)
        offered = [
            code for code, entry in entries.languages.items() if entry.reviewed != "no" or offer_unreviewed
        ]
        edges = all_edges(screens)
        entry_points = [
            *ALWAYS,
            *CLOSINGS,
            *(f"gate.{gate}" for gate in LADDER["pin"]),
            *shortcuts.values(),
            *_named(keywords, screens),
        ]
        flow = trace(screens, edges, verbs, entry_points)
        return cls(
            screens=screens,
            files=files,
            verbs=verbs,
            edges=tuple(edges),
            flow=flow,
            machine=build(screens, edges),
            languages=languages,
            offered=tuple(offered),
            default_language=entries.default,
            layouts=lay_out_all(screens, languages, words, flow, carrier.page),
            notices=notices,
            words=words,
            terms=terms,
            templates=templates,
            shortcuts=shortcuts,
            keywords=keywords,
            aggregator=carrier,
            budget=carrier.page,
            version=_version(menus, config),
        )

    def notice(self, name: str, language: str) -> str:
        """A line to put above a page. Raises KeyError for an unknown name."""
        return self.languages[language].text(f"notice.{name}", self.notices[name])

    def message(self, name: str, language: str, values: Mapping[str, Any] | None = None) -> str:
        """The body of a message of menus/sms.yaml. Raises KeyError for an unknown name or a value that is not there."""
        template, speech = self.templates[name], self.languages[language]
        pattern = speech.text(f"sms.{name}", template.text)
        return pattern.format_map(
            {key: write(kind, (values or {})[key], speech) for key, kind in template.values.items()}
        )

    def page(self, screen: str, language: str) -> Page:
        """A closing screen by itself, outside any session. Raises KeyError for a screen that needs values."""
        return Page(self.layouts[language][screen].static[0], end=True, screen=screen)

    def answers(self, page: Page) -> bool:
        """Whether a page tells what was asked for, with nothing more of it behind: who leaves there has her answer."""
        foot = page.text.rpartition("\n")[2]
        return page.screen in self.flow.answering and not foot.startswith(f"{MORE} ")

    def shortcut(self, extension: str) -> str | None:
        """The screen that a dial extension names: `1` in `*8171*1#`."""
        return self.shortcuts.get(extension)

    def language_names(self) -> dict[str, str]:
        """Code -> own name of every language on offer."""
        return {code: self.languages[code].name for code in self.offered}

    def language_words(self) -> dict[str, tuple[str, ...]]:
        """Code -> every word a text may ask for it by, of each language on offer."""
        entries = {code: self.languages[code].entry for code in self.offered}
        return {code: (entry.name, *entry.also) for code, entry in entries.items()}


def _named(keywords: Any, screens: Mapping[str, Screen]) -> list[str]:
    """Screens that texts may open: every name of a screen that stands anywhere in keywords.yaml."""
    if isinstance(keywords, dict):
        return [name for value in keywords.values() for name in _named(value, screens)]
    if isinstance(keywords, list):
        return [name for value in keywords for name in _named(value, screens)]
    return [keywords] if keywords in screens else []


def read_languages(config: Path, faults: list[str]) -> LanguageList | None:
    """config/languages.yaml, or None with its faults noted."""
    return _validated(TypeAdapter(LanguageList), config / "languages.yaml", faults)


def read_aggregators(config: Path, faults: list[str]) -> dict[str, Aggregator]:
    """config/aggregators.yaml by name; empty with its faults noted."""
    return _validated(TypeAdapter(dict[str, Aggregator]), config / "aggregators.yaml", faults) or {}


def _validated(adapter: TypeAdapter[_T], path: Path, faults: list[str]) -> _T | None:
    before = len(faults)
    raw = read_yaml(path, faults)
    if len(faults) > before:
        return None
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        faults += [f"{path.name}: {line}" for line in plain_faults(error)]
        return None


def _version(menus: Path, config: Path) -> str:
    digest = sha256()
    configured = [config / name for name in ("languages.yaml", "aggregators.yaml", "shortcuts.yaml")]
    for path in (
        *sorted(menus.glob("*.yaml")),
        *sorted(menus.glob("locale/*/LC_MESSAGES/menus.po")),
        *configured,
    ):
        digest.update(f"{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
