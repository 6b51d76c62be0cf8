"""Tokens for a survey at an office, and changes in the family that people report, each with every state it came to."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, Text, text

from gateway.core.embedded.tables.columns import Key, one_of, own_id, to_code, to_id
from gateway.core.embedded.tables.requests import CHANNELS, one_open
from gateway.core.port import BookingState, Change, ChangeState, Purpose
from gateway.db import Instant, metadata

OPEN_BOOKINGS = (BookingState.BOOKED,)
OPEN_CHANGES = (ChangeState.RECEIVED, ChangeState.VERIFIED)
_TAKEN = text(f"state <> '{BookingState.CANCELLED}'")

# `open_key` is the person, or the phone where none is known, as of a case.
survey_booking = Table(
    "survey_booking",
    metadata,
    own_id(),
    Column("reference", String(8), nullable=False, unique=True),
    Column("asked_key", String(200), nullable=False, unique=True),
    Column("purpose", String(16), nullable=False),
    to_id("person", "person", null=True, index=True),
    Column("phone_key", Key, nullable=False, index=True),
    Column("phone_sealed", Text, nullable=False),
    Column("open_key", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    to_code("office", "office"),
    Column("on_day", Date, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, ... on the day; a cancelled one is given out again
    Column("state", String(12), nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("moved_on", Date, nullable=False),
    one_of("channel", CHANNELS),
    one_of("purpose", tuple(str(purpose) for purpose in Purpose)),
    one_of("state", tuple(str(state) for state in BookingState)),
    CheckConstraint("number >= 1", name="number"),
    one_open("uq_survey_booking_open", "open_key", "purpose", states=OPEN_BOOKINGS),
    Index(
        "uq_survey_booking_number",
        "office",
        "on_day",
        "number",
        unique=True,
        sqlite_where=_TAKEN,
        postgresql_where=_TAKEN,
    ),
)

# Append-only: every state, and who brought it there.
survey_booking_event = Table(
    "survey_booking_event",
    metadata,
    own_id(),
    to_id("survey_booking", "survey_booking", index=True),
    Column("state", String(12), nullable=False),
    Column("by", String(60), nullable=False),  # `caller`, or a member of staff
    Column("at", Instant, nullable=False),
)

change_request = Table(
    "change_request",
    metadata,
    own_id(),
    Column("reference", String(8), nullable=False, unique=True),
    Column("asked_key", String(200), nullable=False, unique=True),
    Column("change", String(12), nullable=False),
    to_id("person", "person", index=True),
    Column("phone_key", Key, nullable=False),  # where it was reported
    Column("channel", String(8), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("moved_on", Date, nullable=False),
    one_of("channel", CHANNELS),
    one_of("change", tuple(str(change) for change in Change)),
    one_of("state", tuple(str(state) for state in ChangeState)),
    one_open("uq_change_request_open", "person", "change", states=OPEN_CHANGES),
    Index("ix_change_request_queue", "state", "reported_on"),
)

# Append-only, likewise.
change_request_event = Table(
    "change_request_event",
    metadata,
    own_id(),
    to_id("change_request", "change_request", index=True),
    Column("state", String(12), nullable=False),
    Column("note_sealed", Text),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
)
