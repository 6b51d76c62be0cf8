"""Survey tokens and reported changes with their events; how many tokens an office gives a day."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant
from gateway.migrations.append_only import allow_updates, forbid_updates

revision = "0006_survey"
down_revision = "0005_rates"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_APPEND_ONLY = ("survey_booking_event", "change_request_event")
_CHANNELS = "channel IN ('ussd', 'sms', 'console', 'api')"
_PURPOSES = "purpose IN ('new_survey', 'roster_update', 'cnic_update')"
_BOOKING = "state IN ('booked', 'kept', 'lapsed', 'cancelled')"
_CHANGES = "change IN ('birth', 'death', 'marriage', 'disability', 'move')"
_CHANGE = "state IN ('received', 'verified', 'applied', 'refused')"


def upgrade() -> None:
    op.add_column("office", sa.Column("tokens_a_day", sa.Integer))
    op.create_table(
        "survey_booking",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("asked_key", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("person", _ID),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("phone_sealed", sa.Text, nullable=False),
        sa.Column("open_key", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_booking"),
        sa.UniqueConstraint("reference", name="uq_survey_booking_reference"),
        sa.UniqueConstraint("asked_key", name="uq_survey_booking_asked_key"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_survey_booking_person_person"),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name="fk_survey_booking_office_office"),
        sa.CheckConstraint(_CHANNELS, name="ck_survey_booking_channel"),
        sa.CheckConstraint(_PURPOSES, name="ck_survey_booking_purpose"),
        sa.CheckConstraint(_BOOKING, name="ck_survey_booking_state"),
        sa.CheckConstraint("number >= 1", name="ck_survey_booking_number"),
    )
    for column in ("person", "phone_key"):
        op.create_index(f"ix_survey_booking_{column}", "survey_booking", [column])
    _one("uq_survey_booking_open", "survey_booking", ["open_key", "purpose"], "state IN ('booked')")
    _one("uq_survey_booking_number", "survey_booking", ["office", "on_day", "number"], "state <> 'cancelled'")
    op.create_table(
        "change_request",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("asked_key", sa.String(200), nullable=False),
        sa.Column("change", sa.String(12), nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reported_on", sa.Date, nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_request"),
        sa.UniqueConstraint("reference", name="uq_change_request_reference"),
        sa.UniqueConstraint("asked_key", name="uq_change_request_asked_key"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_change_request_person_person"),
        sa.CheckConstraint(_CHANNELS, name="ck_change_request_channel"),
        sa.CheckConstraint(_CHANGES, name="ck_change_request_change"),
        sa.CheckConstraint(_CHANGE, name="ck_change_request_state"),
    )
    op.create_index("ix_change_request_person", "change_request", ["person"])
    op.create_index("ix_change_request_queue", "change_request", ["state", "reported_on"])
    _one(
        "uq_change_request_open", "change_request", ["person", "change"], "state IN ('received', 'verified')"
    )
    _events("survey_booking")
    _events("change_request", sa.Column("note_sealed", sa.Text))
    for table in _APPEND_ONLY:
        forbid_updates(table)


def downgrade() -> None:
    for table in _APPEND_ONLY:
        allow_updates(table)
    for table in (*_APPEND_ONLY, "survey_booking", "change_request"):
        op.drop_table(table)
    op.drop_column("office", "tokens_a_day")


def _events(table: str, *more: sa.Column[str]) -> None:
    events = f"{table}_event"
    op.create_table(
        events,
        sa.Column("id", _ID, nullable=False),
        sa.Column(table, _ID, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        *more,
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{events}"),
        sa.ForeignKeyConstraint([table], [f"{table}.id"], name=f"fk_{events}_{table}_{table}"),
    )
    op.create_index(f"ix_{events}_{table}", events, [table])


def _one(name: str, table: str, columns: list[str], where: str) -> None:
    """Of the rows that a condition holds for, one."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)
