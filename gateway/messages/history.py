"""What was sent to a phone, as staff read it: each message with how far it came, and why no further."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from gateway.db import Database, database_reached
from gateway.messages.tables import outbox

_ROWS = select(
    outbox.c.id,
    outbox.c.phone_key,
    outbox.c.body,
    outbox.c.language,
    outbox.c.template,
    outbox.c.subject,
    outbox.c.lane,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.sent_at,
    outbox.c.settled_at,
).order_by(outbox.c.id.desc())
_TO_PHONES = _ROWS.where(outbox.c.phone_key.in_(bindparam("keys", expanding=True))).limit(bindparam("most"))
_ABOUT = _TO_PHONES.where(outbox.c.subject == bindparam("about"))
_BY_REFERENCE = _ROWS.where(outbox.c.aggregator_id == bindparam("reference")).limit(1)


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it stands. body: empty once it is purged, the template then says what it was."""

    id: int
    phone_key: str
    body: str
    language: str
    template: str
    subject: str
    lane: str
    state: str
    reason: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


class History:
    """Reads the outbox. Safe to share between threads; every method raises DatabaseUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def to_phones(self, keys: Collection[str], limit: int = 30) -> tuple[Told, ...]:
        """Messages to phones, by their look-up values, newest first."""
        return self._read(_TO_PHONES, keys=list(keys), most=limit) if keys else ()

    def about(self, subject: str, keys: Collection[str], limit: int = 30) -> tuple[Told, ...]:
        """Those of them that are about one thing, `case:21234567`."""
        return self._read(_ABOUT, about=subject, keys=list(keys), most=limit) if keys else ()

    def referred(self, reference: str) -> Told | None:
        """The message that the aggregator knows by this reference."""
        return next(iter(self._read(_BY_REFERENCE, reference=reference)), None)

    def _read(self, statement: Any, **values: Any) -> tuple[Told, ...]:
        with database_reached(), self._database.reading() as connection:
            return tuple(Told(**row) for row in connection.execute(statement, values).mappings())
