"""Whether a dial names a case told in confidence, so that lists need not read its turns to know."""

import sqlalchemy as sa
from alembic import op

revision = "0019_confidential_sessions"
down_revision = "0018_case_session"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ussd_session", sa.Column("confidential", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("ussd_session", "confidential")
