"""Answers that did not come within a hop: asked again until the core gives them, and sent by SMS."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import delete, select, update

from gateway import clock
from gateway.conversation.codec import UnreadableSession, load_deferred
from gateway.conversation.engine import Run
from gateway.conversation.screens import TROUBLE
from gateway.conversation.session import Deferred, Session
from gateway.conversation.verbs import UNREACHABLE, Perform
from gateway.db import Database
from gateway.journal.stream import Entry
from gateway.messages.details import Details, speaking_for
from gateway.messages.once import insert_new
from gateway.messages.replies import SECONDS, Parts, performer
from gateway.messages.retry import after
from gateway.messages.sealed import UNOPENABLE
from gateway.messages.tables import deferred as table
from gateway.messages.values import Message
from gateway.messages.words import write

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(minutes=10)
MOST_ATTEMPTS = 20  # some two hours
LEFT_SECONDS = 60.0
KEEP = timedelta(days=30)
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Owed:
    key: str
    sealed: str
    attempts: int


class DeferredAnswers:
    """Takes what hops left behind, keeps it in SQL, asks, answers. Safe to share between threads and processes."""

    def __init__(self, parts: Parts, database: Database, perform: Perform | None = None) -> None:
        self._parts = parts
        self._database = database
        self._perform = perform or performer(parts)
        self._details = Details.of(parts)

    def collect(self) -> int:
        """Move what hops pushed into SQL; the number moved. Twice the same question is one row."""
        return self._keep(self._parts.sessions.deferred.take(200))

    def collect_left(self) -> int:
        """Move what a dead worker had taken."""
        return self._keep(self._parts.sessions.deferred.take_left(LEFT_SECONDS))

    def ask(self) -> int:
        """Ask again what is due; the number asked."""
        asked = 0
        while asked < _AT_ONCE and (owed := self._claim()):
            self._ask(owed)
            asked += 1
        return asked

    def purge(self) -> int:
        """Forget what was answered more than 30 days ago; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(table).where(table.c.answered_at < clock.now() - KEEP)).rowcount

    def _keep(self, entries: list[Entry]) -> int:
        rows = [row for entry in entries if (row := self._row(entry))]
        with self._database.writing() as connection:
            for row in rows:
                insert_new(connection, table, row)
        self._parts.sessions.deferred.done(entries)
        return len(entries)

    def _row(self, entry: Entry) -> dict[str, object] | None:
        try:
            sealed = entry.body.decode()
            question, _ = self._open(sealed)
        except (UnreadableSession, *UNOPENABLE) as error:
            log.warning("deferred_unreadable", error=type(error).__name__)
            return None
        now = clock.now()
        return {"key": question.key[:200], "sealed": sealed, "created_at": now, "attempts": 0, "next_at": now}

    def _open(self, sealed: str) -> tuple[Deferred, str]:
        return load_deferred(self._parts.vault.open(sealed))

    def _claim(self) -> _Owed | None:
        now = clock.now()
        due = (
            select(table.c.key)
            .where(table.c.answered_at.is_(None), table.c.next_at <= now)
            .order_by(table.c.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        with self._database.writing() as connection:
            row = connection.execute(
                update(table)
                .where(table.c.key.in_(select(due.c.key)))
                .values(next_at=now + LEASE, attempts=table.c.attempts + 1)
                .returning(table.c.key, table.c.sealed, table.c.attempts)
            ).one_or_none()
        return _Owed(row.key, row.sealed, row.attempts) if row else None

    def _ask(self, owed: _Owed) -> None:
        try:
            question, phone = self._open(owed.sealed)
            message = self._answer(question, phone)
        except Exception as error:  # noqa: BLE001 - one answer must not stop the others
            kind = type(error).__name__
            log.error("deferred_failed", error=kind, attempts=owed.attempts)  # noqa: TRY400 - a traceback holds values
            message = None
            if owed.attempts >= MOST_ATTEMPTS:
                self._settle(owed, None)
                return
        if message is None and owed.attempts < MOST_ATTEMPTS:
            self._postpone(owed)
            return
        self._settle(owed, message or self._words("answer_failed", question, phone))

    def _answer(self, question: Deferred, phone: str) -> Message | None:
        """The SMS that answers; None if the core is still away."""
        session_id, _, offset = question.key.rsplit("/", 2)
        session = speaking_for(
            Session(session_id, self._parts.vault.phone_key(phone), question.language),
            question.person,
            question.kept,
        )
        run = Run(phone, self._perform, clock.deadline(SECONDS), int(offset))
        turn = self._parts.engine.text(session, question.screen, question.answer, run, picked=question.picked)
        if turn.page.screen == TROUBLE or any(call.outcome == UNREACHABLE for call in turn.calls):
            return None
        gated = self._details.gated(turn) or self._gated(question)
        # Asked after the answer was made: she may have changed her mind meanwhile.
        if gated and (question.person is None or self._details.reader(phone) != question.person):
            code = self._details.code(question.screen)
            return self._words("answer_ready", question, phone, {"code": code})
        return Message(
            f"late:{question.key}", phone, turn.page.text, "reply", turn.page.screen, turn.language
        )

    def _gated(self, question: Deferred) -> bool:
        """Whether the question was hers alone. What she typed herself, on an open screen, anybody may ask."""
        gone = question.screen not in self._parts.book.screens
        return gone or (question.person is not None and question.answer is None)

    def _words(
        self, template: str, question: Deferred, phone: str, values: dict[str, str] | None = None
    ) -> Message:
        return write(
            self._parts.book,
            template,
            question.language,
            values,
            dedupe_key=f"late:{question.key}",
            phone=phone,
            lane="reply",
        )

    def _postpone(self, owed: _Owed) -> None:
        wait = after(owed.attempts, FIRST_RETRY, LONGEST_RETRY)
        with self._database.writing() as connection:
            connection.execute(
                update(table).where(table.c.key == owed.key).values(next_at=clock.now() + wait)
            )

    def _settle(self, owed: _Owed, message: Message | None) -> None:
        """The answer and the mark that it was given, in one transaction. The question goes: it may hold a CNIC."""
        with self._database.writing() as connection:
            first = connection.execute(
                update(table)
                .where(table.c.key == owed.key, table.c.answered_at.is_(None))
                .values(answered_at=clock.now(), sealed="")
            ).rowcount
            if first and message:
                self._parts.outbox.put(connection, [message])
