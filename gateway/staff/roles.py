"""Who of the staff may do what: the roles, and the one closed table of permissions.

How it was weighed, right by right:

* A call-centre **agent** answers women who ring: she finds, explains, replays, opens and answers cases, books call-backs, and
  does what the caller's own words ask for (send, resend, unlock a PIN, link a phone, flag a pay point). She may ask for a masked
  field to be shown, with a reason, and may never grant that to herself.
* A **female agent** is an agent who also sees what women said in confidence: protection cases, female-only call-backs. Nobody
  else on the floor does, so a case filed in confidence does not leak to whoever picks up the next call.
* A **supervisor** answers for the floor: shares out and closes cases, grants reveals, watches, exports. She sees confidential
  cases because their clock is hers.
* A **programme officer** decides about applications and looks at how the programme runs. She explains decisions and answers
  cases, but the phone side (PINs, links, messages) is not hers.
* An **auditor** reads what the others read, and who read it; she does nothing that changes anything, and no field is unmasked for her.
* An **admin** keeps accounts, tokens and menus. She sees no caller at all: who can make accounts must not also be able to look,
  and the audit of what she made is not hers to read.

Acts that need two people need two persons, not two roles: `reveals` compares names, not only permissions.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    AGENT = "agent"
    FEMALE_AGENT = "female_agent"
    SUPERVISOR = "supervisor"
    OFFICER = "programme_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    FIND = "find"
    SEE_CALLER = "see_caller"
    SEE_REASONS = "see_reasons"  # the rules of a decision and what they saw
    SEE_CONFIDENTIAL = "see_confidential"  # protection cases, female-only matters
    REPLAY = "replay"
    WALK_ON = "walk_on"  # from a step of hers, on a phone that writes nothing
    SAVE_AS_TEST = "save_as_test"
    OPEN_CASE = "open_case"
    ANSWER_CASE = "answer_case"
    ASSIGN_CASE = "assign_case"
    CLOSE_CASE = "close_case"
    RESEND_MESSAGE = "resend_message"
    SEND_MESSAGE = "send_message"
    BOOK_CALL_BACK = "book_call_back"
    UNLOCK_PIN = "unlock_pin"
    LINK_PHONE = "link_phone"
    FLAG_PAY_POINT = "flag_pay_point"
    REVEAL = "reveal"
    APPROVE_REVEAL = "approve_reveal"
    QUEUES = "queues"
    WATCH = "watch"
    EXPORT = "export"
    OPERATE = "operate"  # menus as a graph, their check, languages
    MOVE_APPLICATION = "move_application"
    AUDIT = "audit"
    STAFF = "staff"
    TOKENS = "tokens"


_FLOOR = frozenset({Role.AGENT, Role.FEMALE_AGENT, Role.SUPERVISOR})
_CASES = _FLOOR | {Role.OFFICER}
_READING = _CASES | {Role.AUDITOR}

PERMISSIONS: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.FIND: _READING,
        Permission.SEE_CALLER: _READING,
        Permission.SEE_REASONS: _READING,
        Permission.SEE_CONFIDENTIAL: frozenset({Role.FEMALE_AGENT, Role.SUPERVISOR}),
        Permission.REPLAY: _READING,
        Permission.WALK_ON: _CASES,
        Permission.SAVE_AS_TEST: frozenset({Role.SUPERVISOR, Role.OFFICER}),
        Permission.OPEN_CASE: _CASES,
        Permission.ANSWER_CASE: _CASES,
        Permission.ASSIGN_CASE: frozenset({Role.SUPERVISOR, Role.OFFICER}),
        Permission.CLOSE_CASE: _CASES,
        Permission.RESEND_MESSAGE: _FLOOR,
        Permission.SEND_MESSAGE: _FLOOR,
        Permission.BOOK_CALL_BACK: _FLOOR,
        Permission.UNLOCK_PIN: _FLOOR,
        Permission.LINK_PHONE: _FLOOR,
        Permission.FLAG_PAY_POINT: _CASES,
        Permission.REVEAL: _CASES,
        Permission.APPROVE_REVEAL: frozenset({Role.SUPERVISOR}),
        Permission.QUEUES: _READING,
        Permission.WATCH: frozenset({Role.SUPERVISOR, Role.OFFICER, Role.AUDITOR, Role.ADMIN}),
        Permission.EXPORT: frozenset({Role.SUPERVISOR, Role.OFFICER, Role.AUDITOR}),
        Permission.OPERATE: frozenset({Role.SUPERVISOR, Role.OFFICER, Role.ADMIN}),
        Permission.MOVE_APPLICATION: frozenset({Role.OFFICER}),
        Permission.AUDIT: frozenset({Role.AUDITOR}),
        Permission.STAFF: frozenset({Role.ADMIN}),
        Permission.TOKENS: frozenset({Role.ADMIN}),
    }
)


def may(role: Role, permission: Permission) -> bool:
    return role in PERMISSIONS[permission]


class Scope(StrEnum):
    """What a token of the API may be used for; the role of the token must allow it too."""

    PAYMENTS_WRITE = "payments.write"
    MESSAGES_READ = "messages.read"
    MESSAGES_WRITE = "messages.write"
    CASES_READ = "cases.read"
    CASES_WRITE = "cases.write"
    SESSIONS_READ = "sessions.read"


# Payment events come from a core system, which is nobody of the staff: the scope alone allows them.
SCOPES: Mapping[Scope, Permission | None] = MappingProxyType(
    {
        Scope.PAYMENTS_WRITE: None,
        Scope.MESSAGES_READ: Permission.SEE_CALLER,
        Scope.MESSAGES_WRITE: Permission.SEND_MESSAGE,
        Scope.CASES_READ: Permission.QUEUES,
        Scope.CASES_WRITE: Permission.OPEN_CASE,
        Scope.SESSIONS_READ: Permission.REPLAY,
    }
)
