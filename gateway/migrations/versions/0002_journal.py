"""The journal: a row a dial, a row a turn."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0002_journal"
down_revision = "0001_core"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ussd_session",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("screen", sa.String(100), nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("menu_version", sa.String(64), nullable=False),
        sa.Column("closed", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_ussd_session"),
    )
    op.create_index("ix_ussd_session_phone_key", "ussd_session", ["phone_key", "last_at"])
    op.create_index("ix_ussd_session_last_at", "ussd_session", ["last_at"])
    op.create_table(
        "turn",
        sa.Column("session", sa.String(128), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("screen_from", sa.String(100), nullable=False),
        sa.Column("screen_to", sa.String(100), nullable=False),
        sa.Column("edges", sa.JSON, nullable=False),
        sa.Column("keys", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("screen", sa.String(100), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("trail_length", sa.Integer, nullable=False),
        sa.Column("millis", sa.Float, nullable=False),
        sa.Column("calls", sa.JSON, nullable=False),
        sa.Column("menu_version", sa.String(64), nullable=False),
        sa.Column("owed", sa.String(100)),
        sa.Column("opening", sa.JSON),
        sa.PrimaryKeyConstraint("session", "number", name="pk_turn"),
    )


def downgrade() -> None:
    op.drop_table("turn")
    op.drop_table("ussd_session")
