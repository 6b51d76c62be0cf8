"""Cases of Nashonuma and the visits they owe."""

import sqlalchemy as sa
from alembic import op

revision = "0010_nutrition"
down_revision = "0009_schools"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "nutrition_case",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("mother", _ID, nullable=False),
        sa.Column("child", _ID),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("centre", sa.String(40), nullable=False),
        sa.Column("registered_on", sa.Date, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_nutrition_case"),
        sa.UniqueConstraint("code", name="uq_nutrition_case_code"),
        sa.ForeignKeyConstraint(["mother"], ["person.id"], name="fk_nutrition_case_mother_person"),
        sa.ForeignKeyConstraint(["child"], ["person.id"], name="fk_nutrition_case_child_person"),
        sa.ForeignKeyConstraint(["centre"], ["facility.code"], name="fk_nutrition_case_centre_facility"),
        sa.CheckConstraint("stage IN ('pregnant', 'lactating', 'child')", name="ck_nutrition_case_stage"),
        sa.CheckConstraint("status IN ('active', 'completed', 'exited')", name="ck_nutrition_case_status"),
    )
    for column in ("mother", "centre"):
        op.create_index(f"ix_nutrition_case_{column}", "nutrition_case", [column])
    op.create_table(
        "clinic_visit",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("centre", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_clinic_visit"),
        sa.UniqueConstraint("case", "number", name="uq_clinic_visit_case_number"),
        sa.ForeignKeyConstraint(["case"], ["nutrition_case.id"], name="fk_clinic_visit_case_nutrition_case"),
        sa.ForeignKeyConstraint(["centre"], ["facility.code"], name="fk_clinic_visit_centre_facility"),
        sa.CheckConstraint(
            "kind IN ('antenatal', 'growth', 'vaccine', 'session', 'food')", name="ck_clinic_visit_kind"
        ),
    )


def downgrade() -> None:
    op.drop_table("clinic_visit")
    op.drop_table("nutrition_case")
