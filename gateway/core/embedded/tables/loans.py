"""Interest-free loans and their instalments, as the lenders give them. What is left is counted, never stored."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table, UniqueConstraint

from gateway.core.embedded.tables.columns import own_id, to_code, to_id
from gateway.db import metadata

loan = Table(
    "loan",
    metadata,
    own_id(),
    Column("number", String(40), nullable=False, unique=True),  # the lender's own
    to_id("person", "person", index=True),
    Column("principal", Integer, nullable=False),
    Column("instalments", Integer, nullable=False),
    Column("disbursed_on", Date, nullable=False),
    to_code("centre", "facility", null=True),
    CheckConstraint("principal > 0 AND instalments > 0", name="lent"),
)

repayment = Table(
    "repayment",
    metadata,
    own_id(),
    to_id("loan", "loan"),
    Column("number", Integer, nullable=False),  # 1, 2, ... within the loan
    Column("due_on", Date, nullable=False),
    Column("due", Integer, nullable=False),
    Column("paid", Integer, nullable=False, server_default="0"),
    Column("paid_on", Date),
    UniqueConstraint("loan", "number"),
    CheckConstraint("due > 0 AND paid >= 0 AND paid <= due", name="within_due"),
    CheckConstraint("(paid > 0) = (paid_on IS NOT NULL)", name="paid_on_a_day"),
)
