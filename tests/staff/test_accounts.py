"""Accounts: what a name and a password may be, and what production does not start with."""

import pytest

from gateway.errors import SettingsError
from gateway.settings import DEMO_STAFF_PASSWORD
from gateway.staff.accounts import AccountRefused
from gateway.staff.roles import Role
from tests.staff.conftest import PASSWORD


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("am", PASSWORD, "form"),
        ("Amina", PASSWORD, "form"),
        ("amina khan", PASSWORD, "form"),
        ("a" * 61, PASSWORD, "form"),
        ("amina", "x" * 12, "plain"),
        ("amina", "abcdef12345", "short"),
        ("amina", "abcdef123456", ""),
        ("amina", "ab" * 101, "long"),
        ("amina", "I am AMINA indeed", "name"),
        ("amina", DEMO_STAFF_PASSWORD, "plain"),
        ("a.b-c_1", PASSWORD, ""),
    ],
)
def test_names_and_passwords(staff, name, password, why):
    if not why:
        assert staff.accounts.add("system:test", name, Role.AGENT, password).name == name
        return
    with pytest.raises(AccountRefused) as refused:
        staff.accounts.add("system:test", name, Role.AGENT, password)
    assert refused.value.why == why
    assert password not in str(refused.value)
    assert staff.accounts.all() == []


def test_a_name_is_taken_once(staff, member):
    member()
    with pytest.raises(AccountRefused) as refused:
        member()
    assert refused.value.why == "taken"


def test_a_password_is_changed_by_who_knows_it_and_ends_other_sittings(staff, member):
    her = member()
    mine, elsewhere = staff.sittings.begin(her, proven=True), staff.sittings.begin(her, proven=True)
    with pytest.raises(AccountRefused) as refused:
        staff.accounts.change_password(her, "not this one at all", "another long sentence")
    assert refused.value.why == "wrong"
    staff.accounts.change_password(her, PASSWORD, "another long sentence", staff.sittings.of(mine).id)
    assert staff.sittings.of(mine)
    assert staff.sittings.of(elsewhere) is None
    assert staff.entrance.sign_in("amina", PASSWORD, "x").state == "wrong"
    assert staff.entrance.sign_in("amina", "another long sentence", "x").state == "welcome"


def test_production_does_not_start_with_the_demos_accounts(build):
    staff = build(production=True)
    staff.accounts.refuse_demo()
    build().accounts.add("system:test", "agent", Role.AGENT, DEMO_STAFF_PASSWORD, demo=True)
    build().accounts.refuse_demo()
    with pytest.raises(SettingsError, match="agent"):
        staff.accounts.refuse_demo()


def test_who_signs_in_elsewhere_gets_one_account_whose_role_follows_and_never_somebody_elses(staff, member):
    taken = member("sso-aaaaaaaaaaa")
    first = staff.accounts.welcome("a" * 64, Role.AGENT, "Amina")
    again = staff.accounts.welcome("a" * 64, Role.SUPERVISOR, "Amina Khan")
    assert (again.id, again.role, again.display_name) == (first.id, Role.SUPERVISOR, "Amina Khan")
    assert first.id != taken.id
    assert staff.entrance.sign_in(first.name, "", "x").state == "wrong"
    staff.accounts.disable("system:test", first)
    assert staff.accounts.welcome("a" * 64, Role.AGENT, "Amina") is None
