"""What the staff looked at and did: append-only rows, each bound to the one before by its hash.

A changed, removed or slipped-in row breaks the chain, and `verify` names it. Rows cut off at the end leave a whole chain, so
`verify` gives the number and hash of the newest row: kept elsewhere, it shows later that nothing after it was cut.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text

from gateway import clock, telemetry
from gateway.db import Database
from gateway.staff.tables import audit

FIRST = "0" * 64  # what the first row calls its predecessor
_LOCK = text("SELECT pg_advisory_xact_lock(81710002)")  # any number that nobody else uses
_NEWEST = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
_ADD = insert(audit)
_AFTER = select(audit).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(1000)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. actor and subject are `kind:id` and name no person; detail is what `record` was given."""

    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """rows: how many stand; newest: hash of the last one; broken: number of the first that does not hold, or None."""

    rows: int
    newest: str
    broken: int | None
    why: str = ""


class Audit:
    """Writes and reads the chain. Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, actor: str, act: str, subject: str, connection: Connection | None = None, **detail: Any
    ) -> None:
        """Add a row, in the caller's transaction where one is given, else in its own.

        Texts in `detail` that look like a CNIC or a phone are masked: nobody's number gets in, not even by a free text.
        """
        body = _canonical(telemetry.without_persons(detail))
        with self._joined(connection) as joined:
            if joined.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                joined.execute(_LOCK)
            newest = joined.execute(_NEWEST).first()
            row = {
                "id": newest.id + 1 if newest else 1,
                "at": clock.now(),
                "actor": actor,
                "act": act,
                "subject": telemetry.without_persons(subject),
                "detail": body,
                "previous": newest.hash if newest else FIRST,
            }
            joined.execute(_ADD, row | {"hash": _hash(**row)})

    def entries(  # noqa: PLR0913 - one keyword a filter
        self,
        *,
        actor: str = "",
        act: str = "",
        subject: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """Rows that fit every filter that is given, the newest first; `before` a number, to page on."""
        wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
        for column, value in ((audit.c.actor, actor), (audit.c.act, act), (audit.c.subject, subject)):
            if value:
                wanted = wanted.where(column == value)
        if since:
            wanted = wanted.where(audit.c.at >= since)
        if until:
            wanted = wanted.where(audit.c.at < until)
        if before is not None:
            wanted = wanted.where(audit.c.id < before)
        with self._database.reading() as connection:
            return [
                Entry(row.id, row.at, row.actor, row.act, row.subject, json.loads(row.detail))
                for row in connection.execute(wanted)
            ]

    def verify(self, known: tuple[int, str] | None = None) -> Verdict:
        """Walk the whole chain. known: number and hash of a row that an earlier walk gave."""
        last, previous = 0, FIRST
        for row in self._all():
            if row.id != last + 1:
                return Verdict(last, previous, last + 1, "it is missing")
            if row.previous != previous:
                return Verdict(last, previous, row.id, "it does not follow the row before it")
            fields = {name: getattr(row, name) for name in _HASHED}
            if row.hash != _hash(**fields):
                return Verdict(last, previous, row.id, "it was changed")
            if known and known[0] == row.id and known[1] != row.hash:
                return Verdict(last, previous, row.id, "it is not the row that was noted")
            last, previous = row.id, row.hash
        if known and known[0] > last:
            return Verdict(last, previous, last + 1, "it is missing")
        return Verdict(last, previous, None)

    def _all(self) -> Iterator[Any]:
        after = 0
        with self._database.reading() as connection:
            while rows := connection.execute(_AFTER, {"after": after}).all():
                yield from rows
                after = rows[-1].id

    @contextmanager
    def _joined(self, connection: Connection | None) -> Iterator[Connection]:
        if connection is not None:
            yield connection
            return
        with self._database.writing() as own:
            yield own


_HASHED = ("id", "at", "actor", "act", "subject", "detail", "previous")


def _hash(**row: Any) -> str:
    """SHA-256 of a row with its predecessor's hash, over one spelling of it that both databases give back alike."""
    return sha256(_canonical(row | {"at": row["at"].isoformat(timespec="microseconds")}).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
