"""The journal in SQL: turns drained from the stream, or written straight where Redis is away, and read back."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy import Row, bindparam, delete, func, select
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from gateway import clock
from gateway.conversation.screens import NO_ANSWER
from gateway.conversation.session import Opening, Page, Turn
from gateway.db import Database, database_reached
from gateway.errors import ForeignSession, GatewayError, StoreUnreachable
from gateway.journal.link import Link
from gateway.journal.passed import ANSWERED, Passed
from gateway.journal.record import Recorded, read_call, read_entry, write_entry
from gateway.journal.rows import (
    Answers,
    End,
    InConfidence,
    close_session,
    no_answers,
    none_in_confidence,
    put_turns,
)
from gateway.journal.sessions import JOURNAL
from gateway.journal.stream import Entry, Stream
from gateway.journal.tables import turn, ussd_session

__all__ = ["Journal", "Passed"]

log = structlog.get_logger()

LEFT_SECONDS = 60.0  # a batch takes a fraction of a second; what is older was taken by a worker that died
CATCH_UP_SECONDS = 0.5
_PURGE_BATCH = 2_000


_LATEST = select(ussd_session).order_by(ussd_session.c.last_at.desc(), ussd_session.c.id)
_ONE = select(ussd_session).where(ussd_session.c.id == bindparam("id"))
_ANSWERED = func.coalesce(
    ussd_session.c.outcome == ANSWERED, ussd_session.c.ended & ussd_session.c.screen.not_in(NO_ANSWER)
)
_TURNS = (
    select(turn, ussd_session.c.phone_key)
    .join(ussd_session, ussd_session.c.id == turn.c.session)
    .order_by(turn.c.number)
)
_MARKS = (
    select(turn.c.number, turn.c.trail_length, turn.c.opening, ussd_session.c.phone_key)
    .join(ussd_session, ussd_session.c.id == turn.c.session)
    .order_by(turn.c.number)
)


class Journal:
    """The journal. Safe to share between threads; any number of workers may drain at once.

    answers: as in `put_turns`; in_confidence: which of the references that texts name are told in confidence
    """

    def __init__(
        self,
        database: Database,
        link: Link,
        *,
        keep: bool = True,
        answers: Answers = no_answers,
        in_confidence: InConfidence = none_in_confidence,
    ) -> None:
        self._database = database
        self._stream = Stream(link, JOURNAL)
        self._keep = keep
        self._answers = answers
        self._in_confidence = in_confidence
        self._caught_up = 0.0

    def drain(self, limit: int = 1000) -> int:
        """Move about `limit` turns from the stream to SQL; the number moved. Twice the same turn is one row."""
        return self._settle(self._stream.take(limit))

    def drain_left(self, idle_seconds: float = LEFT_SECONDS) -> int:
        """Move what a dead worker had taken and never settled; the number moved. Once a minute is enough."""
        return self._settle(self._stream.take_left(idle_seconds))

    def catch_up(self) -> None:
        """Drain now, for one who watches: she should not wait for a worker. At most twice a second, however many watch."""
        if clock.ticks() - self._caught_up < CATCH_UP_SECONDS:
            return
        self._caught_up = clock.ticks()
        with suppress(StoreUnreachable):  # Redis away: then turns go straight to SQL
            self.drain()

    def waiting(self) -> int:
        """Turns in the stream that are not in SQL yet."""
        return self._stream.waiting()

    def write(self, turns: Sequence[Turn], phone_key: str) -> bool:
        """Write turns straight to SQL, where Redis is away. False (and a line in the log) if SQL is away too."""
        if not self._keep:
            return False
        try:
            self._put([read_entry(write_entry(one, phone_key)) for one in turns])
        except SQLAlchemyError as error:
            log.error("turns_lost", error=type(error).__name__, turns=len(turns))  # noqa: TRY400 - its text holds what was typed
            return False
        return True

    def ended(
        self,
        session_id: str,
        phone_key: str,
        status: str,
        lasted: float | None = None,
        patience: float | None = None,
    ) -> None:
        """Note how the aggregator says a session ended. Nothing is noted for another phone's session.

        lasted, patience: as in `Passed`. Raises DatabaseUnreachable.
        """
        end = End(session_id, phone_key, status[:16], lasted, patience)
        with database_reached(), self._database.writing() as connection:
            close_session(connection, end, clock.now())

    def opening(self, session_id: str, phone_key: str) -> tuple[Opening, tuple[int, ...]] | None:
        """How a session began and where the trail stood after each of its turns, to walk it again after a loss.

        None if its first turn is not in SQL. Raises ForeignSession for another phone's session.
        """
        try:
            with self._database.reading() as connection:
                rows = connection.execute(_MARKS.where(turn.c.session == session_id)).all()
        except SQLAlchemyError as error:
            log.warning("opening_unknown", error=type(error).__name__)
            return None
        if rows and rows[0].phone_key != phone_key:
            raise ForeignSession
        if not rows or rows[0].number != 1 or rows[0].opening is None:
            return None
        return Opening(*rows[0].opening), tuple(row.trail_length for row in rows)

    def recent(  # noqa: PLR0913 - what a list may be narrowed by
        self,
        limit: int = 50,
        phone_key: str | None = None,
        *,
        since: datetime | None = None,
        ended: bool | None = None,
        answered: bool | None = None,
        open_alone: bool = False,
        over_by: datetime | None = None,
        confidential: bool = True,
        before: tuple[datetime, str] | None = None,
    ) -> tuple[Passed, ...]:
        """The last dials, newest first; of one phone if its key is given.

        since: whose last hop is no older; ended: by us, or not; answered: as in `Passed`, or not;
        open_alone: of which the aggregator said nothing yet; over_by: that ended, or were silent since then;
        confidential: whether also those that are for few; before: last_at and id of one, to page on
        """
        asked = _LATEST.limit(limit)
        if since is not None:
            asked = asked.where(ussd_session.c.last_at >= since)
        if ended is not None:
            asked = asked.where(ussd_session.c.ended.is_(ended))
        if answered is not None:
            asked = asked.where(_ANSWERED if answered else ~_ANSWERED)
        if open_alone:
            asked = asked.where(ussd_session.c.closed.is_(None))
        if over_by is not None:
            over = (
                ussd_session.c.ended | ussd_session.c.closed.is_not(None) | (ussd_session.c.last_at < over_by)
            )
            asked = asked.where(over)
        if not confidential:
            asked = asked.where(~ussd_session.c.confidential)
        if before is not None:
            at, last = before
            asked = asked.where(
                ussd_session.c.last_at <= at, (ussd_session.c.last_at < at) | (ussd_session.c.id > last)
            )
        if phone_key is not None:
            asked = asked.where(ussd_session.c.phone_key == phone_key)
        with self._database.reading() as connection:
            return tuple(Passed(**row) for row in connection.execute(asked).mappings())

    def session(self, session_id: str) -> Passed | None:
        """One dial, or None."""
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"id": session_id}).mappings().one_or_none()
        return Passed(**row) if row else None

    def turns(self, session_id: str) -> tuple[Recorded, ...]:
        """The turns of a dial, first to last; empty if it is unknown."""
        with self._database.reading() as connection:
            return tuple(
                _recorded(row) for row in connection.execute(_TURNS.where(turn.c.session == session_id))
            )

    def purge(self, before: datetime) -> int:
        """Delete dials whose last hop lies before an instant, with their turns; the number of dials."""
        gone = 0
        old = select(ussd_session.c.id).where(ussd_session.c.last_at < before).limit(_PURGE_BATCH)
        while True:
            with self._database.writing() as connection:
                ids = connection.execute(old).scalars().all()
                if not ids:
                    return gone
                connection.execute(delete(turn).where(turn.c.session.in_(ids)))
                connection.execute(delete(ussd_session).where(ussd_session.c.id.in_(ids)))
            gone += len(ids)

    def _put(self, records: Sequence[Recorded]) -> None:
        told = self._told(records)
        with self._database.writing() as connection:
            put_turns(connection, records, self._answers, told)

    def _told(self, records: Sequence[Recorded]) -> frozenset[str]:
        """Dials whose pages name something told in confidence. Lists leave them out by it; who reads one asks again."""
        try:
            secret = self._in_confidence(record.turn.page.text for record in records)
        except GatewayError as error:
            log.warning("confidence_unknown", error=type(error).__name__)
            return frozenset()
        return frozenset(
            record.turn.session
            for record in records
            if any(reference in record.turn.page.text for reference in secret)
        )

    def _settle(self, entries: Sequence[Entry]) -> int:
        if not entries:
            return 0
        records = [_read(entry) for entry in entries]
        try:
            self._put([record for record in records if record])
        except (DataError, IntegrityError):
            self._settle_singly(records)
        self._stream.done(entries)
        return len(entries)

    def _settle_singly(self, records: Sequence[Recorded | None]) -> None:
        """One turn that SQL refuses must not hold up the others for ever."""
        for record in filter(None, records):
            try:
                self._put([record])
            except (DataError, IntegrityError) as error:
                log.error("turn_refused", error=type(error).__name__, number=record.turn.number)  # noqa: TRY400 - see `write`


def _read(entry: Entry) -> Recorded | None:
    try:
        return read_entry(entry.body)
    except (ValueError, TypeError) as error:
        log.error("entry_unreadable", error=type(error).__name__)  # noqa: TRY400 - see `write`
        return None


def _recorded(row: Row[tuple[object, ...]]) -> Recorded:
    one = Turn(
        session=row.session,
        number=row.number,
        screen_from=row.screen_from,
        screen_to=row.screen_to,
        edges=tuple(row.edges),
        keys=row.keys,
        page=Page(text=row.text, end=row.ended, screen=row.screen),
        language=row.language,
        trail_length=row.trail_length,
        millis=row.millis,
        calls=tuple(read_call(call) for call in row.calls),
        menu_version=row.menu_version,
        opening=Opening(*row.opening) if row.opening else None,
    )
    return Recorded(row.phone_key, row.at, one, row.owed)
