"""The simulator's own small SQLite file, shared by every web process: calls, messages, lines, waiting posts."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_SCHEMA = """
create table if not exists calls (
  phone text primary key, call text not null, open integer not null, touched real not null, held real not null default 0);
create table if not exists messages (
  id text primary key, phone text not null, incoming integer not null, body text not null, at real not null,
  parts integer not null, cost text not null default '', state text not null);
create index if not exists messages_phone on messages (phone, at);
create table if not exists lines (
  phone text primary key, network text not null, notice text not null, trouble text not null);
create table if not exists posts (
  number integer primary key, hook text not null, form text not null, about text not null, due real not null,
  tries integer not null, gap real not null, held real not null default 0);
create index if not exists posts_due on posts (due);
"""


class Store:
    """Opens a connection for each use: there are few, and any thread or process may come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ready = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, the only writer while it lasts."""
        with closing(self._connect()) as connection, connection:
            connection.execute("begin immediate")
            yield connection

    def _connect(self) -> sqlite3.Connection:
        if not self._ready:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.row_factory = sqlite3.Row
        # An open call holds what was typed, a PIN among it: what is deleted leaves no trace in the file. A write-ahead
        # log would keep one, so the ordinary journal serves; a lost simulator file loses nothing that matters.
        connection.execute("pragma secure_delete = on")
        connection.execute("pragma synchronous = off")
        if not self._ready:
            connection.executescript(_SCHEMA)
            self._ready = True
        return connection
