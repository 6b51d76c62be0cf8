"""Courses with their seats."""

import sqlalchemy as sa
from alembic import op

revision = "0012_courses"
down_revision = "0011_consents"
branch_labels = None
depends_on = None

_TRADES = (
    "'hospitality', 'graphic_design', 'gems', 'beautician', 'nursing_care', 'plumbing', 'tailoring', 'electrician', "
    "'mobile_repair', 'computer', 'literacy', 'numeracy'"
)


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("centre", sa.String(40), nullable=False),
        sa.Column("trade", sa.String(20), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("apply_until", sa.Date, nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sex", sa.String(1)),
        sa.Column("age_from", sa.Integer, nullable=False),
        sa.Column("age_to", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_course"),
        sa.ForeignKeyConstraint(["centre"], ["facility.code"], name="fk_course_centre_facility"),
        sa.CheckConstraint(f"trade IN ({_TRADES})", name="ck_course_trade"),
        sa.CheckConstraint("sex IN ('F', 'M', 'X')", name="ck_course_sex"),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name="ck_course_taken"),
    )
    op.create_index("ix_course_centre", "course", ["centre"])


def downgrade() -> None:
    op.drop_table("course")
