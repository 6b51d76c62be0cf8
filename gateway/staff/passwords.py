"""Passwords of the staff: Argon2id, and what makes one fit."""

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.settings import DEMO_STAFF_PASSWORD

LEAST, MOST = 12, 200
_DISTINCT = 6

# One of OWASP's five equal profiles; see `core.embedded.pins` for what it costs.
_HASHER = PasswordHasher(time_cost=5, memory_cost=7168, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
# For a name that nobody has: as long to say no as for a wrong password.
_NOBODY = _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password. Takes as long where nothing is kept."""
    try:
        _HASHER.verify(kept or _NOBODY, password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def unfit(password: str, name: str) -> str:
    """Why a password will not do (`short`, `long`, `name`, `plain`), or nothing."""
    if len(password) < LEAST:
        return "short"
    if len(password) > MOST:
        return "long"
    if name.casefold() in password.casefold():
        return "name"
    return "plain" if len(set(password)) < _DISTINCT or password == DEMO_STAFF_PASSWORD else ""
