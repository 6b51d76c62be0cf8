"""What people asked for: applications and cases, each with every state it came to.

A `_key` of 200 characters is the idempotency key of the step that asked. References are 8 digits; see `references.py`.
"""

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text, false, text

from gateway.core.embedded.tables.columns import Key, one_of, own_id, to_code, to_id
from gateway.core.port import ApplicationState, CaseState
from gateway.db import Instant, metadata

CHANNELS = ("ussd", "sms", "console", "api")
OPEN_APPLICATIONS = (
    ApplicationState.RECEIVED,
    ApplicationState.NEEDS_DOCUMENTS,
    ApplicationState.UNDER_REVIEW,
)
OPEN_CASES = (
    CaseState.NEW,
    CaseState.ASSIGNED,
    CaseState.IN_PROGRESS,
    CaseState.REOPENED,
    CaseState.ESCALATED,
)


def _among(states: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(str(state)) for state in states)})"


def one_open(name: str, *columns: str, states: tuple[str, ...]) -> Index:
    """Of what is open, one: a second one is refused by the database itself."""
    where = text(_among(states))
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


application = Table(
    "application",
    metadata,
    own_id(),
    Column("reference", String(8), nullable=False, unique=True),
    Column("asked_key", String(200), nullable=False, unique=True),
    to_id("person", "person", index=True),
    to_code("programme", "programme"),
    Column("subject", String(40), nullable=False, server_default=""),
    Column("phone_key", Key, nullable=False),  # where it was asked
    Column("channel", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False, server_default=""),
    Column("applied_on", Date, nullable=False),
    Column("moved_on", Date, nullable=False),
    one_of("channel", CHANNELS),
    one_of("state", tuple(str(state) for state in ApplicationState)),
    one_open("uq_application_open", "person", "programme", "subject", states=OPEN_APPLICATIONS),
)

# Append-only: every state, and who brought it there.
application_event = Table(
    "application_event",
    metadata,
    own_id(),
    to_id("application", "application", index=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False, server_default=""),
    Column("by", String(60), nullable=False),  # `caller`, or a member of staff
    Column("at", Instant, nullable=False),
)

# `open_key` is the person, or the phone where none is known: what one open case is counted by.
case_ = Table(
    "case",
    metadata,
    own_id(),
    Column("reference", String(8), nullable=False, unique=True),
    Column("asked_key", String(200), nullable=False, unique=True),
    Column("category", String(24), nullable=False),
    to_id("person", "person", null=True, index=True),
    Column("phone_key", Key, nullable=False, index=True),
    Column("phone_sealed", Text, nullable=False),
    Column("open_key", String(40), nullable=False),
    Column("subject", String(40), nullable=False, server_default=""),
    Column("words_sealed", Text),  # what she said, if anything
    Column("channel", String(8), nullable=False),
    Column("session", String(120), nullable=False, server_default=""),  # that it came from, if from one
    Column("state", String(16), nullable=False),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("confidential", Boolean, nullable=False, server_default=false()),
    Column("opened_on", Date, nullable=False),
    Column("target_on", Date, nullable=False),
    Column("ombudsman_on", Date, nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("assigned_to", String(40)),  # mark of a member of staff: `staff:3`
    one_of("channel", CHANNELS),
    one_of("state", tuple(str(state) for state in CaseState)),
    one_open("uq_case_open", "open_key", "category", "subject", states=OPEN_CASES),
    Index("ix_case_queue", "state", "target_on"),
    Index("ix_case_assigned_to", "assigned_to", "state"),
)

# Append-only, likewise.
case_event = Table(
    "case_event",
    metadata,
    own_id(),
    to_id("case", "case", index=True),
    Column("state", String(16), nullable=False),
    Column("note_sealed", Text),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("assigned_to", String(40)),  # whom this step gave it to
)
