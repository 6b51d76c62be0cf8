"""Health cover of families and the claims on it."""

import sqlalchemy as sa
from alembic import op

revision = "0008_health"
down_revision = "0007_loans"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "coverage",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("family_unit", _ID, nullable=False),
        sa.Column("province", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("limit_secondary", sa.Integer, nullable=False),
        sa.Column("limit_priority", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coverage"),
        sa.UniqueConstraint("number", name="uq_coverage_number"),
        sa.ForeignKeyConstraint(
            ["family_unit"], ["family_unit.id"], name="fk_coverage_family_unit_family_unit"
        ),
        sa.ForeignKeyConstraint(["province"], ["province.code"], name="fk_coverage_province_province"),
        sa.CheckConstraint("valid_from <= valid_until", name="ck_coverage_in_order"),
        sa.CheckConstraint("limit_secondary >= 0 AND limit_priority >= 0", name="ck_coverage_limits"),
    )
    op.create_index("ix_coverage_family_unit", "coverage", ["family_unit"])
    op.create_table(
        "claim",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("coverage", _ID, nullable=False),
        sa.Column("hospital", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("admitted_on", sa.Date, nullable=False),
        sa.Column("discharged_on", sa.Date),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
        sa.UniqueConstraint("number", name="uq_claim_number"),
        sa.ForeignKeyConstraint(["coverage"], ["coverage.id"], name="fk_claim_coverage_coverage"),
        sa.ForeignKeyConstraint(["hospital"], ["facility.code"], name="fk_claim_hospital_facility"),
        sa.CheckConstraint("kind IN ('secondary', 'priority')", name="ck_claim_kind"),
        sa.CheckConstraint("amount >= 0", name="ck_claim_amount"),
        sa.CheckConstraint("discharged_on IS NULL OR discharged_on >= admitted_on", name="ck_claim_in_order"),
    )
    op.create_index("ix_claim_coverage", "claim", ["coverage"])


def downgrade() -> None:
    for table in ("claim", "coverage"):
        op.drop_table(table)
