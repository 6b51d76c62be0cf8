"""The tables of the staff: accounts, who sits at the console, wrong tries, the audit, tokens, reveals.

A `_sealed` column is AES-GCM (`Vault`), a `_hash` one is no way back. An actor or a subject is `kind:id`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from gateway.db import Instant, metadata
from gateway.staff.roles import Role

# A 64-bit key that SQLite counts up by itself only when it is spelt INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

LANGUAGES = ("en", "ur")
REVEAL_STATES = ("asked", "granted", "refused")


def _one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(each) for each in allowed)})", name=column)


staff = Table(
    "staff",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200)),  # NULL: signs in elsewhere (OpenID Connect)
    Column("totp_sealed", String(200)),
    Column("totp_pending_sealed", String(200)),  # shown once to be scanned, not yet proven
    Column("totp_step", BigInteger),  # the last one used; no code counts twice
    Column("language", String(2), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("oidc_subject", String(64), unique=True),  # a hash of issuer and subject
    Column("created_at", Instant, nullable=False),
    Column("password_changed_at", Instant),
    _one_of("role", tuple(str(role) for role in Role)),
    _one_of("language", LANGUAGES),
)

sitting = Table(
    "staff_sitting",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("staff", _Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("proven", Boolean, nullable=False),  # the second factor was shown, or none is due
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

tries = Table(
    "staff_try",
    metadata,
    Column("key", String(32), primary_key=True),  # keyed hash of a name, an address, or both
    Column("fails", Integer, nullable=False),
    Column("failed_at", Instant, nullable=False),
    Column("locked_until", Instant),
    Column("known_at", Instant),  # when this name last signed in from this address
)

audit = Table(
    "audit",
    metadata,
    Column(
        "id", _Id, primary_key=True, autoincrement=False
    ),  # without a gap: a gap is a row that was taken out
    Column("at", Instant, nullable=False, index=True),
    Column("actor", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", Text, nullable=False),  # canonical JSON
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_actor", "actor", "id"),
    Index("ix_audit_act", "act", "id"),
    Index("ix_audit_subject", "subject", "id"),
)

token = Table(
    "api_token",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),  # separated by spaces
    Column("role", String(20), nullable=False),
    Column("made_by", String(40), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    _one_of("role", tuple(str(role) for role in Role)),
)

reveal = Table(
    "reveal",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("subject", String(120), nullable=False),
    Column("field", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_by", _Id, ForeignKey("staff.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", _Id, ForeignKey("staff.id")),
    Column("decided_at", Instant),
    Column("until", Instant),  # shown to who asked, so long
    _one_of("state", REVEAL_STATES),
    Index("ix_reveal_asked", "asked_by", "subject", "field"),
    Index("ix_reveal_state", "state", "asked_at"),
)
