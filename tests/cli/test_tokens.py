"""`gateway staff token`: made and shown once, listed, ended."""

import pytest
from click.testing import CliRunner

from gateway.cli import main


@pytest.fixture
def token(sqlite_database, monkeypatch, tmp_path):
    monkeypatch.setenv("GATEWAY_DATABASE_URL", sqlite_database.url)
    monkeypatch.setenv("GATEWAY_DATA_DIR", str(tmp_path))

    def token(*arguments):
        return CliRunner().invoke(main, ["staff", "token", *arguments])

    return token


ADD = ("add", "core", "--role", "admin", "--scope", "payments.write")


def test_a_token_is_shown_once_listed_and_ended(token):
    made = token(*ADD)
    assert made.exit_code == 0
    assert made.stdout.startswith("ehs_")
    (line,) = token("list").stdout.splitlines()
    assert {"1", "core", "admin", "payments.write"} <= set(line.split())
    assert made.stdout.strip() not in line
    assert token("revoke", "1").exit_code == 0
    assert "revoked" in token("list").stdout
    assert token("revoke", "1").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (ADD, "there is a token of this name already"),
        (("add", "other", "--role", "admin", "--scope", "sessions.read"), "does not allow"),
        (("add", "other", "--role", "admin"), "--scope"),
        (("add", "other", "--role", "admin", "--scope", "payments.write", "--days", "400"), "--days"),
    ],
)
def test_what_no_token_can_be_is_said(token, arguments, said):
    token(*ADD)
    refused = token(*arguments)
    assert refused.exit_code != 0
    assert said in refused.stderr
    assert len(token("list").stdout.splitlines()) == 1


def test_roles_and_scopes_are_those_that_there_are():
    from gateway.cli import tokens
    from gateway.staff.roles import Role, Scope

    assert set(tokens._ROLES) == set(Role)
    assert set(tokens._SCOPES) == set(Scope)
