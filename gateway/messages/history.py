"""Messages as they stand, and how far each came: those to a phone, newest first, or all page by page, the oldest first."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from gateway.db import Database, database_reached
from gateway.messages.sealed import UNOPENABLE
from gateway.messages.tables import outbox
from gateway.privacy import Vault

_ROWS: Select[Any] = select(
    outbox.c.id,
    outbox.c.phone_sealed,
    outbox.c.phone_key,
    outbox.c.body,
    outbox.c.language,
    outbox.c.template,
    outbox.c.subject,
    outbox.c.lane,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.created_at,
    outbox.c.sent_at,
    outbox.c.settled_at,
)
_TO_PHONES = (
    _ROWS.where(outbox.c.phone_key.in_(bindparam("keys", expanding=True)))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)
_ABOUT = _TO_PHONES.where(outbox.c.subject == bindparam("about"))
_ONE = _ROWS.where(outbox.c.id == bindparam("which"))
_BY_REFERENCE = _ROWS.where(outbox.c.aggregator_id == bindparam("reference")).limit(1)
_BY_KEY = _ROWS.where(outbox.c.dedupe_key == bindparam("key"))
_PAGE = _ROWS.order_by(outbox.c.created_at, outbox.c.id)


InConfidence = Callable[[Iterable[str]], frozenset[str]]  # texts -> references that must not be learnt of


@dataclass(frozen=True, slots=True)
class Kept:
    """A message and how it fared.

    phone       in E.164, empty where it can no longer be opened; phone_key its look-up value
    body        empty once it is purged, the template then says what it was
    """

    id: int
    phone: str
    phone_key: str
    body: str
    language: str
    template: str
    subject: str
    lane: str
    state: str
    reason: str
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


def without(messages: Iterable[Kept], in_confidence: InConfidence) -> list[Kept]:
    """Those that name nothing which in_confidence finds in them: by their text, or by what they are about."""
    words = [(one, f"{one.subject} {one.body}") for one in messages]
    secret = in_confidence(text for _, text in words)
    return [one for one, text in words if not any(reference in text for reference in secret)]


class History:
    """Reads the outbox. Safe to share between threads; every method but `keyed` raises DatabaseUnreachable."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def to_phones(self, keys: Collection[str], limit: int = 30) -> tuple[Kept, ...]:
        """Messages to phones, by their look-up values, newest first."""
        return self._read(_TO_PHONES, keys=list(keys), most=limit) if keys else ()

    def about(self, subject: str, keys: Collection[str], limit: int = 30) -> tuple[Kept, ...]:
        """Those of them that are about one thing, `case:21234567`."""
        return self._read(_ABOUT, about=subject, keys=list(keys), most=limit) if keys else ()

    def page(
        self, *, limit: int, since: datetime | None = None, after: tuple[datetime, int] | None = None
    ) -> tuple[Kept, ...]:
        """Messages made at an instant or later, and after the instant and number of one that was read."""
        asked = _PAGE.limit(limit)
        if since is not None:
            asked = asked.where(outbox.c.created_at >= since)
        if after is not None:
            at, number = after
            asked = asked.where(
                outbox.c.created_at >= at, (outbox.c.created_at > at) | (outbox.c.id > number)
            )
        return self._read(asked)

    def one(self, number: int) -> Kept | None:
        return next(iter(self._read(_ONE, which=number)), None)

    def referred(self, reference: str) -> Kept | None:
        """The message that the aggregator knows by this reference."""
        return next(iter(self._read(_BY_REFERENCE, reference=reference)), None)

    def keyed(self, connection: Connection, dedupe_key: str) -> Kept | None:
        """The message that a dedupe_key stands for, in the caller's transaction."""
        row = connection.execute(_BY_KEY, {"key": dedupe_key}).first()
        return self._kept(row) if row else None

    def _read(self, statement: Any, **values: Any) -> tuple[Kept, ...]:
        with database_reached(), self._database.reading() as connection:
            return tuple(map(self._kept, connection.execute(statement, values)))

    def _kept(self, row: Row[Any]) -> Kept:
        values = row._asdict()
        try:
            phone = self._vault.open(values.pop("phone_sealed"))
        except UNOPENABLE:
            phone = ""
        return Kept(phone=phone, **values)
