"""Students and their attendance; an instalment may be for a child of hers, and there is one bonus for each child."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant
from gateway.migrations.append_only import forbid_updates

revision = "0009_schools"
down_revision = "0008_health"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_LEVELS = "level IN ('primary', 'secondary', 'higher_secondary')"
_SLIPS = "slip_status IN ('issued', 'stamped', 'accepted')"
_STATUSES = "status IN ('active', 'suspended', 'graduated', 'exited')"
_KINDS = "kind IN ('regular', 'bonus')"
_ONCE = ["person", "programme", "period", "kind"]
_ONCE_A_CHILD = [*_ONCE, "child"]
_NEW_NAME, _OLD_NAME = f"uq_instalment_{'_'.join(_ONCE_A_CHILD)}", f"uq_instalment_{'_'.join(_ONCE)}"


def upgrade() -> None:
    op.create_table(
        "student",
        sa.Column("id", _ID, nullable=False),
        sa.Column("child", _ID, nullable=False),
        sa.Column("school", sa.String(40), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("slip_status", sa.String(10), nullable=False),
        sa.Column("enrolled_on", sa.Date, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_student"),
        sa.UniqueConstraint("child", name="uq_student_child"),
        sa.ForeignKeyConstraint(["child"], ["person.id"], name="fk_student_child_person"),
        sa.ForeignKeyConstraint(["school"], ["facility.code"], name="fk_student_school_facility"),
        sa.CheckConstraint(_LEVELS, name="ck_student_level"),
        sa.CheckConstraint(_SLIPS, name="ck_student_slip_status"),
        sa.CheckConstraint(_STATUSES, name="ck_student_status"),
        sa.CheckConstraint("grade BETWEEN 0 AND 12", name="ck_student_grade"),
    )
    op.create_index("ix_student_school", "student", ["school"])
    op.create_table(
        "attendance",
        sa.Column("id", _ID, nullable=False),
        sa.Column("student", _ID, nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("days_open", sa.Integer, nullable=False),
        sa.Column("days_present", sa.Integer, nullable=False),
        sa.Column("verified_by", sa.String(60), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
        sa.UniqueConstraint("student", "quarter", name="uq_attendance_student_quarter"),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name="fk_attendance_student_student"),
        sa.CheckConstraint("days_present BETWEEN 0 AND days_open", name="ck_attendance_days"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        op.add_column("instalment", sa.Column("child", _ID))
        op.create_foreign_key("fk_instalment_child_person", "instalment", "person", ["child"], ["id"])
        op.create_check_constraint("ck_instalment_kind", "instalment", _KINDS)
        op.create_unique_constraint(_NEW_NAME, "instalment", _ONCE_A_CHILD)
        op.drop_constraint(_OLD_NAME, "instalment")
    _one_where("uq_instalment_own", _ONCE, "child IS NULL")
    _one_where("uq_instalment_bonus", ["programme", "child"], "kind = 'bonus'")


def downgrade() -> None:
    """Back to one instalment a period, which raises IntegrityError where a mother was paid for two children."""
    for index in ("uq_instalment_own", "uq_instalment_bonus"):
        op.drop_index(index, "instalment")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(with_child=False)
    else:
        op.create_unique_constraint(_OLD_NAME, "instalment", _ONCE)
        op.drop_constraint(_NEW_NAME, "instalment")
        op.drop_constraint("ck_instalment_kind", "instalment")
        op.drop_column("instalment", "child")
    op.drop_table("attendance")
    op.drop_table("student")


def _rebuild(*, with_child: bool = True) -> None:
    """SQLite takes no constraint off a table. Its events point at it, so both are written anew, under the old names."""
    shared = ["id", *_ONCE, "enrolment", "event", "amount", "state", "reason", "pay_point", "place_on", "collect_by",
              "moved_on"]  # fmt: skip
    event = ["id", "instalment", "state", "reason", "pay_point", "place_on", "collect_by", "moved_on", "source",
             "recorded_at"]  # fmt: skip
    for table, index in (
        ("instalment", "enrolment"),
        ("instalment", "event"),
        ("instalment_event", "instalment"),
    ):
        op.drop_index(f"ix_{table}_{index}", table)
    for table in ("instalment", "instalment_event"):
        op.rename_table(table, f"{table}_before")
    _create_instalment(with_child=with_child)
    _create_event()
    for table, columns in (("instalment", shared), ("instalment_event", event)):
        names = ", ".join(columns)
        op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before")  # noqa: S608 - names of this file
    op.drop_table("instalment_event_before")
    op.drop_table("instalment_before")
    op.create_index("ix_instalment_enrolment", "instalment", ["enrolment"])
    op.create_index("ix_instalment_event", "instalment", ["event"])
    op.create_index("ix_instalment_event_instalment", "instalment_event", ["instalment"])
    forbid_updates("instalment_event")


def _create_instalment(*, with_child: bool) -> None:
    once, name = (_ONCE_A_CHILD, _NEW_NAME) if with_child else (_ONCE, _OLD_NAME)
    child = (
        sa.Column("child", _ID),
        sa.ForeignKeyConstraint(["child"], ["person.id"], name="fk_instalment_child_person"),
        sa.CheckConstraint(_KINDS, name="ck_instalment_kind"),
    )
    op.create_table(
        "instalment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("programme", sa.String(40), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False, server_default="regular"),
        *(child if with_child else ()),
        sa.Column("enrolment", _ID),
        sa.Column("event", sa.String(40)),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("pay_point", sa.String(40)),
        sa.Column("place_on", sa.Date),
        sa.Column("collect_by", sa.Date),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instalment"),
        sa.UniqueConstraint(*once, name=name),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_instalment_person_person"),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name="fk_instalment_programme_programme"),
        sa.ForeignKeyConstraint(["enrolment"], ["enrolment.id"], name="fk_instalment_enrolment_enrolment"),
        sa.ForeignKeyConstraint(["event"], ["event.code"], name="fk_instalment_event_event"),
        sa.ForeignKeyConstraint(["pay_point"], ["pay_point.code"], name="fk_instalment_pay_point_pay_point"),
        sa.CheckConstraint("amount >= 0", name="ck_instalment_amount"),
    )


def _create_event() -> None:
    op.create_table(
        "instalment_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("instalment", _ID, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("pay_point", sa.String(40)),
        sa.Column("place_on", sa.Date),
        sa.Column("collect_by", sa.Date),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instalment_event"),
        sa.ForeignKeyConstraint(
            ["instalment"], ["instalment.id"], name="fk_instalment_event_instalment_instalment"
        ),
        sa.ForeignKeyConstraint(
            ["pay_point"], ["pay_point.code"], name="fk_instalment_event_pay_point_pay_point"
        ),
    )


def _one_where(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name,
        "instalment",
        columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
