"""Accounts and instalments."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from gateway.core.embedded.tables.columns import Id, Key, one_of, own_id, to_code, to_id
from gateway.db import Instant, metadata

ACCOUNT_KINDS = ("bank_lma", "wallet", "branch_otc")
ACCOUNT_STATUSES = ("pending_biometric", "active", "blocked", "sim_mismatch")
INSTALMENT_KINDS = ("regular", "bonus")  # a bonus is paid once for a child


def _one_where(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


account = Table(
    "account",
    metadata,
    own_id(),
    to_id("person", "person"),
    Column("kind", String(12), nullable=False),
    Column("provider", String(40), nullable=False),
    Column("msisdn_key", Key),  # of a wallet: Vault.phone_key
    Column("masked", String(24), nullable=False, server_default=""),
    Column("status", String(20), nullable=False),
    UniqueConstraint("person", "kind", "provider"),
    one_of("kind", ACCOUNT_KINDS),
    one_of("status", ACCOUNT_STATUSES),
)

# `person` and `programme` stand here again beside the enrolment, so that her newest instalment is one indexed read
# and a one-time payment needs no enrolment. `event` and `period` are the same code for an emergency. `child` is whom it is
# paid for, where the programme pays a mother for each of her children.
instalment = Table(
    "instalment",
    metadata,
    own_id(),
    to_id("person", "person"),
    to_code("programme", "programme"),
    Column("period", String(40), nullable=False),
    Column("kind", String(20), nullable=False, server_default="regular"),
    Column("child", Id, ForeignKey("person.id")),
    to_id("enrolment", "enrolment", null=True, index=True),
    to_code("event", "event", null=True, index=True),
    Column("amount", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(32)),  # `port.Unpaid`
    to_code("pay_point", "pay_point", null=True),
    Column("place_on", Date),
    Column("collect_by", Date),
    Column("moved_on", Date, nullable=False),
    # A unique constraint lets rows without a child repeat, so those have an index of their own.
    UniqueConstraint("person", "programme", "period", "kind", "child"),
    _one_where("uq_instalment_own", "person", "programme", "period", "kind", where="child IS NULL"),
    _one_where("uq_instalment_bonus", "programme", "child", where="kind = 'bonus'"),
    one_of("kind", INSTALMENT_KINDS),
    CheckConstraint("amount >= 0", name="amount"),
)

# Append-only: every move, as it was reported.
instalment_event = Table(
    "instalment_event",
    metadata,
    own_id(),
    to_id("instalment", "instalment", index=True),
    Column("state", String(20), nullable=False),
    Column("reason", String(32)),
    to_code("pay_point", "pay_point", null=True),
    Column("place_on", Date),
    Column("collect_by", Date),
    Column("moved_on", Date, nullable=False),
    Column("source", String(40), nullable=False),
    Column("recorded_at", Instant, nullable=False, index=True),
)
