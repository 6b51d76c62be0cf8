"""The SQL database: one engine, one metadata, for SQLite (WAL) and PostgreSQL alike."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from typing import Any

from prometheus_client import Counter
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeDecorator

from gateway.errors import DatabaseUnreachable

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# What is raised where the database cannot be asked now. The messages of these may quote the values of a statement.
UNREACHED = (OperationalError, InterfaceError, PoolTimeout)

_statements = Counter("gateway_sql_statements", "Statements sent to the database")

# Longest wait for a connection, and of a web process for a writer before it: a hop has five seconds in all.
WAIT_SECONDS = 3
# An import may hold SQLite's one writer for a while; who is not waited for can wait that long.
PATIENT_SECONDS = 10.0


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Two engines on one database: `reading` sends no BEGIN and COMMIT around a SELECT, `writing` is one transaction.

    Statements are built once, at import, as Core statements; there is no ORM, which costs five times as much.
    An error of the database names no values: they are about people.
    """

    def __init__(self, url: str, patience: float = PATIENT_SECONDS) -> None:
        self.url = url
        if url.startswith("sqlite"):
            self._reads = _open(url, pool_size=40)
            self._writes = _open(url, pool_size=8)
            for engine in (self._reads, self._writes):
                event.listen(engine, "connect", _tuning(patience))
            event.listen(self._writes, "begin", _begin_sqlite)
            return
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        server: dict[str, Any] = {
            "pool_size": 20,
            "pool_pre_ping": True,
            "connect_args": {
                "connect_timeout": 3,
                "tcp_user_timeout": 5000,  # milliseconds; a server that fell silent is noticed
                "options": "-c statement_timeout=8000 -c timezone=UTC",
            },
        }
        self._reads = _open(url, isolation_level="AUTOCOMMIT", **server)
        self._writes = _open(url, **server)

    @property
    def engine(self) -> Engine:
        """The engine for transactions, for tools that want one (Alembic)."""
        return self._writes

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writes.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads alone."""
        with self._reads.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception."""
        with self._writes.begin() as connection:
            yield connection

    def trial(self) -> "Database":
        """The same database for one who tries things out: what is written there is gone when its transaction ends."""
        twin = copy(self)
        twin.__class__ = _Trial
        return twin

    def close(self) -> None:
        self._reads.dispose()
        self._writes.dispose()


class _Trial(Database):
    """Keeps nothing. Reads see the database as it is, a transaction also what it has itself written."""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._writes.connect() as connection, connection.begin() as transaction:
            try:
                yield connection
            finally:
                transaction.rollback()


@contextmanager
def database_reached() -> Iterator[None]:
    """Raises DatabaseUnreachable, without the database's own message, for what it did not take now."""
    try:
        yield
    except UNREACHED as error:
        raise DatabaseUnreachable(type(error).__name__) from None


def _open(url: str, **options: Any) -> Engine:
    engine = create_engine(url, max_overflow=40, pool_timeout=WAIT_SECONDS, hide_parameters=True, **options)
    event.listen(engine, "before_cursor_execute", _count)
    return engine


def _count(*statement: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    _statements.inc()


def _tuning(patience: float) -> Callable[[sqlite3.Connection, Any], None]:
    def tune(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        # The driver must not open transactions of its own; `_begin_sqlite` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={patience * 1000:.0f}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return tune


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads, then writes, fails at once when another writer came between; an immediate one waits.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
