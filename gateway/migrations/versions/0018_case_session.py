"""The session that a case came from, where it came from one."""

import sqlalchemy as sa
from alembic import op

revision = "0018_case_session"
down_revision = "0017_endings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("session", sa.String(120), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("case", "session")
