"""A real Valkey for the tests: one for the whole run, or one of its own for a test that kills it."""

from pathlib import Path

import pytest
from redis import Redis

from gateway.settings import Settings
from gateway.valkey import Valkey


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory):
    """URL of a Valkey that lives for the whole run."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("valkey"))
    with Valkey(settings.data_dir / "valkey", settings.valkey_socket) as server:
        yield server.url


@pytest.fixture
def store_url(valkey_url):
    """The same URL, with nothing stored and no script loaded."""
    with Redis.from_url(valkey_url) as client:
        client.flushall()
        client.script_flush()
    return valkey_url


@pytest.fixture
def own_valkey(tmp_path):
    """A started Valkey of this test alone, to kill (`os.kill(own_valkey.pid, 9)`) and `start()` again."""
    settings = Settings(data_dir=Path(tmp_path) / "own")
    with Valkey(settings.data_dir / "valkey", settings.valkey_socket) as server:
        yield server
