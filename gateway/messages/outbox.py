"""Every SMS that goes out is a row here first, written in the transaction that caused it.

pending   -> claimed       a worker holds it, under a lease; a crash gives it back
claimed   -> sending       stamped just before the call; a crash leaves `unknown`, never a second send
claimed   -> suppressed    the phone asked for no more messages
sending   -> sent, failed, held (a person must look), unknown (it may have been taken), pending (try later)
sent, unknown -> delivered, undelivered     by the delivery report
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, bindparam, select, update

from gateway import clock
from gateway.db import Database, database_reached
from gateway.messages import counts, reports
from gateway.messages.batches import Batch, Claimed, group
from gateway.messages.once import insert_new
from gateway.messages.sealed import UNOPENABLE
from gateway.messages.settling import SETTLE, settlement
from gateway.messages.tables import outbox
from gateway.messages.values import Message, Receipt, Report
from gateway.privacy import Vault

log = structlog.get_logger()

LANES = ("reply", "alert", "campaign")
OPEN = ("pending", "claimed", "sending")

LEASE = timedelta(seconds=60)  # more than a claim waits for its turn
SENDING_LEASE = timedelta(seconds=120)  # well over the longest call: 3 s to connect, 9 s to be answered
KEEP_BODY = timedelta(days=30)
_AT_ONCE = 500

_due = (
    select(outbox.c.id)
    .where(
        outbox.c.state == "pending",
        outbox.c.lane == bindparam("lane_now"),
        outbox.c.next_at <= bindparam("due_by"),
    )
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)  # SQLite has one writer at a time and leaves this out
    .cte("due")
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(select(_due.c.id)))
    .values(state="claimed", claim=bindparam("mark"), lease_until=bindparam("until"))
    .returning(outbox.c.id, outbox.c.phone_sealed, outbox.c.lane, outbox.c.body, outbox.c.attempts)
)
_UNTOLD = (
    select(outbox.c.id, outbox.c.subject)
    .where(outbox.c.state == "delivered", outbox.c.told.is_(False))
    .order_by(outbox.c.id)
    .limit(_AT_ONCE)
)

_UNDER = select(outbox.c.created_at, outbox.c.state).where(outbox.c.dedupe_key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it stands in the outbox."""

    phone: str
    body: str
    template: str
    lane: str
    state: str
    created_at: datetime


class Outbox:
    """The rows and their states. Safe to share between threads; every method but `put` opens its own transaction."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def put(self, connection: Connection, messages: Iterable[Message]) -> None:
        """Add messages in the caller's transaction. One already there under its dedupe_key stays as it is."""
        now = clock.now()
        insert_new(connection, outbox, *(self._row(message, now) for message in messages))

    def _row(self, message: Message, now: datetime) -> dict[str, Any]:
        if message.lane not in LANES:
            raise ValueError(f"no such lane: {message.lane}")
        return {
            "dedupe_key": message.dedupe_key,
            "phone_key": self._vault.phone_key(message.phone),
            "phone_sealed": self._vault.seal(message.phone),
            "body": message.body,
            "language": message.language,
            "template": message.template,
            "subject": message.subject,
            "lane": message.lane,
            "state": "pending",
            "attempts": 0,
            "next_at": now,
            "cost": "",
            "reason": "",
            "told": not message.subject.startswith("instalment:"),
            "created_at": now,
        }

    # -- the worker's half ---------------------------------------------------------------------------------------------
    def claim(self, limit: int = 500, batch: int = 100) -> list[Batch]:
        """Take up to `limit` rows that are due, replies before alerts before campaigns, in batches of one text each."""
        mark = secrets.token_hex(16)
        taken: list[Row[Any]] = []
        now = clock.now()
        with self._database.writing() as connection:
            for lane in LANES:
                if len(taken) >= limit:
                    break
                found = connection.execute(
                    _CLAIM,
                    {
                        "lane_now": lane,
                        "due_by": now,
                        "most": limit - len(taken),
                        "mark": mark,
                        "until": now + LEASE,
                    },
                )
                taken += sorted(found, key=lambda row: row.id)
        return group(mark, filter(None, map(self._open, taken)), batch)

    def _open(self, row: Row[Any]) -> Claimed | None:
        """The row with its phone; None for one that cannot be opened, which has failed then."""
        try:
            phone = self._vault.open(row.phone_sealed)
        except UNOPENABLE as error:
            log.error("message_unreadable", id=row.id, error=type(error).__name__)  # noqa: TRY400 - a traceback holds the row
            failed = {"state": "failed", "reason": "phone cannot be opened", "settled_at": clock.now()}
            with self._database.writing() as connection:
                connection.execute(
                    update(outbox)
                    .where(outbox.c.id == row.id, outbox.c.state == "claimed")
                    .values(claim=None, lease_until=None, **failed)
                )
            return None
        return Claimed(row.id, phone, row.lane, row.body, row.attempts)

    def start(self, batch: Batch) -> tuple[Claimed, ...]:
        """Stamp a batch as being sent. Only the rows that come back are still ours; only they may be sent."""
        now = clock.now()
        kept = self._move(
            batch, batch.rows, ("claimed",), state="sending", sent_at=now, lease_until=now + SENDING_LEASE
        )
        return tuple(row for row in batch.rows if row.id in kept)

    def settle(self, batch: Batch, settled: Sequence[tuple[Claimed, Receipt]]) -> None:
        """Write what the aggregator said of each row. Reports that came before this answer are applied with it."""
        now = clock.now()
        rows = [settlement(batch, row, receipt, now) for row, receipt in settled]
        if not rows:
            return
        with self._database.writing() as connection:
            connection.execute(SETTLE, rows)
            reports.apply_early(connection, [receipt.id for _, receipt in settled if receipt.id])
        for row, receipt in settled:
            if receipt.status == "hold":
                log.warning("message_held", id=row.id, reason=receipt.reason)

    def release(self, batch: Batch, rows: Sequence[Claimed], until: datetime | None = None) -> None:
        """Give rows back unsent, to be claimed again from `until` on. Not counted as an attempt."""
        self._move(
            batch,
            rows,
            ("claimed",),
            state="pending",
            claim=None,
            lease_until=None,
            next_at=until or clock.now(),
        )

    def suppress(self, batch: Batch, rows: Sequence[Claimed]) -> None:
        """Never send these: their phones asked for no more messages."""
        self._move(
            batch,
            rows,
            ("claimed",),
            state="suppressed",
            reason="opted out",
            claim=None,
            lease_until=None,
            settled_at=clock.now(),
        )

    def recover(self) -> None:
        """Take up what a worker left behind: claimed rows go out again, rows being sent become `unknown`."""
        now = clock.now()
        with self._database.writing() as connection:
            lapsed = update(outbox).where(outbox.c.lease_until < now)
            connection.execute(
                lapsed.where(outbox.c.state == "claimed").values(
                    state="pending", claim=None, lease_until=None
                )
            )
            # The claim mark stays: a slow worker that comes back may still say how it went.
            connection.execute(
                lapsed.where(outbox.c.state == "sending").values(
                    state="unknown", reason="worker lost", lease_until=None
                )
            )

    def unhold(self, ids: Sequence[int] = ()) -> int:
        """Send what was held, all of it or these rows, once a person has looked; the number of messages."""
        held = outbox.c.state == "held"
        with self._database.writing() as connection:
            return connection.execute(
                update(outbox)
                .where(held & outbox.c.id.in_(ids) if ids else held)
                .values(state="pending", next_at=clock.now(), reason="")
            ).rowcount

    def _move(self, batch: Batch, rows: Sequence[Claimed], states: Sequence[str], **to: Any) -> set[int]:
        """Change rows of a batch that are still held by it and in one of `states`; ids of those changed."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(outbox)
                .where(
                    outbox.c.id.in_([row.id for row in rows]),
                    outbox.c.claim == batch.claim,
                    outbox.c.state.in_(states),
                )
                .values(**to)
                .returning(outbox.c.id)
            )
            return {row.id for row in changed}

    # -- what comes back -----------------------------------------------------------------------------------------------
    def report(self, report: Report) -> None:
        """Take a delivery report. Repeated, early and late ones are harmless, and a final state stays as it is.

        Raises DatabaseUnreachable.
        """
        keys = self._vault.phone_keys(report.phone)
        with database_reached(), self._database.writing() as connection:
            reports.take(connection, report, keys)

    def match_early(self) -> int:
        """Find the messages of reports that came before them, or whose send was never answered; how many were found."""
        with self._database.writing() as connection:
            return reports.match_early(connection)

    def tell(self, notified: Callable[[Sequence[int]], None]) -> int:
        """Tell the core which instalments' alerts were delivered. Told again after a crash; the core takes it once."""
        with self._database.reading() as connection:
            rows = connection.execute(_UNTOLD).all()
        numbers = [int(row.subject.partition(":")[2]) for row in rows]
        if numbers:
            notified(numbers)
            with self._database.writing() as connection:
                connection.execute(
                    update(outbox).where(outbox.c.id.in_([row.id for row in rows])).values(told=True)
                )
        return len(rows)

    # -- housekeeping --------------------------------------------------------------------------------------------------
    def purge(self) -> int:
        """Empty bodies older than 30 days (what was said stays known by its template); how many."""
        now = clock.now()
        old = (
            select(outbox.c.id)
            .where(
                outbox.c.created_at < now - KEEP_BODY,
                outbox.c.body != "",
                outbox.c.state.not_in((*OPEN, "held")),
            )
            .limit(_AT_ONCE)
        )
        with self._database.writing() as connection:
            reports.purge(connection)
            return connection.execute(update(outbox).where(outbox.c.id.in_(old)).values(body="")).rowcount

    def recent(self, limit: int = 50) -> list[Sent]:
        """The newest messages, newest first, for staff and tests."""
        asked = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [
                Sent(
                    self._vault.open(row.phone_sealed),
                    row.body,
                    row.template,
                    row.lane,
                    row.state,
                    row.created_at,
                )
                for row in connection.execute(asked)
            ]

    def under(self, dedupe_key: str) -> tuple[datetime, str] | None:
        """When the message of this key was put, and its state; None if there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_UNDER, {"key": dedupe_key}).one_or_none()
        return (row.created_at, row.state) if row else None

    def counts(self) -> dict[tuple[str, str], int]:
        """Messages of the last 24 hours by (lane, state), for metrics."""
        return counts.of_day(self._database)

    def depth(self) -> dict[str, int]:
        """Messages still to go out, by lane."""
        return counts.waiting(self._database)
