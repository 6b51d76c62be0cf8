"""What is said to a text: the answer to a CNIC from the same screens as a dial, or a word of menus/sms.yaml."""

import contextlib
from dataclasses import dataclass
from typing import Protocol

from gateway import clock
from gateway.actions.perform import Performer
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine, Run
from gateway.conversation.screens import TROUBLE
from gateway.conversation.session import Session, Turn
from gateway.conversation.verbs import UNREACHABLE, Perform
from gateway.core.port import Core
from gateway.errors import StoreUnreachable
from gateway.journal.journal import Journal
from gateway.journal.sessions import Sessions
from gateway.messages import keywords
from gateway.messages.keywords import Keywords, Route, pick_language
from gateway.messages.outbox import Outbox
from gateway.messages.values import Message, Text
from gateway.messages.words import spoken, write
from gateway.privacy import Vault
from gateway.settings import Settings

# Nobody holds a line while a text is answered, but a worker waits.
SECONDS = 10.0
# A limit that this phone was told of already gets silence: each of our texts costs.
_SILENT = frozenset({"limited_again"})


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


@dataclass(frozen=True, slots=True)
class Reply:
    """A text's answer. message None is silence on purpose; turn goes to the journal."""

    message: Message | None
    turn: Turn | None = None


@dataclass(frozen=True)
class Replies:
    """Makes replies. Safe to share between threads."""

    vault: Vault
    core: Core
    book: Book
    engine: Engine
    sessions: Sessions
    keywords: Keywords
    perform: Perform

    @classmethod
    def of(cls, parts: Parts) -> "Replies":
        """Replies on these services. Raises MenuError for keywords that cannot be used."""
        words = keywords.load(parts.settings.menus)
        return cls(parts.vault, parts.core, parts.book, parts.engine, parts.sessions, words, performer(parts))

    def reply(self, text: Text, *, answer_words: bool = True) -> Reply | None:
        """The reply to a text, the same each time it is asked for; None if the core is away: ask again later.

        answer_words    False: this phone sent so many texts that only a CNIC gets an answer
        """
        route = self.keywords.route(text.body)
        language = spoken(self.book, self.core.registry.contact(text.phone).language)
        if route.do == "cnic":
            return self._look_up(text, route, language)
        if not answer_words:
            return Reply(None)
        template, language = self._do(text, route, language)
        return Reply(
            write(self.book, template, language, dedupe_key=f"in:{text.id}", phone=text.phone, lane="reply")
        )

    def _look_up(self, text: Text, route: Route, language: str) -> Reply | None:
        """Ask the screen that a dial would show; its key is the text's, so asking again counts no second look-up."""
        session = Session(f"sms:{text.id}", self.vault.phone_key(text.phone), language, medium="sms")
        run = Run(text.phone, self.perform, clock.deadline(SECONDS), 0)
        turn = self.engine.text(session, route.screen, route.rest, run)
        outcomes = {call.outcome for call in turn.calls}
        if UNREACHABLE in outcomes or turn.page.screen == TROUBLE:
            return None
        if outcomes & _SILENT:
            return Reply(None, turn)
        message = Message(
            f"in:{text.id}", text.phone, turn.page.text, "reply", turn.page.screen, turn.language
        )
        return Reply(message, turn)

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
            registry.choose_language(text.phone, picked, f"sms:{text.id}")
            with contextlib.suppress(
                StoreUnreachable
            ):  # the next dial would speak the old language, for a day at most
                self.sessions.forget(self.vault.phone_key(text.phone))
            return "lang_set", picked
        return route.do, language
