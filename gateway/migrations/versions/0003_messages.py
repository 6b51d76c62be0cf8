"""Outbox, early delivery reports, inbox, answers still owed."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0003_messages"
down_revision = "0002_journal"
branch_labels = None
depends_on = None


def _partial(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("dedupe_key", sa.String(200), nullable=False),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("phone_sealed", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("lane", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("claim", sa.String(32)),
        sa.Column("lease_until", Instant),
        sa.Column("aggregator_id", sa.String(100)),
        sa.Column("cost", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("settled_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedupe_key", name="uq_outbox_dedupe_key"),
    )
    op.create_index("ix_outbox_claim", "outbox", ["state", "lane", "next_at", "id"])
    op.create_index("ix_outbox_phone", "outbox", ["phone_key", "state"])
    op.create_index("ix_outbox_aggregator_id", "outbox", ["aggregator_id"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    _partial("ix_outbox_untold", "outbox", "id", "state = 'delivered' AND NOT told")
    _partial("ix_outbox_body", "outbox", "created_at", "body <> ''")
    op.create_table(
        "early_report",
        sa.Column("aggregator_id", sa.String(100), nullable=False),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("aggregator_id", "phone_key", name="pk_early_report"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("phone_sealed", sa.String(200), nullable=False),
        sa.Column("body_sealed", sa.Text, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_phone", "inbox", ["phone_key", "received_at"])
    op.create_index("ix_inbox_answered_at", "inbox", ["answered_at"])
    _partial("ix_inbox_unanswered", "inbox", "next_at", "answered_at IS NULL")
    op.create_table(
        "deferred",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_deferred"),
    )
    _partial("ix_deferred_unanswered", "deferred", "next_at", "answered_at IS NULL")


def downgrade() -> None:
    for table in ("deferred", "inbox", "early_report", "outbox"):
        op.drop_table(table)
