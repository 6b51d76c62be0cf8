"""Which token may do what: every operation against every role and every scope; what confidence keeps back."""

import pytest

from gateway.conversation.session import Opening, Page, Turn
from gateway.staff.roles import PERMISSIONS, SCOPES, Role, Scope
from tests.api.test_document import OPERATIONS

HERS = "+923001234501"
PATHS = {"{number}": "1", "{reference}": "00000000", "{session}": "none"}


def ask(system, path, method):
    for name, value in PATHS.items():
        path = path.replace(name, value)
    return system.read(path) if method == "get" else system.send(path, {})


@pytest.mark.parametrize("role", Role)
def test_a_token_gets_past_the_gate_where_scope_and_role_allow_it(shared_gateway, system, role):
    for scope in Scope:
        needed = SCOPES[scope]
        if needed is not None and role not in PERMISSIONS[needed]:
            continue
        asker = system(shared_gateway, role, scope)
        for (path, method), wanted in OPERATIONS.items():
            status = ask(asker, path, method).status_code
            assert (status == 403) is (scope is not wanted), (path, method, scope, status)
            assert status < 500


def test_a_role_that_lost_a_right_takes_its_tokens_along(shared_gateway, system, monkeypatch):
    asker = system(shared_gateway, Role.AGENT, Scope.SESSIONS_READ)
    assert asker.read("/sessions").status_code == 200
    monkeypatch.setattr("gateway.staff.tokens.may", lambda role, permission: False)
    assert asker.read("/sessions").status_code == 403


@pytest.mark.parametrize("sent", [None, "Bearer", "Bearer ehs_none", "Basic eDp5", "ehs_none"])
def test_who_has_no_token_gets_nothing(shared_gateway, sent):
    for path, method in OPERATIONS:
        headers = {"Authorization": sent} if sent else {}
        answer = shared_gateway.client.open(f"/api/v1{path}".format(number=1, reference=1, session=1), method=method.upper(), headers=headers)  # fmt: skip
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_revoked_token_is_none(gateway, system):
    asker = system(gateway)
    assert asker.read("/cases").status_code == 200
    (token,) = gateway.services.staff.tokens.all()
    gateway.services.staff.tokens.revoke("system:test", token.id)
    assert asker.read("/cases").status_code == 401


def test_a_token_that_asks_too_often_waits(gateway, system, monkeypatch):
    monkeypatch.setattr("gateway.api.access._RATE", "3 per minute")
    asker, other = system(gateway), system(gateway)
    statuses = [asker.read("/cases").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = asker.read("/cases")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert other.read("/cases").status_code == 200


CONFIDENT = [Role.FEMALE_AGENT, Role.SUPERVISOR]


@pytest.mark.parametrize("role", [Role.AGENT, Role.FEMALE_AGENT, Role.SUPERVISOR, Role.OFFICER, Role.AUDITOR])
def test_what_was_filed_in_confidence_is_there_for_some_roles_only(gateway, system, role):
    cases = gateway.services.core.cases
    secret = cases.open("protection", HERS, "k1", channel="ussd").case.reference
    plain = cases.open("loan", HERS, "k2", channel="ussd").case.reference
    asker = system(gateway, role)
    listed = {case["reference"] for case in asker.read("/cases").json["cases"]}
    sees = role in CONFIDENT
    assert plain in listed
    assert (secret in listed) is sees
    found, missing = asker.read(f"/cases/{secret}"), asker.read("/cases/00000000")
    assert found.status_code == (200 if sees else 404)
    assert sees or found.data == missing.data
    if role is Role.AUDITOR:
        return
    assert asker.send(f"/cases/{secret}/moves", {"state": "in_progress"}).status_code == (
        200 if sees else 404
    )
    opened = asker.send("/cases", {"category": "protection", "phone": "+923001234502"})
    assert opened.status_code == (201 if sees else 403)


@pytest.mark.parametrize(
    ("role", "state", "status"),
    [
        (Role.AGENT, "in_progress", 200),
        (Role.AGENT, "resolved", 200),
        (Role.AGENT, "closed", 200),
        (Role.AGENT, "escalated", 403),
        (Role.SUPERVISOR, "escalated", 200),
        (Role.SUPERVISOR, "assigned", 422),
        (Role.SUPERVISOR, "reopened", 409),
    ],
)
def test_a_case_moves_as_the_role_may_and_as_its_life_allows(gateway, system, role, state, status):
    reference = gateway.services.core.cases.open("loan", HERS, "k", channel="ussd").case.reference
    answer = system(gateway, role).send(f"/cases/{reference}/moves", {"state": state})
    assert answer.status_code == status
    after = gateway.services.staff.audit.entries(act="case_moved")
    assert len(after) == (status == 200)


def test_every_look_up_and_act_is_in_the_audit_under_the_token(gateway, system):
    asker = system(gateway)
    (token,) = gateway.services.staff.tokens.all()
    reference = asker.send("/cases", {"category": "loan", "phone": HERS}).json["reference"]
    asker.read(f"/cases/{reference}")
    asker.read("/messages")
    asker.read("/messages/1")
    found = [
        (entry.actor, entry.act, entry.subject)
        for entry in gateway.services.staff.audit.entries(actor=token.mark)
    ]
    assert found[::-1] == [
        (token.mark, "case_opened", f"case:{reference}"),
        (token.mark, "case_read", f"case:{reference}"),
        (token.mark, "messages_listed", "messages:all"),
        (token.mark, "message_read", "message:1"),
    ]


@pytest.mark.parametrize("role", [Role.AGENT, Role.FEMALE_AGENT, Role.AUDITOR])
def test_a_session_that_names_a_case_in_confidence_is_hidden_whole(gateway, system, role):
    case = gateway.services.core.cases.open("protection", HERS, "k9", channel="ussd").case
    page = Page(f"{case.reference} is your number.", end=True, screen="cases.opened")
    turn = Turn("s-1", 1, "", "cases.opened", ("open",), "", page, "en", 0, 1.0, (), "v", opening=Opening())
    assert gateway.services.journal.write([turn], gateway.services.vault.phone_key(HERS))
    asker = system(gateway, role)
    answer = asker.read("/sessions/s-1")
    assert answer.status_code == (200 if role in CONFIDENT else 404)
    if role not in CONFIDENT:
        assert answer.data == asker.read("/sessions/none").data
    assert ("s-1" in asker.read("/sessions").text) == (role in CONFIDENT)
