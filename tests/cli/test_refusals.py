"""A command that cannot go on says why in one line, and what to do; each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import migrations

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "gateway", *words], cwd=ROOT, env=os.environ | {"GATEWAY_DATA_DIR": str(data)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    "words",
    [
        ["nosuch"],
        ["dial"],
        ["dial", "*8171#", "--phone", "0300"],
        ["dial", "8171", "--phone", "+923001234501"],
        ["registry", "import", "/no/such/folder"],
        ["registry", "make", "--households", "0", "made"],
        ["programmes", "explain", "123"],
        ["sessions", "list", "--limit", "many"],
        ["menus", "check", "--nosuch"],
    ],
)
def test_a_command_line_that_cannot_be_understood(tmp_path, words):
    refused = run(*words, data=tmp_path)
    assert refused.returncode in {1, 2}
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["sessions", "list"],
        ["programmes", "explain", "3520212345012"],
        ["registry", "import", "config/demo"],
        ["payments", "import", "config/demo/payments.csv"],
        ["messages", "unhold"],
    ],
)
def test_a_database_without_its_tables(tmp_path, words):
    refused = run(*words, data=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    (line,) = refused.stderr.splitlines()
    assert line.startswith("the schema is ")
    assert line.endswith("behind: run `gateway db upgrade`")


def test_a_schema_that_is_a_little_behind_is_named_too(tmp_path):
    migrations.upgrade(f"sqlite:///{tmp_path / 'gateway.db'}", "0002_journal")
    refused = run("messages", "unhold", data=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr.endswith("behind: run `gateway db upgrade`\n")


def test_a_folder_in_which_nothing_was_stored_yet(tmp_path):
    refused = run("sessions", "list", data=tmp_path / "none")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert (
        refused.stderr
        == f"no folder {tmp_path / 'none'} yet: `gateway run` or `gateway db upgrade` makes it\n"
    )
    assert not (tmp_path / "none").exists()


def test_a_group_alone_shows_its_commands(tmp_path):
    shown = run("sessions", data=tmp_path)
    assert shown.returncode == 2
    assert "replay" in shown.stderr


def test_a_command_imports_what_it_needs_when_it_runs():
    code = "import sys, gateway.cli; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    slow = {
        "alembic",
        "cryptography",
        "flask",
        "granian",
        "pydantic",
        "redis",
        "requests",
        "rich",
        "sqlalchemy",
    }
    assert not slow & set(said.split())
