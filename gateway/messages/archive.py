"""Messages of the outbox as other systems read them: one, or page by page, the oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from gateway.db import Database
from gateway.messages.sealed import UNOPENABLE
from gateway.messages.tables import outbox
from gateway.privacy import Vault

_PAGE = select(outbox).order_by(outbox.c.created_at, outbox.c.id)
_ONE = select(outbox).where(outbox.c.id == bindparam("which"))
_BY_KEY = select(outbox).where(outbox.c.dedupe_key == bindparam("dedupe_key"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A message and how it fared. phone: E.164, empty where it can no longer be opened; body: empty once it was purged."""

    id: int
    phone: str
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


class Archive:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def page(
        self, *, limit: int, since: datetime | None = None, after: tuple[datetime, int] | None = None
    ) -> list[Kept]:
        """Messages made at an instant or later, and after the instant and number of one that was read."""
        asked = _PAGE.limit(limit)
        if since is not None:
            asked = asked.where(outbox.c.created_at >= since)
        if after is not None:
            at, number = after
            asked = asked.where(
                outbox.c.created_at >= at, (outbox.c.created_at > at) | (outbox.c.id > number)
            )
        with self._database.reading() as connection:
            return [self._kept(row) for row in connection.execute(asked)]

    def one(self, number: int) -> Kept | None:
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"which": number}).first()
        return self._kept(row) if row else None

    def keyed(self, connection: Connection, dedupe_key: str) -> Kept | None:
        """The message that a dedupe_key stands for, in the caller's transaction."""
        row = connection.execute(_BY_KEY, {"dedupe_key": dedupe_key}).first()
        return self._kept(row) if row else None

    def _kept(self, row: Row[Any]) -> Kept:
        try:
            phone = self._vault.open(row.phone_sealed)
        except UNOPENABLE:
            phone = ""
        return Kept(
            row.id,
            phone,
            row.body,
            row.language,
            row.template,
            row.subject,
            row.lane,
            row.state,
            row.reason,
            row.created_at,
            row.sent_at,
            row.settled_at,
        )
