"""What the journal keeps in SQL: a row a dial, a row a turn, and the roll-ups. No phone in readable form, no CNIC, no PIN."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text, false

from gateway.db import Instant, metadata

ussd_session = Table(
    "ussd_session",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("phone_key", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("language", String(16), nullable=False),
    Column("screen", String(100), nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("menu_version", String(64), nullable=False),
    Column("closed", String(16)),  # what the aggregator said of its end: success, incomplete, failed
    Column("lasted", Float),  # seconds, as the network counted them
    Column(
        "patience", Float
    ),  # seconds of silence after which that network ends it; 0: its whole time was up
    Column("outcome", String(16)),  # what it is counted as in the roll-ups, and in which hour
    Column("counted_in", Instant),
    Column("confidential", Boolean, nullable=False, server_default=false()),
    Index("ix_ussd_session_phone_key", "phone_key", "last_at"),
    Index("ix_ussd_session_last_at", "last_at"),
)

turn = Table(
    "turn",
    metadata,
    Column("session", String(128), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("screen_from", String(100), nullable=False),
    Column("screen_to", String(100), nullable=False),
    Column("edges", JSON, nullable=False),
    Column("keys", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("screen", String(100), nullable=False),
    Column("language", String(16), nullable=False),
    Column("trail_length", Integer, nullable=False),
    Column("millis", Float, nullable=False),
    Column("calls", JSON, nullable=False),
    Column("menu_version", String(64), nullable=False),
    Column("owed", String(100)),  # verb whose answer goes by SMS
    Column("opening", JSON),  # of the first turn: language, resume, screen
)

# Roll-ups: what boards read instead of the journal. A row an hour, and one a day of Pakistan's, for each thing counted.
tally = Table(
    "tally",
    metadata,
    Column("grain", String(4), primary_key=True),  # hour, day
    Column("since", Instant, primary_key=True),
    Column("fact", String(16), primary_key=True),
    Column("name", String(160), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
)

# How far each source that is counted again has been counted.
tally_mark = Table(
    "tally_mark",
    metadata,
    Column("source", String(16), primary_key=True),
    Column("counted_until", Instant, nullable=False),
)
