"""Health cover by family and year, and the claims on it. What is used is the sum of the claims, never stored."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table

from gateway.core.embedded.tables.columns import one_of, own_id, to_code, to_id
from gateway.db import metadata

CLAIM_KINDS = ("secondary", "priority")

coverage = Table(
    "coverage",
    metadata,
    own_id(),
    Column("number", String(40), nullable=False, unique=True),  # the insurer's own
    to_id("family_unit", "family_unit", index=True),
    to_code("province", "province"),  # whose scheme it is
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("limit_secondary", Integer, nullable=False),
    Column("limit_priority", Integer, nullable=False),
    CheckConstraint("valid_from <= valid_until", name="in_order"),
    CheckConstraint("limit_secondary >= 0 AND limit_priority >= 0", name="limits"),
)

# No illness is kept: nobody here needs to know it.
claim = Table(
    "claim",
    metadata,
    own_id(),
    Column("number", String(40), nullable=False, unique=True),  # the insurer's own
    to_id("coverage", "coverage", index=True),
    to_code("hospital", "facility"),
    Column("kind", String(10), nullable=False),
    Column("admitted_on", Date, nullable=False),
    Column("discharged_on", Date),  # None: still in hospital
    Column("amount", Integer, nullable=False),  # so far, while the admission is open
    one_of("kind", CLAIM_KINDS),
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("discharged_on IS NULL OR discharged_on >= admitted_on", name="in_order"),
)
