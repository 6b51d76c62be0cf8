"""Who gets details by SMS: figures, reasons, children, loans, health. A text cannot ask for a PIN, so this one place decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.conversation.book import Book
from gateway.conversation.render import say
from gateway.conversation.session import Session, Turn
from gateway.core.port import Core, LinkedPerson
from gateway.messages.values import Message
from gateway.messages.words import write
from gateway.settings import Settings

DECEASED = "gate.deceased"
_OPENS = "open:"  # how the first edge of a text begins
_PLAIN = "*8171#"


class Parts(Protocol):
    """What of the gateway's services it takes to decide."""

    @property
    def settings(self) -> Settings: ...
    @property
    def core(self) -> Core: ...
    @property
    def book(self) -> Book: ...


@dataclass(frozen=True)
class Details:
    """Safe to share between threads."""

    core: Core
    book: Book
    service_code: str

    @classmethod
    def of(cls, parts: Parts) -> "Details":
        code = parts.settings.service_codes.partition(",")[0].strip()
        return cls(parts.core, parts.book, code if code.endswith("#") else _PLAIN)

    def reader(self, phone: str) -> int | None:
        """The person whose details may go to a phone: alive, the only one linked to it, and she allowed it."""
        persons = self.core.registry.persons_on(phone)
        return persons[0].id if len(persons) == 1 and _allows(persons[0]) else None

    def code(self, *screens: str) -> str:
        """What to dial for a screen: the shortcut of the first that has one, else the plain code."""
        named = {target: extension for extension, target in self.book.shortcuts.items()}
        extension = next((named[screen] for screen in screens if screen in named), None)
        return f"{self.service_code[:-1]}*{extension}#" if extension else self.service_code

    def gated(self, turn: Turn) -> bool:
        """Whether a screen on the way to a turn's page stands behind a gate, shut or open: then the page is hers alone."""
        passed = (edge.removeprefix(_OPENS).partition("/")[0] for edge in turn.edges)
        screens = (self.book.screens.get(name) for name in (*passed, turn.page.screen))
        return any(screen is not None and screen.needs is not None for screen in screens)

    def instead(self, phone: str, screen: str, language: str, *, dedupe_key: str) -> Message:
        """What a phone gets that may not have the details of a screen: her open answer if it is hers alone, and what to dial."""
        persons = self.core.registry.persons_on(phone)
        template, values = "private_shared", {"code": self.code(screen)}
        if not persons:
            template, values = "private_unlinked", {}
        elif len(persons) == 1:
            if not persons[0].alive:
                body = say(self.book.layouts[language][DECEASED], {})
                return Message(dedupe_key, phone, body, "reply", DECEASED, language)
            template, values["answer"] = "private", str(self.core.eligibility.coarse_of(persons[0].id))
        return write(self.book, template, language, values, dedupe_key=dedupe_key, phone=phone, lane="reply")


def speaking_for(session: Session, person: int | None, kept: Mapping[str, str] | None = None) -> Session:
    """The session with every gate of a person open, as her PIN would; unchanged for nobody."""
    if person is not None:
        session.person, session.granted = person, {"phone", "person", "pin"}
    session.kept = dict(kept or {})
    return session


def _allows(person: LinkedPerson) -> bool:
    return person.alive and person.details_by_sms
