"""Casework: whom a step gave a case to, acts that count once, call-backs, flags on pay points."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0014_casework"
down_revision = "0013_staff"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("case_event", sa.Column("assigned_to", sa.String(40)))
    op.create_index("ix_case_assigned_to", "case", ["assigned_to", "state"])
    op.create_table(
        "staff_act",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_staff_act"),
    )
    op.create_table(
        "call_back",
        sa.Column("id", _Id, nullable=False),
        sa.Column("person", _Id),
        sa.Column("phone_key", sa.String(32), nullable=False),
        sa.Column("phone_sealed", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("slot", sa.String(10), nullable=False),
        sa.Column("female", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("booked_by", sa.String(40), nullable=False),
        sa.Column("booked_at", Instant, nullable=False),
        sa.Column("settled_by", sa.String(40)),
        sa.Column("settled_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_call_back"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_call_back_person_person"),
        sa.CheckConstraint("slot IN ('morning', 'afternoon', 'evening')", name="ck_call_back_slot"),
        sa.CheckConstraint("state IN ('booked', 'done', 'failed', 'cancelled')", name="ck_call_back_state"),
    )
    op.create_index("ix_call_back_person", "call_back", ["person"])
    op.create_index("ix_call_back_phone_key", "call_back", ["phone_key"])
    op.create_index("ix_call_back_queue", "call_back", ["state", "day", "id"])
    op.create_table(
        "pay_point_flag",
        sa.Column("id", _Id, nullable=False),
        sa.Column("pay_point", sa.String(40), nullable=False),
        sa.Column("person", _Id, nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("lifted_at", Instant),
        sa.Column("lifted_by", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_pay_point_flag"),
        sa.ForeignKeyConstraint(
            ["pay_point"], ["pay_point.code"], name="fk_pay_point_flag_pay_point_pay_point"
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_pay_point_flag_person_person"),
        sa.CheckConstraint(
            "reason IN ('fee', 'less', 'shut', 'no_cash', 'rude')", name="ck_pay_point_flag_reason"
        ),
    )
    op.create_index("ix_pay_point_flag_person", "pay_point_flag", ["person"])
    op.create_index(
        "uq_pay_point_flag_stands",
        "pay_point_flag",
        ["pay_point", "person"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("pay_point_flag")
    op.drop_table("call_back")
    op.drop_table("staff_act")
    op.drop_index("ix_case_assigned_to", "case")
    op.drop_column("case_event", "assigned_to")
