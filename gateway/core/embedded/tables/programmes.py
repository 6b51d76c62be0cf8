"""Programmes with their rules and rates, emergency events, enrolments, decisions."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from gateway.core.embedded.tables.columns import Id, Key, Score, one_of, own_id, to_code, to_id
from gateway.db import Instant, metadata

PERIODS = ("quarter", "event", "year", "once")
ENROLMENT_STATUSES = ("active", "suspended", "graduated", "exited", "deceased")

programme = Table(
    "programme",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("period", String(10), nullable=False),  # what its rates are for
    one_of("period", PERIODS),
)

rule_set = Table(
    "rule_set",
    metadata,
    own_id(),
    to_code("programme", "programme"),
    Column("version", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("rules", JSON, nullable=False),
    UniqueConstraint("programme", "version"),
)

benefit_rate = Table(
    "benefit_rate",
    metadata,
    own_id(),
    to_code("programme", "programme"),
    Column("level", String(20), nullable=False, server_default=""),
    Column("sex", String(1), nullable=False, server_default=""),  # empty: any
    Column("province", String(40), nullable=False, server_default=""),  # likewise
    Column("amount", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    UniqueConstraint("programme", "level", "sex", "province", "valid_from"),
    CheckConstraint("amount >= 0", name="amount"),
)

# An emergency: for the districts and provinces named (codes; both lists empty: the whole country), within the window.
event = Table(
    "event",
    metadata,
    Column("code", String(40), primary_key=True),
    to_code("programme", "programme"),
    Column("name", String(80), nullable=False),
    Column("level", String(20), nullable=False, server_default=""),  # of benefit_rate
    Column("provinces", JSON, nullable=False),
    Column("districts", JSON, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("open_from", Date, nullable=False),
    Column("open_to", Date, nullable=False),
    Column("pmt_max", Score),
    Column("may_apply", Boolean, nullable=False),
    Column("source", String(80), nullable=False, server_default=""),  # who announced it
    CheckConstraint("open_from <= open_to", name="window"),
)

event_listing = Table(
    "event_listing",
    metadata,
    Column("event", String(40), ForeignKey("event.code"), primary_key=True),
    Column("person", Id, ForeignKey("person.id"), primary_key=True, index=True, autoincrement=False),
    Column("source", String(40), nullable=False),
    Column("listed_on", Date, nullable=False),
)

enrolment = Table(
    "enrolment",
    metadata,
    own_id(),
    to_id("person", "person"),
    to_code("programme", "programme"),
    Column("level", String(20), nullable=False, server_default=""),
    Column("status", String(12), nullable=False),
    Column("enrolled_on", Date, nullable=False),
    Column("ended_on", Date),
    UniqueConstraint("person", "programme", "level"),
    one_of("status", ENROLMENT_STATUSES),
)

# Append-only: one row each time the answer changes.
decision = Table(
    "decision",
    metadata,
    own_id(),
    to_id("person", "person"),
    to_code("programme", "programme"),
    Column("outcome", String(20), nullable=False),
    Column("reasons", JSON, nullable=False),  # [{code, passed, rule, seen}] in the order of the rules
    Column("rule_version", String(40), nullable=False),
    Column("score", Score),
    Column("resurvey_by", Date),
    Column("at", Instant, nullable=False),
    Index(None, "person", "programme", "id"),
)

# Coarse look-ups, for their limits: whose CNIC was asked from which phone, both as keys only.
lookup = Table(
    "lookup",
    metadata,
    own_id(),
    Column("key", String(200), nullable=False),
    Column("phone_key", Key, nullable=False),
    Column("cnic_key", Key, nullable=False),
    Column(
        "limited", String(8), nullable=False, server_default=""
    ),  # the limit that refused it: `minute` or `day`
    Column("notice", Boolean, nullable=False, server_default=false()),  # and told so
    Column("at", Instant, nullable=False),
    UniqueConstraint("key", "phone_key", "cnic_key"),
    Index(None, "phone_key", "at"),
)
