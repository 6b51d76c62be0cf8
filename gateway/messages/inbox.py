"""Texts that came in: kept once under the aggregator's id, answered once, whatever breaks in between."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import bindparam, delete, func, select, update

from gateway import clock
from gateway.conversation.book import Book
from gateway.db import Database, database_reached
from gateway.errors import CoreUnreachable
from gateway.messages.once import insert_new
from gateway.messages.replies import Parts, Replies, Reply
from gateway.messages.retry import after
from gateway.messages.sealed import UNOPENABLE
from gateway.messages.tables import inbox
from gateway.messages.values import Message, Text
from gateway.messages.words import write
from gateway.privacy import Vault

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
MOST_ATTEMPTS = 10
# A text that is no look-up costs us a reply; a machine that answers our replies would go on for ever.
MOST_IN_AN_HOUR = 20
KEEP = timedelta(days=30)
_RIGHT_TO_LEFT = re.compile(r"[\u0600-\u06ff]")  # letters and digits alike

_ANSWERED = (
    update(inbox)
    .where(inbox.c.id == bindparam("text"), inbox.c.answered_at.is_(None))
    .values(answered_at=bindparam("at"), body_sealed="")
)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A text that this worker holds, still sealed."""

    id: str
    phone_sealed: str
    body_sealed: str
    attempts: int
    seen: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text to answer. `seen` is how many texts its phone sent in the hour before it, itself included."""

    text: Text
    attempts: int
    seen: int


class Inbox:
    """The texts and their states. Safe to share between threads.

    nudge   called after a new text was stored, to wake a worker; a failure of it harms nothing
    """

    def __init__(self, database: Database, vault: Vault, nudge: Callable[[], None] | None = None) -> None:
        self._database = database
        self._vault = vault
        self._nudge = nudge
        self._replies: Replies | None = None

    def put(self, text: Text) -> bool:
        """Store a text, once under its id; whether it is new. One quick insert, for a webhook that must answer.

        Raises DatabaseUnreachable.
        """
        now = clock.now()
        row = {
            "id": text.id,
            "phone_key": self._vault.phone_key(text.phone),
            "phone_sealed": self._vault.seal(text.phone),
            "body_sealed": self._vault.seal(text.body),
            "received_at": now,
            "attempts": 0,
            "next_at": now,
        }
        with database_reached(), self._database.writing() as connection:
            new = insert_new(connection, inbox, row)
        if new and self._nudge:
            self._nudge()
        return new

    def answer_all(self, parts: Parts, limit: int = 100) -> int:
        """Answer texts that wait, up to `limit`; the number taken. Any number of workers may do so at once."""
        if self._replies is None:
            self._replies = Replies.of(parts)
        taken = 0
        while taken < limit and (claimed := self._claim()):
            if waiting := self._open(claimed):
                self._answer(parts, self._replies, waiting)
            taken += 1
        return taken

    def purge(self) -> int:
        """Forget texts answered more than 30 days ago; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(inbox).where(inbox.c.answered_at < clock.now() - KEEP)).rowcount

    def _claim(self) -> _Claimed | None:
        """The text that waits longest; nobody else gets it for a minute."""
        now = clock.now()
        due = (
            select(inbox.c.id)
            .where(inbox.c.answered_at.is_(None), inbox.c.next_at <= now)
            .order_by(inbox.c.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        with self._database.writing() as connection:
            row = connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(select(due.c.id)))
                .values(next_at=now + LEASE, attempts=inbox.c.attempts + 1)
                .returning(inbox)
            ).one_or_none()
            if row is None:
                return None
            seen = connection.execute(
                select(func.count()).where(
                    inbox.c.phone_key == row.phone_key,
                    inbox.c.received_at > row.received_at - timedelta(hours=1),
                    inbox.c.received_at <= row.received_at,
                )
            ).scalar_one()
        return _Claimed(row.id, row.phone_sealed, row.body_sealed, row.attempts, seen)

    def _open(self, claimed: _Claimed) -> Waiting | None:
        """The text; None for one that cannot be opened, which counts as answered then."""
        try:
            phone, body = self._vault.open(claimed.phone_sealed), self._vault.open(claimed.body_sealed)
        except UNOPENABLE as error:
            log.error("text_unreadable", id=claimed.id, error=type(error).__name__)  # noqa: TRY400 - a traceback holds the row
            with self._database.writing() as connection:
                connection.execute(_ANSWERED, {"text": claimed.id, "at": clock.now()})
            return None
        return Waiting(Text(claimed.id, phone, "", body), claimed.attempts, claimed.seen)

    def _answer(self, parts: Parts, replies: Replies, waiting: Waiting) -> None:
        try:
            reply = replies.reply(waiting.text, answer_words=waiting.seen <= MOST_IN_AN_HOUR)
        except Exception as error:  # noqa: BLE001 - one text must not stop the others
            kind = type(error).__name__
            log.error("text_not_answered", error=kind, attempts=waiting.attempts)  # noqa: TRY400 - a traceback holds the text
            reply = None
        if reply is None:
            if waiting.attempts < MOST_ATTEMPTS:
                self._postpone(waiting)
                return
            reply = self._apology(parts, waiting.text)
        self._settle(parts, waiting.text, reply)

    def _settle(self, parts: Parts, text: Text, reply: Reply) -> None:
        """The reply and the mark that it was given, in one transaction. The body goes: it may hold a CNIC."""
        with self._database.writing() as connection:
            first = connection.execute(_ANSWERED, {"text": text.id, "at": clock.now()}).rowcount
            if first and reply.message:
                parts.outbox.put(connection, [reply.message])
        if first and reply.turn:
            parts.journal.write([reply.turn], self._vault.phone_key(text.phone))

    def _postpone(self, waiting: Waiting) -> None:
        wait = after(waiting.attempts, FIRST_RETRY, LONGEST_RETRY)
        with self._database.writing() as connection:
            connection.execute(
                update(inbox).where(inbox.c.id == waiting.text.id).values(next_at=clock.now() + wait)
            )

    @staticmethod
    def _apology(parts: Parts, text: Text) -> Reply:
        try:
            language = parts.core.registry.contact(text.phone).language
        except CoreUnreachable:
            language = _written_in(parts.book, text.body)
        message: Message = write(
            parts.book, "answer_failed", language, dedupe_key=f"in:{text.id}", phone=text.phone, lane="reply"
        )
        return Reply(message)


def _written_in(book: Book, body: str) -> str | None:
    """The language offered that is written from the right, for a text that is; None where the script says nothing."""
    if not _RIGHT_TO_LEFT.search(body):
        return None
    return next((code for code in book.offered if book.languages[code].entry.direction == "rtl"), None)
