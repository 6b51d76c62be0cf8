"""How long a dial lasted, how long its network waits for a key, and what the dial is counted as, in which hour."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0017_endings"
down_revision = "0016_rollups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ussd_session", sa.Column("lasted", sa.Float))
    op.add_column("ussd_session", sa.Column("patience", sa.Float))
    op.add_column("ussd_session", sa.Column("outcome", sa.String(16)))
    op.add_column("ussd_session", sa.Column("counted_in", Instant))


def downgrade() -> None:
    op.drop_column("ussd_session", "counted_in")
    op.drop_column("ussd_session", "outcome")
    op.drop_column("ussd_session", "patience")
    op.drop_column("ussd_session", "lasted")
