"""The answer of a screen as a text: what a dial would show, where that may go by SMS."""

from dataclasses import dataclass

from gateway import clock
from gateway.conversation.book import Book
from gateway.conversation.checks import CHECKS
from gateway.conversation.engine import Engine, Run
from gateway.conversation.screens import TROUBLE, Ask, Choice, passes_through
from gateway.conversation.session import OF_TEXT, Session, Turn
from gateway.conversation.verbs import UNREACHABLE, Perform
from gateway.messages.details import Details, speaking_for
from gateway.messages.keywords import Route
from gateway.messages.values import Message, Text
from gateway.privacy import Vault

# Nobody holds a line while a text is answered, but a worker waits.
SECONDS = 10.0
# A limit that this phone was told of already gets silence: each of our texts costs.
_SILENT = frozenset({"limited_again"})


@dataclass(frozen=True, slots=True)
class Reply:
    """A text's answer. message None is silence on purpose; turn goes to the journal."""

    message: Message | None
    turn: Turn | None = None


@dataclass(frozen=True)
class Answers:
    """Opens screens for texts. Safe to share between threads. A session is the text's, so asking again does nothing twice."""

    vault: Vault
    book: Book
    engine: Engine
    details: Details
    perform: Perform

    def answer(self, text: Text, route: Route, language: str) -> Reply | None:
        """The reply to a text that opens a screen; None if the core is away: ask again later."""
        screen, rest = self._entry(route)
        reader = self.details.reader(text.phone)
        turn = self._turn(text, screen, rest, language, reader)
        # Asked again after the answer was made: she may have changed her mind, or another may share the phone now.
        if turn and self._withheld(turn, text, reader):
            if not route.takes or screen == route.takes:
                return self._instead(text, route, turn)
            screen = route.takes
            turn = self._turn(text, screen, None, language, None)
        if turn is None:
            return None
        if any(call.outcome in _SILENT for call in turn.calls):
            return Reply(None, turn)
        return _reply(text, turn, self._body(turn, route))

    def _entry(self, route: Route) -> tuple[str, str | None]:
        """The screen to open, and the answer to give it: what followed the word, where that fits there."""
        if route.rest and route.takes:
            return route.takes, route.rest
        screen = self.book.screens[route.screen]
        if isinstance(screen, Ask):
            return route.screen, route.rest or None
        # A screen with a verb may be told a place; a menu or a text has no use for one.
        place = CHECKS["district"](route.rest) if passes_through(screen) else None
        return route.screen, place

    def _turn(
        self, text: Text, screen: str, answer: str | None, language: str, reader: int | None
    ) -> Turn | None:
        session = Session(f"{OF_TEXT}{text.id}", self.vault.phone_key(text.phone), language, medium="sms")
        run = Run(text.phone, self.perform, clock.deadline(SECONDS), 0)
        turn = self.engine.text(speaking_for(session, reader), screen, answer, run)
        away = any(call.outcome == UNREACHABLE for call in turn.calls)
        return None if away or turn.page.screen == TROUBLE else turn

    def _withheld(self, turn: Turn, text: Text, reader: int | None) -> bool:
        return self.details.gated(turn) and (reader is None or self.details.reader(text.phone) != reader)

    def _instead(self, text: Text, route: Route, turn: Turn) -> Reply:
        message = self.details.instead(text.phone, route.screen, turn.language, dedupe_key=f"in:{text.id}")
        page = turn.page._replace(text=message.body, screen=f"sms.{message.template}")
        return Reply(message, turn._replace(page=page, deferred=None))

    def _body(self, turn: Turn, route: Route) -> str:
        """The page, and what to do where its keys would be: how to send the word, or what to dial."""
        screen, name, language = self.book.screens[turn.page.screen], turn.page.screen, turn.language
        if isinstance(screen, Ask) and route.example:
            return f"{turn.page.text}\n{self.book.message('example', language, {'example': route.example})}"
        if isinstance(screen, Choice) and not screen.sms:
            code = self.details.code(name, route.screen)
            return f"{turn.page.text}\n{self.book.message('choose', language, {'code': code})}"
        return turn.page.text


def _reply(text: Text, turn: Turn, body: str) -> Reply:
    page = turn.page._replace(text=body)
    message = Message(f"in:{text.id}", text.phone, body, "reply", page.screen, turn.language)
    return Reply(message, turn._replace(page=page))
