"""Nashonuma: mothers and small children in care of a nutrition centre, and the visits they owe it."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from gateway.core.embedded.tables.columns import Id, one_of, own_id, to_code, to_id
from gateway.core.port import NUTRITION_STAGES, VISIT_KINDS
from gateway.db import metadata

NUTRITION_STATUSES = ("active", "completed", "exited")

# `code` is the centre's own number of the case. `child` is the baby, once it is born and registered.
nutrition_case = Table(
    "nutrition_case",
    metadata,
    own_id(),
    Column("code", String(40), nullable=False, unique=True),
    to_id("mother", "person", index=True),
    Column("child", Id, ForeignKey("person.id")),
    Column("stage", String(12), nullable=False),
    to_code("centre", "facility", index=True),
    Column("registered_on", Date, nullable=False),
    Column("status", String(12), nullable=False),
    one_of("stage", NUTRITION_STAGES),
    one_of("status", NUTRITION_STATUSES),
)

clinic_visit = Table(
    "clinic_visit",
    metadata,
    own_id(),
    to_id("case", "nutrition_case"),
    Column("number", Integer, nullable=False),  # 1, 2, ... within the case
    Column("kind", String(12), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    to_code("centre", "facility", null=True),  # where, if not at the case's own centre
    UniqueConstraint("case", "number"),
    one_of("kind", VISIT_KINDS),
)
