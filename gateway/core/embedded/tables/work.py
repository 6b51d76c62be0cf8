"""What the call centre keeps of its own work: acts that count once, call-backs, flags on pay points."""

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text, text

from gateway.core.embedded.tables.columns import Key, one_of, own_id, to_code, to_id
from gateway.core.port.call_backs import CallBackState, Window
from gateway.core.port.pay_points import FlagReason
from gateway.db import Instant, metadata

# A key of a form that was sent: the same form sent twice is one act.
staff_act = Table(
    "staff_act",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("by", String(40), nullable=False),
    Column("at", Instant, nullable=False),
)

call_back = Table(
    "call_back",
    metadata,
    own_id(),
    to_id("person", "person", null=True, index=True),
    Column("phone_key", Key, nullable=False, index=True),
    Column("phone_sealed", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("slot", String(10), nullable=False),
    Column("female", Boolean, nullable=False),  # she asked for a woman
    Column("state", String(10), nullable=False),
    Column("booked_by", String(40), nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("settled_by", String(40)),
    Column("settled_at", Instant),
    one_of("slot", tuple(str(each) for each in Window)),
    one_of("state", tuple(str(each) for each in CallBackState)),
    Index("ix_call_back_queue", "state", "day", "id"),
)

_STANDS = text("lifted_at IS NULL")

pay_point_flag = Table(
    "pay_point_flag",
    metadata,
    own_id(),
    to_code("pay_point", "pay_point"),
    to_id("person", "person", index=True),
    Column("reason", String(10), nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("lifted_at", Instant),  # somebody looked into it
    Column("lifted_by", String(40)),
    one_of("reason", tuple(str(each) for each in FlagReason)),
    # One caller, one flag.
    Index(
        "uq_pay_point_flag_stands",
        "pay_point",
        "person",
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    ),
)
