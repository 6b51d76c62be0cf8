"""Tokens of the API at the console: shown once, listed without themselves, revoked."""

import re

import pytest

from gateway.staff.roles import Scope


@pytest.fixture
def admin(colleague):
    return colleague().sign_in("admin")


def make(admin, **form):
    return admin.send(
        "/tokens",
        seen_on="/tokens",
        **{"name": "bank", "scope": "payments.write", "role": "programme_officer", "days": "30", **form},
    )


def plain_of(answer) -> str:
    return re.search(r"ehs_[\w-]{43}", answer.text)[0]


def test_a_token_is_shown_once_and_holds(gateway, admin):
    answer = make(admin)
    assert answer.status_code == 200
    token = gateway.services.staff.tokens.check(plain_of(answer))
    assert (token.name, token.scopes) == ("bank", {Scope.PAYMENTS_WRITE})
    page = admin.open("/tokens").text
    assert "bank" in page
    assert "ehs_" not in page


def test_a_revoked_token_holds_no_more(gateway, admin):
    plain = plain_of(make(admin))
    number = gateway.services.staff.tokens.check(plain).id
    assert admin.send(f"/tokens/{number}/revoke", seen_on="/tokens").status_code == 303
    assert gateway.services.staff.tokens.check(plain) is None
    assert f"/tokens/{number}/revoke" not in admin.open("/tokens").text
    assert admin.send(f"/tokens/{number}/revoke", seen_on="/tokens").status_code == 303
    acts = [each.act for each in gateway.services.staff.audit.entries(subject=f"token:{number}")]
    assert acts == ["token_revoked", "token_made"]


@pytest.mark.parametrize(
    "form",
    [
        {"name": " "}, {"scope": ""}, {"scope": "everything"}, {"role": "queen"}, {"days": "0"}, {"days": "367"},
        {"days": "99999999999"}, {"scope": "cases.write", "role": "auditor"},
    ],
)  # fmt: skip
def test_what_would_be_no_token_is_refused(gateway, admin, form):
    answer = make(admin, **form)
    assert answer.status_code == 422
    assert gateway.services.staff.tokens.all() == []


def test_a_name_is_used_once(gateway, admin):
    make(admin)
    assert make(admin).status_code == 422
    assert len(gateway.services.staff.tokens.all()) == 1
