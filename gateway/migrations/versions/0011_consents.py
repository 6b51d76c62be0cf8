"""Consents: what a person allowed or refused on a phone."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant
from gateway.migrations.append_only import allow_updates, forbid_updates

revision = "0011_consents"
down_revision = "0010_nutrition"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", _ID, nullable=False),
        sa.Column("phone_link", _ID, nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("session", sa.String(120), nullable=False, server_default=""),
        sa.Column("at_gate", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("wording", sa.String(40), nullable=False, server_default=""),
        sa.Column("asked_key", sa.String(200)),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint("asked_key", name="uq_consent_asked_key"),
        sa.ForeignKeyConstraint(["phone_link"], ["phone_link.id"], name="fk_consent_phone_link_phone_link"),
        sa.CheckConstraint("purpose IN ('details_by_sms')", name="ck_consent_purpose"),
        sa.CheckConstraint(
            "channel IN ('ussd', 'sms', 'console', 'api', 'import')", name="ck_consent_channel"
        ),
    )
    op.create_index("ix_consent_phone_link", "consent", ["phone_link"])
    forbid_updates("consent")


def downgrade() -> None:
    allow_updates("consent")
    op.drop_table("consent")
