"""Interest-free loans and their repayments."""

import sqlalchemy as sa
from alembic import op

revision = "0007_loans"
down_revision = "0006_survey"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "loan",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("principal", sa.Integer, nullable=False),
        sa.Column("instalments", sa.Integer, nullable=False),
        sa.Column("disbursed_on", sa.Date, nullable=False),
        sa.Column("centre", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_loan"),
        sa.UniqueConstraint("number", name="uq_loan_number"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_loan_person_person"),
        sa.ForeignKeyConstraint(["centre"], ["facility.code"], name="fk_loan_centre_facility"),
        sa.CheckConstraint("principal > 0 AND instalments > 0", name="ck_loan_lent"),
    )
    op.create_index("ix_loan_person", "loan", ["person"])
    op.create_table(
        "repayment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("loan", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False, server_default="0"),
        sa.Column("paid_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_repayment"),
        sa.UniqueConstraint("loan", "number", name="uq_repayment_loan_number"),
        sa.ForeignKeyConstraint(["loan"], ["loan.id"], name="fk_repayment_loan_loan"),
        sa.CheckConstraint("due > 0 AND paid >= 0 AND paid <= due", name="ck_repayment_within_due"),
        sa.CheckConstraint("(paid > 0) = (paid_on IS NOT NULL)", name="ck_repayment_paid_on_a_day"),
    )


def downgrade() -> None:
    for table in ("repayment", "loan"):
        op.drop_table(table)
