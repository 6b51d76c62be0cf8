"""Courses and their seats."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table

from gateway.core.embedded.tables.columns import one_of, to_code
from gateway.core.embedded.tables.people import SEXES
from gateway.core.port import TRADES
from gateway.db import metadata

# An application names a course, and a child with it, in 40 characters.
COURSE_CODE = 24

course = Table(
    "course",
    metadata,
    Column("code", String(COURSE_CODE), primary_key=True),
    to_code("centre", "facility", index=True),
    Column("trade", String(20), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("apply_until", Date, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),  # held by applications
    Column("sex", String(1)),  # None: for anybody
    Column("age_from", Integer, nullable=False),
    Column("age_to", Integer, nullable=False),
    one_of("trade", tuple(trade for trades in TRADES.values() for trade in trades)),
    one_of("sex", SEXES),
    CheckConstraint("taken >= 0 AND taken <= seats", name="taken"),
)
