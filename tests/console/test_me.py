"""One's own account, and the admin's pages about everybody's."""

import pytest

from gateway.settings import DEMO_STAFF_PASSWORD

NEW = "a quite different sentence"


@pytest.mark.parametrize(
    ("present", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "not your present password"),
        (DEMO_STAFF_PASSWORD, NEW, NEW + "x", "differ"),
        (DEMO_STAFF_PASSWORD, "short", "short", "at least 12 characters"),
        (DEMO_STAFF_PASSWORD, "i am the agent here", "i am the agent here", "must not hold your name"),
    ],
)
def test_a_password_that_will_not_do(colleague, present, new, again, said):
    her = colleague().sign_in("agent")
    answer = her.send("/me/password", "/me", password=present, new_password=new, new_password_again=again)
    assert answer.status_code == 422
    assert said in answer.text
    colleague("10.0.0.2").sign_in("agent")


def test_a_changed_password_ends_the_sittings_elsewhere(colleague):
    her, elsewhere = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("agent")
    her.send("/me/password", "/me", password=DEMO_STAFF_PASSWORD, new_password=NEW, new_password_again=NEW)
    assert "Your password is changed" in her.open("/me").text
    assert elsewhere.open("/me").status_code == 303
    colleague("10.0.0.3").sign_in("agent", NEW)


def test_sign_out_everywhere(colleague):
    her, elsewhere = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("agent")
    assert her.send("/me/sign-out-everywhere", "/me").location == "/console/sign-in"
    assert her.open("/me").status_code == elsewhere.open("/me").status_code == 303


def test_an_admin_makes_and_closes_an_account(gateway, colleague):
    admin = colleague().sign_in("admin")
    made = admin.send("/staff", "/staff", name="amina", display_name="Amina", role="agent", password=NEW)
    assert made.status_code == 303
    path = made.location.removeprefix("/console")
    her = colleague("10.0.0.2").sign_in("amina", NEW)
    admin.send(f"{path}/role", path, role="auditor")
    assert her.open("/audit").status_code == 200, "her role holds at once"
    admin.send(f"{path}/close", path)
    assert her.open("/audit").status_code == 303
    acts = [entry.act for entry in gateway.services.staff.audit.entries(actor="staff:6", limit=3)]
    assert acts == ["account_disabled", "role_changed", "account_added"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "agent", "role": "agent", "password": NEW}, "already"),
        ({"name": "A", "role": "agent", "password": NEW}, "small letters"),
        ({"name": "amina", "role": "agent", "password": "short"}, "at least 12"),
    ],
)
def test_an_account_that_cannot_be_made(colleague, form, said):
    answer = colleague().sign_in("admin").send("/staff", "/staff", **form)
    assert answer.status_code == 422
    assert said in answer.text


def test_an_admin_does_not_change_her_own_account(gateway, colleague):
    admin = colleague().sign_in("admin")
    own = gateway.services.staff.accounts.named("admin").id
    assert admin.send(f"/staff/{own}/role", f"/staff/{own}", role="supervisor").status_code == 403
    assert gateway.services.staff.accounts.named("admin").role == "admin"


def test_the_auditor_filters_and_checks_the_chain(gateway, colleague):
    colleague("10.0.0.2").sign_in("agent")
    auditor = colleague().sign_in("auditor")
    page = auditor.open("/audit?act=signed_in").text
    assert "Adeel" in page
    assert "account_added" not in page
    assert "Nothing fits" in auditor.open("/audit?subject=person:404").text
    assert auditor.open("/audit?since=yesterday").status_code == 400
    verdict = auditor.send("/audit/verify", "/audit").text
    assert "Every row follows the one before it" in verdict
    assert f"{gateway.services.staff.audit.verify().rows - 0}:" in verdict
