"""Roll-ups of the journal, the messages, the money and the complaints, and what finds an hour's events."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0016_rollups"
down_revision = "0015_api"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("grain", sa.String(4), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("fact", sa.String(16), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("part", sa.String(60), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("grain", "since", "fact", "name", "part", name="pk_tally"),
    )
    op.create_table(
        "tally_mark",
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("counted_until", Instant, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_tally_mark"),
    )
    op.create_index("ix_instalment_event_recorded_at", "instalment_event", ["recorded_at"])
    op.create_index("ix_case_event_at", "case_event", ["at"])


def downgrade() -> None:
    op.drop_index("ix_case_event_at", "case_event")
    op.drop_index("ix_instalment_event_recorded_at", "instalment_event")
    op.drop_table("tally_mark")
    op.drop_table("tally")
