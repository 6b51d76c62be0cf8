"""Places that serve people: hospitals, clinics, schools, loan and training centres."""

from sqlalchemy import JSON, Column, String, Table

from gateway.core.embedded.tables.columns import one_of, to_code
from gateway.core.port import FACILITY_KINDS
from gateway.db import metadata

FACILITY_STATUSES = ("open", "closed")

facility = Table(
    "facility",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    to_code("tehsil", "tehsil", index=True),
    Column("name", String(80), nullable=False),
    Column("address", String(160), nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("hours", String(40), nullable=False, server_default=""),
    Column("agency", String(80), nullable=False, server_default=""),  # who runs it
    Column("services", JSON, nullable=False),  # codes
    Column("status", String(10), nullable=False, server_default="open"),
    one_of("kind", FACILITY_KINDS),
    one_of("status", FACILITY_STATUSES),
)
