"""Tokens of the API: made by an admin, shown once, kept as a hash, each with its scopes, a role and an end."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from gateway import clock
from gateway.db import Database
from gateway.staff.audit import Audit
from gateway.staff.roles import SCOPES, Role, Scope, may
from gateway.staff.tables import token

PREFIX = "ehs_"
LONGEST = timedelta(days=366)
_NOTED_EVERY = timedelta(minutes=1)


class Taken(Exception):
    """There is a token of this name."""


_ADD = insert(token).returning(token.c.id)
_BY_HASH = select(token).where(token.c.token_hash == bindparam("hash"))
_NAMED = select(token.c.id).where(token.c.name == bindparam("name"))
_ALL = select(token).order_by(token.c.name)
_USED = update(token).where(token.c.id == bindparam("which")).values(used_at=bindparam("now"))
_REVOKE = (
    update(token)
    .where(token.c.id == bindparam("which"), token.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token may do; not the token itself."""

    id: int
    name: str
    scopes: frozenset[Scope]
    role: Role
    made_by: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None

    def may(self, scope: Scope | str) -> bool:
        """Whether the scope was given and the role allows what it stands for. Raises ValueError for no scope of ours."""
        wanted = Scope(scope)
        needed = SCOPES[wanted]
        return wanted in self.scopes and (needed is None or may(self.role, needed))

    @property
    def mark(self) -> str:
        """How the audit names it."""
        return f"token:{self.id}"


class Tokens:
    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def make(
        self,
        actor: str,
        name: str,
        scopes: Collection[Scope],
        role: Role,
        lasts: timedelta = timedelta(days=90),
    ) -> tuple[Token, str]:
        """A new one, and what its holder sends: it is not seen again.

        Raises ValueError for no name, no scope, a time out of bounds, or a scope that the role does not allow;
        Taken for a name that another one has.
        """
        if not name or not scopes or not timedelta() < lasts <= LONGEST:
            raise ValueError("a token needs a name, a scope, and an end within a year")
        for scope in scopes:
            needed = SCOPES[Scope(scope)]
            if needed is not None and not may(role, needed):
                raise ValueError(f"the role {role} does not allow {scope}")
        plain, now = PREFIX + secrets.token_urlsafe(32), clock.now()
        row = {
            "token_hash": _hash(plain),
            "name": name,
            "scopes": " ".join(sorted(scopes)),
            "role": str(role),
            "made_by": actor,
            "created_at": now,
            "expires_at": now + lasts,
        }
        with self._database.writing() as connection:
            if connection.execute(_NAMED, {"name": name}).first():
                raise Taken(name)
            number = connection.execute(_ADD, row).scalar_one()
            self._audit.record(
                actor, "token_made", f"token:{number}", connection, scopes=row["scopes"], role=row["role"]
            )
            return _token_of(connection.execute(_BY_HASH, {"hash": row["token_hash"]}).one()), plain

    def check(self, plain: str) -> Token | None:
        """Whose this is, or None where it is none, revoked or past its end."""
        now = clock.now()
        with self._database.reading() as connection:
            row = connection.execute(_BY_HASH, {"hash": _hash(plain)}).first()
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            return None
        if row.used_at is None or row.used_at + _NOTED_EVERY <= now:
            with self._database.writing() as connection:
                connection.execute(_USED, {"which": row.id, "now": now})
        return _token_of(row)

    def revoke(self, actor: str, number: int) -> bool:
        """Whether it held until now."""
        with self._database.writing() as connection:
            done = connection.execute(_REVOKE, {"which": number, "now": clock.now()}).rowcount == 1
            if done:
                self._audit.record(actor, "token_revoked", f"token:{number}", connection)
        return done

    def all(self) -> list[Token]:
        with self._database.reading() as connection:
            return [_token_of(row) for row in connection.execute(_ALL)]


def _token_of(row: Any) -> Token:
    return Token(
        row.id,
        row.name,
        frozenset(Scope(scope) for scope in row.scopes.split()),
        Role(row.role),
        row.made_by,
        row.created_at,
        row.used_at,
        row.expires_at,
        row.revoked_at,
    )


def _hash(plain: str) -> str:
    # 256 random bits: a plain hash gives nothing away.
    return sha256(plain.encode()).hexdigest()
