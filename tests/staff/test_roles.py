"""The table of permissions is whole, and keeps what must be kept apart."""

from gateway.staff.roles import PERMISSIONS, SCOPES, Permission, Role, Scope, may

ACTS = {
    Permission.OPEN_CASE, Permission.ANSWER_CASE, Permission.ASSIGN_CASE, Permission.CLOSE_CASE,
    Permission.RESEND_MESSAGE, Permission.SEND_MESSAGE, Permission.BOOK_CALL_BACK, Permission.UNLOCK_PIN,
    Permission.LINK_PHONE, Permission.FLAG_PAY_POINT, Permission.REVEAL, Permission.APPROVE_REVEAL,
    Permission.MOVE_APPLICATION, Permission.STAFF, Permission.TOKENS, Permission.SAVE_AS_TEST,
}  # fmt: skip
CALLERS = {
    Permission.FIND, Permission.SEE_CALLER, Permission.SEE_REASONS, Permission.SEE_CONFIDENTIAL, Permission.REPLAY,
    Permission.WALK_ON, Permission.REVEAL, Permission.APPROVE_REVEAL, Permission.QUEUES,
}  # fmt: skip


def test_every_permission_and_scope_is_in_its_table_and_somebodys():
    assert PERMISSIONS.keys() == set(Permission)
    assert SCOPES.keys() == set(Scope)
    assert all(PERMISSIONS.values())


def test_who_reads_the_audit_changes_nothing_and_who_makes_accounts_sees_no_caller():
    assert not [act for act in ACTS if may(Role.AUDITOR, act)]
    assert not [right for right in CALLERS if may(Role.ADMIN, right)]
    assert not may(Role.ADMIN, Permission.AUDIT)


def test_what_was_said_in_confidence_is_for_two_roles():
    assert PERMISSIONS[Permission.SEE_CONFIDENTIAL] == {Role.FEMALE_AGENT, Role.SUPERVISOR}


def test_a_female_agent_may_all_that_an_agent_may():
    assert all(may(Role.FEMALE_AGENT, right) for right in Permission if may(Role.AGENT, right))
