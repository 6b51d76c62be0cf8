"""What the call centre sends by hand: one of the reviewed texts of menus/sms.yaml, or a message once more."""

from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select

from gateway import clock
from gateway.conversation.book import Book
from gateway.core.port import ReviewedText
from gateway.db import Database
from gateway.errors import GatewayError
from gateway.messages.history import History, Kept
from gateway.messages.outbox import Outbox
from gateway.messages.tables import outbox
from gateway.messages.values import Message
from gateway.messages.words import Languages, spoken
from gateway.privacy import Vault

# A phone gets no more than this a day from our hands: it is no way to press somebody.
MOST_A_DAY = 5
_MARK = "hand:"
# Answers to what she typed herself may hold what only she should read; these she asks for again.
_ALONE = ("reply",)
# The reminder says within how many minutes she can go on.
_SOON_OVER = ("go_on",)

_KNOWN = select(outbox.c.id).where(outbox.c.dedupe_key == bindparam("key"))
_TODAY = (
    select(func.count())
    .select_from(outbox)
    .where(
        outbox.c.phone_key.in_(bindparam("keys", expanding=True)),
        outbox.c.created_at > bindparam("since"),
        outbox.c.dedupe_key.startswith(_MARK),
    )
)


class NotSent(GatewayError):
    """A message cannot be sent by hand. `why`: gone (its body is kept no more), alone (an answer for her alone),
    over (true for some minutes only), often.
    """

    code = "by_hand"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ByHand:
    """Safe to share between threads."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is made of
        self,
        database: Database,
        vault: Vault,
        book: Book,
        outbox: Outbox,
        history: History,
        languages: Languages,
    ) -> None:
        self._database = database
        self._vault = vault
        self._book = book
        self._outbox = outbox
        self._history = history
        self._languages = languages

    def texts(self) -> tuple[str, ...]:
        """Names of the reviewed texts, in the order of menus/sms.yaml."""
        return tuple(name for name, template in self._book.templates.items() if template.sendable)

    def names_day(self, name: str) -> bool:
        """Whether a reviewed text names a day. Raises LookupError for another text."""
        template = self._book.templates[name]
        if not template.sendable:
            raise LookupError("not a text to send by itself")
        return bool(template.values)

    def chosen(self, name: str, day: date | None) -> ReviewedText:
        """A reviewed text with its day. Raises LookupError for another text, ValueError for a day that does not fit."""
        if self.names_day(name) is (day is None):
            raise ValueError("is needed: the text names a day" if day is None else "the text names none")
        if day is not None and day < clock.today():
            raise ValueError("is past")
        return ReviewedText(name, day)

    def language(self, phone: str) -> str:
        """The language that a phone is written to in."""
        with self._database.reading() as connection:
            return self._language(connection, phone)

    def written(self, text: ReviewedText, language: str) -> str:
        """The body of a reviewed text."""
        values = self._book.templates[text.name].values
        day = text.day.isoformat() if text.day else ""
        return self._book.message(text.name, spoken(self._book, language), dict.fromkeys(values, day))

    def send(self, phone: str, text: ReviewedText, *, key: str, subject: str) -> bool:
        """Send a reviewed text; whether it was put now. Raises NotSent."""
        with self._database.writing() as connection:
            return self.put(connection, phone, text, key=key, subject=subject)

    def put(self, connection: Connection, phone: str, text: ReviewedText, *, key: str, subject: str) -> bool:
        """`send` in a transaction of the caller's."""
        language = self._language(connection, phone)
        body = self.written(text, language)
        return self._put(
            connection, Message(f"{_MARK}{key}", phone, body, "reply", text.name, language, subject)
        )

    def allow(self, phone: str) -> None:
        """Raises NotSent where a phone gets no more today."""
        with self._database.reading() as connection:
            self._allow(connection, phone)

    def kept(self, number: int) -> Kept:
        """A message whose body is kept and may be sent again. Raises LookupError, NotSent."""
        kept = self._history.one(number)
        if kept is None:
            raise LookupError("no such message")
        if why := self.stays(kept):
            raise NotSent(why)
        return kept

    def stays(self, kept: Kept) -> str:
        """Why a message cannot be sent once more, as in `NotSent`; empty where it can."""
        if not (kept.body and kept.phone):  # what cannot be opened any more is as good as gone
            return "gone"
        if kept.template in _SOON_OVER:
            return "over"
        return "alone" if kept.lane in _ALONE and kept.template not in self._book.templates else ""

    def resend(self, number: int, *, key: str) -> bool:
        """Send a kept message once more, as a message of its own; whether it was put now. Raises LookupError, NotSent."""
        kept = self.kept(number)
        message = Message(
            f"{_MARK}{key}",
            kept.phone,
            kept.body,
            "reply",
            kept.template,
            kept.language,
            f"message:{number}",
        )
        with self._database.writing() as connection:
            return self._put(connection, message)

    def _put(self, connection: Connection, message: Message) -> bool:
        if connection.execute(_KNOWN, {"key": message.dedupe_key}).first():
            return False
        self._allow(connection, message.phone)
        self._outbox.put(connection, [message])
        return True

    def _allow(self, connection: Connection, phone: str) -> None:
        values = {"keys": self._vault.phone_keys(phone), "since": clock.now() - timedelta(days=1)}
        if connection.execute(_TODAY, values).scalar_one() >= MOST_A_DAY:
            raise NotSent("often")

    def _language(self, connection: Connection, phone: str) -> str:
        return spoken(self._book, self._languages(connection, [phone]).get(phone))
