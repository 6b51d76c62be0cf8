"""One suite on `port.Core`: each core that fulfils it is one more parameter of `core`."""

from pathlib import Path

import pytest

from gateway.core.embedded.core import EmbeddedCore, build
from gateway.core.port import Core
from gateway.db import Database
from gateway.privacy import Vault
from tests.parts.databases import postgres_copy, sqlite_copy

ROOT = Path(__file__).resolve().parents[3]


class Silent:
    def moved(self, connection, moves) -> None:
        """Nobody is told."""

    def asked_moved(self, connection, moves) -> None:
        """Nobody is told."""


def embedded(database: Database) -> EmbeddedCore:
    return build(database, Vault({"test": b"k" * 32}), ROOT / "config", Silent())


def fill(database: Database) -> None:
    embedded(database).imports.registry(ROOT / "config" / "demo", allow_pins=True)


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "filled.db"
    with sqlite_copy(sqlite_template, path) as database:
        fill(database)
    return path


@pytest.fixture(scope="session")
def filled_postgres(postgres_url, postgres_template) -> str:
    with postgres_copy(postgres_url, postgres_template) as database:
        fill(database)
        name = database.engine.url.database
        database.close()  # a template has no connections
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def core(request, tmp_path) -> Core:
    """A core that holds the demo registry, without its payments."""
    if request.param == "sqlite":
        copy = sqlite_copy(request.getfixturevalue("filled_sqlite"), tmp_path / "gateway.db")
    else:
        copy = postgres_copy(*map(request.getfixturevalue, ("postgres_url", "filled_postgres")))
    with copy as database:
        yield embedded(database)
