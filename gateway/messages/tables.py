"""The tables of SMS: what goes out, what came in, reports without their message yet, answers still owed."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from gateway.db import Instant, metadata

# A 64-bit key that SQLite counts up by itself only when it is spelt INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("dedupe_key", String(200), nullable=False, unique=True),
    Column("phone_key", String(32), nullable=False),
    Column("phone_sealed", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("language", String(20), nullable=False),
    Column("template", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("lane", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("claim", String(32)),  # who holds it: a fresh mark for each claim
    Column("lease_until", Instant),
    Column("aggregator_id", String(100)),
    Column("cost", String(40), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("told", Boolean, nullable=False),  # the core knows that it was delivered, or has no need to
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("settled_at", Instant),
    Index("ix_outbox_claim", "state", "lane", "next_at", "id"),
    Index("ix_outbox_phone", "phone_key", "state"),
    Index("ix_outbox_aggregator_id", "aggregator_id"),
    Index("ix_outbox_created_at", "created_at"),
    Index(
        "ix_outbox_untold",
        "id",
        sqlite_where=text("state = 'delivered' AND NOT told"),
        postgresql_where=text("state = 'delivered' AND NOT told"),
    ),
    Index(
        "ix_outbox_body", "created_at", sqlite_where=text("body <> ''"), postgresql_where=text("body <> ''")
    ),
)

# A delivery report may overtake the answer to its send, or belong to a send whose answer was lost.
early_reports = Table(
    "early_report",
    metadata,
    Column("aggregator_id", String(100), primary_key=True),
    Column("phone_key", String(32), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("received_at", Instant, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("phone_key", String(32), nullable=False),
    Column("phone_sealed", String(200), nullable=False),
    Column("body_sealed", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Index("ix_inbox_phone", "phone_key", "received_at"),
    Index("ix_inbox_answered_at", "answered_at"),
    Index(
        "ix_inbox_unanswered",
        "next_at",
        sqlite_where=text("answered_at IS NULL"),
        postgresql_where=text("answered_at IS NULL"),
    ),
)

deferred = Table(
    "deferred",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Index(
        "ix_deferred_unanswered",
        "next_at",
        sqlite_where=text("answered_at IS NULL"),
        postgresql_where=text("answered_at IS NULL"),
    ),
)
