"""Tokens of the API: a scope and a role must both allow, and an end comes."""

from datetime import timedelta

import pytest
import time_machine

from gateway.staff.roles import Role, Scope
from tests.parts.gateway import DAY


def make(staff, scopes=(Scope.CASES_READ,), role=Role.SUPERVISOR, **more):
    return staff.tokens.make("staff:1", "reports", scopes, role, **more)


def test_it_holds_until_its_end_or_until_it_is_revoked(staff):
    with time_machine.travel(DAY, tick=False) as clock:
        token, plain = make(staff, lasts=timedelta(days=10))
        assert staff.tokens.check(plain).id == token.id
        assert staff.tokens.check(plain + "x") is None
        assert staff.tokens.check("") is None
        clock.shift(timedelta(days=10) - timedelta(seconds=1))
        assert staff.tokens.check(plain)
        clock.shift(timedelta(seconds=1))
        assert staff.tokens.check(plain) is None
    assert staff.tokens.revoke("staff:1", token.id)
    assert not staff.tokens.revoke("staff:1", token.id)
    with time_machine.travel(DAY):
        assert staff.tokens.check(plain) is None


@pytest.mark.parametrize(
    ("scopes", "role", "asked", "may"),
    [
        ({Scope.CASES_READ}, Role.SUPERVISOR, Scope.CASES_READ, True),
        ({Scope.CASES_READ}, Role.SUPERVISOR, Scope.CASES_WRITE, False),
        ({Scope.PAYMENTS_WRITE}, Role.ADMIN, Scope.PAYMENTS_WRITE, True),
    ],
)
def test_a_scope_that_was_not_given_is_not_there(staff, scopes, role, asked, may):
    token, _ = make(staff, scopes, role)
    assert token.may(asked) is may


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": ()},
        {"scopes": (Scope.MESSAGES_WRITE,), "role": Role.AUDITOR},
        {"scopes": (Scope.SESSIONS_READ,), "role": Role.ADMIN},
        {"lasts": timedelta(days=367)},
        {"lasts": timedelta()},
    ],
)
def test_what_no_token_can_be(staff, wrong):
    with pytest.raises(ValueError, match=r"token|role"):
        make(staff, **wrong)
    assert staff.tokens.all() == []


def test_it_is_not_stored_readable_and_who_made_it_is_in_the_audit(staff, database):
    token, plain = make(staff)
    with database.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM api_token").one()
    assert plain not in map(str, row)
    (entry,) = staff.audit.entries()
    assert (entry.actor, entry.act, entry.subject) == ("staff:1", "token_made", token.mark)
