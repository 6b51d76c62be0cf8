"""What is said to a text: the answer of a screen that a dial would show, or a word of menus/sms.yaml."""

import contextlib
from dataclasses import dataclass
from typing import Protocol

from gateway.actions.perform import Performer
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.conversation.session import OF_TEXT
from gateway.conversation.verbs import Perform
from gateway.core.port import Core, Said
from gateway.errors import StoreUnreachable
from gateway.journal.journal import Journal
from gateway.journal.sessions import Sessions
from gateway.messages import keywords
from gateway.messages.answers import SECONDS, Answers, Reply
from gateway.messages.details import Details
from gateway.messages.keywords import Keywords, Route, pick_language
from gateway.messages.outbox import Outbox
from gateway.messages.values import Text
from gateway.messages.words import spoken, write
from gateway.privacy import Vault
from gateway.settings import Settings

__all__ = ["SECONDS", "Parts", "Replies", "Reply", "performer"]


class Parts(Protocol):
    """What of the gateway's services it takes to answer."""

    @property
    def settings(self) -> Settings: ...
    @property
    def vault(self) -> Vault: ...
    @property
    def core(self) -> Core: ...
    @property
    def book(self) -> Book: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def outbox(self) -> Outbox: ...


def performer(parts: Parts) -> Perform:
    """Runs verbs for texts and late answers: as many at a time as there are threads that wait for them."""
    return Performer(
        parts.core,
        parts.settings.worker_threads + 1,  # the worker's own look is one more
        languages=parts.book.language_names(),
        pin_mark=parts.vault.pin_mark,
    )


@dataclass(frozen=True)
class Replies:
    """Makes replies. Safe to share between threads."""

    vault: Vault
    core: Core
    book: Book
    sessions: Sessions
    keywords: Keywords
    answers: Answers

    @classmethod
    def of(cls, parts: Parts) -> "Replies":
        """Replies on these services. Raises MenuError for keywords that cannot be used."""
        words = keywords.load(parts.settings.menus)
        answers = Answers(parts.vault, parts.book, parts.engine, Details.of(parts), performer(parts))
        return cls(parts.vault, parts.core, parts.book, parts.sessions, words, answers)

    def reply(self, text: Text, *, answer_words: bool = True) -> Reply | None:
        """The reply to a text, the same each time it is asked for; None if the core is away: ask again later.

        answer_words    False: this phone sent so many texts that only a CNIC gets an answer
        """
        route = self.keywords.route(text.body)
        language = spoken(self.book, self.core.registry.contact(text.phone).language)
        if route.do != "cnic" and not answer_words:
            return Reply(None)
        if route.do in {"cnic", "open"}:
            return self.answers.answer(text, route, language)
        template, language = self._do(text, route, language)
        return Reply(
            write(self.book, template, language, dedupe_key=f"in:{text.id}", phone=text.phone, lane="reply")
        )

    def _do(self, text: Text, route: Route, language: str) -> tuple[str, str]:
        """Do what a word asks for; the template to answer with, and its language."""
        registry = self.core.registry
        if route.do == "stop":
            registry.opt_out(text.phone, True)
            return "stopped", language
        if route.do == "start":
            registry.opt_out(text.phone, False)
            return "started", language
        if route.do == "language":
            picked = pick_language(route.rest, self.book.language_words())
            if picked is None:
                return "lang_unknown", language
            registry.choose_language(text.phone, picked, f"{OF_TEXT}{text.id}")
            with contextlib.suppress(
                StoreUnreachable
            ):  # the next dial would speak the old language, for a day at most
                self.sessions.forget(self.vault.phone_key(text.phone))
            return "lang_set", picked
        if route.do == "details":
            return self._details(text, route, language), language
        return route.do, language

    def _details(self, text: Text, route: Route, language: str) -> str:
        """No more figures by SMS for anybody on this phone. To allow them takes a PIN, so for that she is told to dial."""
        if not self.keywords.stops(route.rest):
            return "details_how"
        session = f"{OF_TEXT}{text.id}"
        said = Said("sms", session, f"{language}/{self.book.version}")
        for person in self.core.registry.persons_on(text.phone):
            key = f"{session}/details/{person.id}"
            self.core.consents.choose(person.id, text.phone, key, said, allowed=False)
        return "details_stopped"
