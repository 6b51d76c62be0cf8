"""Children at school: who is a student where, and how often the school saw each of them."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table, UniqueConstraint

from gateway.core.embedded.tables.columns import one_of, own_id, to_code, to_id
from gateway.core.port import SCHOOL_LEVELS, SLIP_STATUSES
from gateway.db import metadata

STUDENT_STATUSES = ("active", "suspended", "graduated", "exited")

student = Table(
    "student",
    metadata,
    own_id(),
    to_id("child", "person"),
    to_code("school", "facility", index=True),
    Column("level", String(20), nullable=False),
    Column("grade", Integer, nullable=False),  # 0 before the first
    Column("slip_status", String(10), nullable=False),
    Column("enrolled_on", Date, nullable=False),
    Column("status", String(12), nullable=False),
    UniqueConstraint("child"),
    one_of("level", SCHOOL_LEVELS),
    one_of("slip_status", SLIP_STATUSES),
    one_of("status", STUDENT_STATUSES),
    CheckConstraint("grade BETWEEN 0 AND 12", name="grade"),
)

attendance = Table(
    "attendance",
    metadata,
    own_id(),
    to_id("student", "student"),
    Column("quarter", String(6), nullable=False),
    Column("days_open", Integer, nullable=False),
    Column("days_present", Integer, nullable=False),
    Column("verified_by", String(60), nullable=False, server_default=""),  # empty: as the school sent it
    UniqueConstraint("student", "quarter"),
    CheckConstraint("days_present BETWEEN 0 AND days_open", name="days"),
)
