"""`gateway messages unhold`: what the aggregator held back goes out once a person says so."""

import os
import subprocess
import sys

import pytest

from gateway.messages.outbox import Outbox
from tests.messages.conftest import ROOT
from tests.messages.rows import Rows, message


@pytest.fixture
def held(sqlite_database, vault):
    """Two messages that are held."""
    rows = Rows(sqlite_database, Outbox(sqlite_database, vault))
    rows.put(message(), message())
    rows.change(state="held")
    return rows


def unhold(database, folder, *options: str) -> str:
    env = os.environ | {
        "GATEWAY_DATA_DIR": str(folder),
        "GATEWAY_DATABASE_URL": database.url,
        "GATEWAY_REDIS_URL": "redis://127.0.0.1:9",
    }
    return subprocess.run(
        [sys.executable, "-m", "gateway", "messages", "unhold", *options],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def test_one_goes_by_its_id_then_the_rest(held, sqlite_database, tmp_path):
    assert unhold(sqlite_database, tmp_path, "--id", str(held.all()[1].id)).startswith("1 released")
    assert held.states() == ["held", "pending"]
    assert unhold(sqlite_database, tmp_path).startswith("1 released")
    assert held.states() == ["pending", "pending"]
    assert unhold(sqlite_database, tmp_path).startswith("0 released")
