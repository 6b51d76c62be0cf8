"""What comes over the API: payment events taken, signatures used up."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0015_api"
down_revision = "0014_casework"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_event",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("content_key", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payment_event"),
        sa.CheckConstraint("outcome IN ('moved', 'unchanged')", name="ck_payment_event_outcome"),
    )
    op.create_table(
        "used_signature",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_used_signature"),
    )
    op.create_index("ix_used_signature_until", "used_signature", ["until"])


def downgrade() -> None:
    op.drop_table("used_signature")
    op.drop_table("payment_event")
