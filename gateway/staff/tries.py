"""Wrong tries, and how long to wait after them: guessing is slowed down, and nobody can lock a colleague out.

Three counts: a name at an address waits after 5 wrong tries; an address after 30 and a name over all addresses after 50,
so that neither many names nor many addresses help. The last two do not hold for a name at an address from where
it has signed in before: whoever guesses from elsewhere does not stop the one whose name it is. Every wait ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import bindparam, delete, or_, select, update

from gateway import clock
from gateway.db import Database
from gateway.messages.once import insert_new
from gateway.privacy import Vault
from gateway.staff.tables import tries

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
KNOWN_FOR = timedelta(days=90)

_HELD = (
    select(tries)
    .where(tries.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(tries.c.key)
    .with_for_update()
)
_COUNT = (
    update(tries)
    .where(tries.c.key == bindparam("which"))
    .values(fails=bindparam("so_many"), failed_at=bindparam("now"), locked_until=bindparam("until"))
)
_TAKE_BACK = (
    update(tries)
    .where(tries.c.key.in_(bindparam("keys", expanding=True)), tries.c.fails > 0)
    .values(fails=tries.c.fails - 1)
)
_KNOWN = (
    update(tries)
    .where(tries.c.key == bindparam("which"))
    .values(fails=0, locked_until=None, known_at=bindparam("now"))
)
_PURGE = delete(tries).where(
    tries.c.failed_at < bindparam("failed"),
    or_(tries.c.known_at.is_(None), tries.c.known_at < bindparam("known")),
)


@dataclass(frozen=True, slots=True)
class Count:
    """One count: its key, and how many tries are free."""

    key: str
    free: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What one try counts towards: `own` always; `wider` unless the own one is known."""

    own: Count
    wider: tuple[Count, ...]

    @property
    def keys(self) -> list[str]:
        return [self.own.key, *(count.key for count in self.wider)]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A try that was counted. wait: seconds until one may be made, where it may not now; wider: keys it counts under too."""

    wait: int
    own: str
    wider: tuple[str, ...] = ()


class Tries:
    """Counts tries before they are looked at, so that many at once are no way around."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def counts(self, use: str, name: str, address: str) -> Counts:
        """use: what is tried, `password` or `code`."""
        key = self._vault.ref_key
        return Counts(
            Count(key(f"try/{use}/{name}/{address}"), 5),
            (Count(key(f"try/{use}/at/{address}"), 30), Count(key(f"try/{use}/of/{name}"), 50)),
        )

    def take(self, counts: Counts) -> Ticket:
        """Count one try as a wrong one, until `forgive`; not where the ticket says to wait."""
        now = clock.now()
        with self._database.writing() as connection:
            for key in sorted(counts.keys):
                insert_new(connection, tries, {"key": key, "fails": 0, "failed_at": now})
            rows = {row.key: row for row in connection.execute(_HELD, {"keys": counts.keys})}
            known_at = rows[counts.own.key].known_at
            known = known_at is not None and known_at > now - KNOWN_FOR
            held = (counts.own,) if known else (counts.own, *counts.wider)
            if wait := max(_seconds(rows[count.key].locked_until, now) for count in held):
                return Ticket(wait, counts.own.key)
            for count in held:
                row = rows[count.key]
                fails = 1 + (row.fails if row.failed_at > now - FORGOTTEN_AFTER else 0)
                until = now + pause(fails - count.free) if fails >= count.free else None
                connection.execute(_COUNT, {"which": count.key, "so_many": fails, "now": now, "until": until})
        return Ticket(0, counts.own.key, tuple(count.key for count in held if count is not counts.own))

    def forgive(self, ticket: Ticket) -> None:
        """It was right: the try does not count, and this name is known at this address.

        Only this one try: else somebody could guess at colleagues between sign-ins of her own.
        """
        with self._database.writing() as connection:
            connection.execute(_TAKE_BACK, {"keys": list(ticket.wider)})
            connection.execute(_KNOWN, {"which": ticket.own, "now": clock.now()})

    def purge(self) -> int:
        """Forget what no longer matters; how many rows."""
        now = clock.now()
        with self._database.writing() as connection:
            return connection.execute(
                _PURGE, {"failed": now - FORGOTTEN_AFTER, "known": now - KNOWN_FOR}
            ).rowcount


def pause(beyond: int) -> timedelta:
    """The wait after the last free try (0), and after each one more: it doubles up to a quarter of an hour."""
    doubled: int = 2 ** min(beyond, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled)


def _seconds(until: datetime | None, now: datetime) -> int:
    return max(0, ceil((until - now).total_seconds())) if until else 0
