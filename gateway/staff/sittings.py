"""Who sits at the console: one row for each sign-in, so that idle time, sign-out everywhere and a disabled account work at once.

The browser holds a random token, the row its hash.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway import clock
from gateway.db import Database
from gateway.staff.members import Member, member_of
from gateway.staff.tables import sitting, staff

LONGEST = timedelta(hours=12)
# Being seen is written down no more often than this: a page must not cost a write each time.
_NOTED_EVERY = timedelta(seconds=30)

_BEGIN = insert(sitting)
_OF = (
    select(staff, sitting.c.id.label("sitting"), sitting.c.proven, sitting.c.seen_at, sitting.c.expires_at)
    .join(sitting, sitting.c.staff == staff.c.id)
    .where(sitting.c.token_hash == bindparam("hash"), staff.c.disabled.is_(False))
)
_SEEN = update(sitting).where(sitting.c.id == bindparam("which")).values(seen_at=bindparam("now"))
_PROVEN = update(sitting).where(sitting.c.id == bindparam("which")).values(proven=True)
_END = delete(sitting).where(sitting.c.token_hash == bindparam("hash"))
_END_ALL = delete(sitting).where(sitting.c.staff == bindparam("which"), sitting.c.id != bindparam("but"))
_PURGE = delete(sitting).where(sitting.c.expires_at < bindparam("now"))


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sign-in that holds. proven: the second factor was shown, or none was due."""

    id: int
    member: Member
    proven: bool


class Sittings:
    """idle: how long nothing may be done before it ends; production: accounts of the demo do not sit there."""

    def __init__(self, database: Database, idle: timedelta, *, production: bool) -> None:
        self._database = database
        self._idle = idle
        self._production = production

    def begin(self, member: Member, *, proven: bool) -> str:
        """A new one; its token."""
        token, now = secrets.token_urlsafe(32), clock.now()
        row = {
            "token_hash": _hash(token),
            "staff": member.id,
            "proven": proven,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + LONGEST,
        }
        with self._database.writing() as connection:
            connection.execute(_BEGIN, row)
        return token

    def of(self, token: str, *, active: bool = True) -> Sitting | None:
        """Whose token this is, or None where it is nobody's (any more). active: whether a person did something now."""
        now = clock.now()
        with self._database.reading() as connection:
            row = connection.execute(_OF, {"hash": _hash(token)}).first()
        if row is None or row.expires_at <= now or row.seen_at + self._idle <= now:
            return None
        if self._production and row.demo:
            return None
        if active and row.seen_at + min(_NOTED_EVERY, self._idle / 4) <= now:
            with self._database.writing() as connection:
                connection.execute(_SEEN, {"which": row.sitting, "now": now})
        return Sitting(row.sitting, member_of(row), row.proven)

    def prove(self, one: Sitting) -> None:
        with self._database.writing() as connection:
            connection.execute(_PROVEN, {"which": one.id})

    def end(self, token: str) -> None:
        with self._database.writing() as connection:
            connection.execute(_END, {"hash": _hash(token)})

    def end_all(self, member: int, but: int = 0, connection: Connection | None = None) -> int:
        """End all of a member's, `but` one, in the caller's transaction where one is given; how many."""
        if connection is not None:
            return connection.execute(_END_ALL, {"which": member, "but": but}).rowcount
        with self._database.writing() as own:
            return own.execute(_END_ALL, {"which": member, "but": but}).rowcount

    def purge(self) -> int:
        """Drop those whose time is over; how many."""
        with self._database.writing() as connection:
            return connection.execute(_PURGE, {"now": clock.now()}).rowcount


def _hash(token: str) -> str:
    # The token is 256 random bits, so a plain hash gives nothing away.
    return sha256(token.encode()).hexdigest()
