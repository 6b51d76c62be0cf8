"""The schema's history: brought up to date and asked about from Python, without a configuration file."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.db import Database
from gateway.errors import SettingsError

# Two copies that start together must not both create the tables. Any number that nobody else uses.
_LOCK = 8171_0001
# Alembic keeps its present context in a module, so two threads cannot migrate at once.
_ONE_AT_A_TIME = threading.Lock()


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the schema of a database up to `revision`. A file of SQLite is made, its folder too."""
    _make_folder(database_url)
    database = Database(database_url)
    try:
        with _ONE_AT_A_TIME, database.writing() as connection:
            if database.dialect == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            settings = _config()
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)
    finally:
        database.close()


def newest() -> str:
    """The revision that this release's tables stand for."""
    head = _scripts().get_current_head()
    if head is None:
        raise LookupError("no migrations were found beside gateway.migrations")
    return head


def current(connection: Connection) -> str | None:
    """The revision a database is at, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def behind(database: Database) -> tuple[str, ...]:
    """The revisions a database still lacks, oldest first; empty when it is current.

    A database that a newer release has migrated is at a revision unknown here: it lacks nothing.
    """
    with database.reading() as connection:
        at = current(connection)
    known = [script.revision for script in _scripts().walk_revisions()][::-1]
    if at is None:
        return tuple(known)
    return tuple(known[known.index(at) + 1 :]) if at in known else ()


def require_current(database: Database) -> None:
    """Raises SettingsError where a database lacks revisions."""
    if lacking := behind(database):
        raise SettingsError(f"the schema is {len(lacking)} revision(s) behind: run `gateway db upgrade`")


def _config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _make_folder(database_url: str) -> None:
    scheme, _, path = database_url.partition(":///")
    if scheme.startswith("sqlite") and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
