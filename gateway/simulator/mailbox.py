"""The SMS that phones sent and got, each with how far it came."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.simulator.store import Store


@dataclass(frozen=True, slots=True)
class Sms:
    """incoming is seen from the phone: True for a text that it got. state is shown as it stands; at in seconds since 1970."""

    id: str
    phone: str
    incoming: bool
    body: str
    at: float
    parts: int
    state: str
    cost: str = ""


# A campaign over a large registry must not grow the file without end.
MOST_KEPT = 20_000


class Mailbox:
    """All phones' messages, the latest of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, messages: Sequence[Sms]) -> None:
        with self._store.writing() as connection:
            connection.executemany(
                "insert into messages (id, phone, incoming, body, at, parts, state, cost) values (?, ?, ?, ?, ?, ?, ?, ?)",
                [(m.id, m.phone, m.incoming, m.body, m.at, m.parts, m.state, m.cost) for m in messages],
            )
            connection.execute(
                "delete from messages where rowid <= (select max(rowid) from messages) - ?", (MOST_KEPT,)
            )

    def of(self, phone: str, limit: int = 50) -> list[Sms]:
        """The latest messages of a phone, oldest first."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "select id, phone, incoming, body, at, parts, state, cost from messages where phone = ?"
                " order by at desc, rowid desc limit ?",
                (phone, limit),
            ).fetchall()
        return [Sms(**dict(row) | {"incoming": bool(row["incoming"])}) for row in reversed(rows)]

    def settle(self, message_id: str, state: str) -> None:
        with self._store.writing() as connection:
            connection.execute("update messages set state = ? where id = ?", (state, message_id))
