"""Phones, whom they speak for, and PINs."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from gateway.core.embedded.tables.columns import Id, Key, one_of, own_id, to_id
from gateway.db import Instant, metadata

LINK_STATUSES = ("claimed", "verified", "revoked")
VERIFIED_HOW = ("sim_match", "helpline", "office")

# A phone that nobody registered has a row too, once its caller has chosen a language or opted out.
phone = Table(
    "phone",
    metadata,
    own_id(),
    Column("phone_key", Key, nullable=False, unique=True),
    Column("phone_sealed", Text, nullable=False),
    Column("language", String(12)),
    Column("chosen_in", String(120)),  # the session that chose it
    Column("language_before", String(12)),  # what held before that session
    Column("opted_out", Boolean, nullable=False, server_default=false()),
)

phone_link = Table(
    "phone_link",
    metadata,
    own_id(),
    to_id("phone", "phone"),
    to_id("person", "person", index=True),
    Column("status", String(10), nullable=False),
    Column("verified_how", String(10)),
    Column("linked_on", Date, nullable=False),
    Column("details_by_sms", Boolean, nullable=False),  # she allowed figures in texts to this phone
    UniqueConstraint("phone", "person"),
    one_of("status", LINK_STATUSES),
    one_of("verified_how", VERIFIED_HOW),
)

pin = Table(
    "pin",
    metadata,
    Column("phone_link", Id, ForeignKey("phone_link.id"), primary_key=True, autoincrement=False),
    Column("hash", String(120), nullable=False),  # Argon2id, with its parameters
    Column("fails", Integer, nullable=False, server_default="0"),
    Column("locked_until_at", Instant),
    Column("chosen_at", Instant, nullable=False),
    Column("sealed_under", String(32), nullable=False),  # id of the key that the hash was made with
    Column("chosen_in", String(120)),  # the session that chose her first PIN
)

# What each try and each choice was answered, so that one key with one PIN counts once. Never the PIN.
pin_attempt = Table(
    "pin_attempt",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("phone_link", Id, ForeignKey("phone_link.id"), primary_key=True, autoincrement=False, index=True),
    Column("mark", Key, primary_key=True),  # `Vault.pin_mark` of what was typed, under this key
    Column("state", String(8), nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
