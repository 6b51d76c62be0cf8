"""Facilities; applications and cases with their events."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant
from gateway.migrations.append_only import allow_updates, forbid_updates

revision = "0004_requests"
down_revision = "0003_messages"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_APPEND_ONLY = ("application_event", "case_event")
_KINDS = (
    "'hospital', 'clinic', 'nutrition_centre', 'school', 'loan_centre', 'training_centre', 'learning_centre'"
)
_CHANNELS = "channel IN ('ussd', 'sms', 'console', 'api')"
_APPLICATION = "state IN ('received', 'needs_documents', 'under_review', 'approved', 'rejected', 'withdrawn')"
_APPLICATION_OPEN = sa.text("state IN ('received', 'needs_documents', 'under_review')")
_CASE = "state IN ('new', 'assigned', 'in_progress', 'resolved', 'reopened', 'escalated', 'closed')"
_CASE_OPEN = sa.text("state IN ('new', 'assigned', 'in_progress', 'reopened', 'escalated')")


def upgrade() -> None:
    op.create_table(
        "facility",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("tehsil", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(160), nullable=False, server_default=""),
        sa.Column("phone", sa.String(20), nullable=False, server_default=""),
        sa.Column("hours", sa.String(40), nullable=False, server_default=""),
        sa.Column("agency", sa.String(80), nullable=False, server_default=""),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("status", sa.String(10), nullable=False, server_default="open"),
        sa.PrimaryKeyConstraint("code", name="pk_facility"),
        sa.ForeignKeyConstraint(["tehsil"], ["tehsil.code"], name="fk_facility_tehsil_tehsil"),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="ck_facility_kind"),
        sa.CheckConstraint("status IN ('open', 'closed')", name="ck_facility_status"),
    )
    op.create_index("ix_facility_tehsil", "facility", ["tehsil"])
    op.create_table(
        "application",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("asked_key", sa.String(200), nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("programme", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False, server_default=""),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False, server_default=""),
        sa.Column("applied_on", sa.Date, nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sa.UniqueConstraint("reference", name="uq_application_reference"),
        sa.UniqueConstraint("asked_key", name="uq_application_asked_key"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_application_person_person"),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name="fk_application_programme_programme"),
        sa.CheckConstraint(_CHANNELS, name="ck_application_channel"),
        sa.CheckConstraint(_APPLICATION, name="ck_application_state"),
    )
    op.create_index("ix_application_person", "application", ["person"])
    _one_open("uq_application_open", "application", ["person", "programme", "subject"], _APPLICATION_OPEN)
    op.create_table(
        "application_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("application", _ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False, server_default=""),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_application_event"),
        sa.ForeignKeyConstraint(
            ["application"], ["application.id"], name="fk_application_event_application_application"
        ),
    )
    op.create_index("ix_application_event_application", "application_event", ["application"])
    op.create_table(
        "case",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("asked_key", sa.String(200), nullable=False),
        sa.Column("category", sa.String(24), nullable=False),
        sa.Column("person", _ID),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("phone_sealed", sa.Text, nullable=False),
        sa.Column("open_key", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False, server_default=""),
        sa.Column("words_sealed", sa.Text),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("confidential", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("target_on", sa.Date, nullable=False),
        sa.Column("ombudsman_on", sa.Date, nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("assigned_to", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.UniqueConstraint("reference", name="uq_case_reference"),
        sa.UniqueConstraint("asked_key", name="uq_case_asked_key"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_case_person_person"),
        sa.CheckConstraint(_CHANNELS, name="ck_case_channel"),
        sa.CheckConstraint(_CASE, name="ck_case_state"),
    )
    for column in ("person", "phone_key"):
        op.create_index(f"ix_case_{column}", "case", [column])
    op.create_index("ix_case_queue", "case", ["state", "target_on"])
    _one_open("uq_case_open", "case", ["open_key", "category", "subject"], _CASE_OPEN)
    op.create_table(
        "case_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case", _ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("note_sealed", sa.Text),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_case_event_case_case"),
    )
    op.create_index("ix_case_event_case", "case_event", ["case"])
    for table in _APPEND_ONLY:
        forbid_updates(table)


def downgrade() -> None:
    for table in _APPEND_ONLY:
        allow_updates(table)
    for table in ("case_event", "case", "application_event", "application", "facility"):
        op.drop_table(table)


def _one_open(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
