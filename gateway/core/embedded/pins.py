"""PINs: Argon2id under a key of this installation, three tries, then a lock that opens by itself.

Four digits are ten thousand guesses, so the hash alone protects nobody whose database was copied: what is hashed is a
mark of the PIN under a secret key that the database does not hold.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway import clock
from gateway.core.embedded.pin_strength import weak
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import person, phone, phone_link, pin, pin_attempt
from gateway.core.port import PinAnswer
from gateway.db import Database
from gateway.privacy import Vault

TRIES = 3
LOCKED_FOR = timedelta(minutes=30)
# How long a step may be asked again: longer than any session lasts, a lost and rebuilt one too.
REMEMBERED_FOR = timedelta(days=1)

# The one of OWASP's five equal profiles that takes the least memory, so that many fit at once. Measured: 24 ms of CPU on
# a shared two-core machine; the others took 26 to 34 ms there.
HASHER = PasswordHasher(time_cost=5, memory_cost=7168, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)

_LINK = (
    select(
        phone_link.c.id,
        pin.c.hash,
        pin.c.sealed_under,
        pin.c.fails,
        pin.c.locked_until_at,
        pin.c.chosen_in,
        person.c.cnic_sealed,
        person.c.born_on,
    )
    .select_from(
        phone_link.join(phone, phone.c.id == phone_link.c.phone)
        .join(person, person.c.id == phone_link.c.person)
        .outerjoin(pin, pin.c.phone_link == phone_link.c.id)
    )
    .where(
        phone_link.c.person == bindparam("person"),
        phone.c.phone_key.in_(bindparam("keys", expanding=True)),
        phone_link.c.status == "verified",
    )
)
_HOLD_LINK = select(phone_link.c.id).where(phone_link.c.id == bindparam("link")).with_for_update()
_PIN = select(pin).where(pin.c.phone_link == bindparam("link"))
_ATTEMPT = select(pin_attempt).where(
    pin_attempt.c.key == bindparam("key"),
    pin_attempt.c.phone_link == bindparam("link"),
    pin_attempt.c.mark == bindparam("mark"),
)
_ADD_ATTEMPT = insert(pin_attempt)
_FORGET = delete(pin_attempt).where(
    pin_attempt.c.phone_link == bindparam("link"), pin_attempt.c.at < bindparam("before")
)
_COUNT = (
    update(pin)
    .where(pin.c.phone_link == bindparam("link"))
    .values(fails=bindparam("so_many"), locked_until_at=bindparam("until"))
)
_ADD_PIN = insert(pin)
_REPLACE = (
    update(pin)
    .where(pin.c.phone_link == bindparam("link"))
    .values(
        hash=bindparam("new_hash"),
        sealed_under=bindparam("under"),
        chosen_at=bindparam("now"),
        fails=0,
        locked_until_at=None,
    )
)
_PERSON = select(person.c.cnic_sealed, person.c.born_on).where(person.c.id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class _Step:
    """One asking: under which key, for which link, what was typed (as a mark that does not hold it), at what instant.

    An answer holds for all of these alone: another PIN under the same key is another try.
    """

    key: str
    link: int
    whose: str
    mark: str
    now: datetime


@within_reach
class EmbeddedPins:
    """`port.Pins` on the gateway's own database. A PIN belongs to a person on a phone, and so do its tries."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def check(self, person: int, phone: str, pin: str, key: str) -> PinAnswer:
        with self._database.reading() as connection:
            link = connection.execute(
                _LINK, {"person": person, "keys": self._vault.phone_keys(phone)}
            ).first()
            if link is None or link.hash is None:
                return PinAnswer("unset")
            step = self._step(key, link.id, scope_of(person, phone), pin)
            known = _known(connection, step)
        if known is not None:
            return _answered(known)
        locked = _locked_minutes(link, step.now)
        # The slow part comes before the transaction, which on SQLite holds up every other writer.
        right = locked is None and self._is_right(step.whose, link, pin)
        with self._database.writing() as connection:
            return self._count(connection, step, link.hash, pin, right=right)

    def choose(self, person: int, phone: str, pin: str, key: str, *, granted: bool) -> str:
        with self._database.reading() as connection:
            link = connection.execute(
                _LINK, {"person": person, "keys": self._vault.phone_keys(phone)}
            ).first()
            if link is None:
                raise LookupError("this phone speaks for no such person")
            step = self._step(key, link.id, scope_of(person, phone), pin)
            known = _known(connection, step)
        if known is not None:
            return str(known.state)
        if self._is_weak(link, pin):
            return "weak"
        made = hash_pin(self._vault, step.whose, pin)
        with self._database.writing() as connection:
            return self._set(connection, step, made, granted=granted)

    def fits(self, person: int, pin: str) -> bool:
        with self._database.reading() as connection:
            row = connection.execute(_PERSON, {"person": person}).first()
        return row is not None and not self._is_weak(row, pin)

    def _step(self, key: str, link: int, whose: str, typed: str) -> _Step:
        return _Step(key, link, whose, self._vault.pin_mark(key, typed), clock.now())

    def _count(
        self, connection: Connection, step: _Step, tried: str, typed: str, *, right: bool
    ) -> PinAnswer:
        """Count one try. Tries of one link come here one by one, so the fourth finds the lock of the third."""
        connection.execute(_HOLD_LINK, {"link": step.link})
        known = _known(connection, step)
        if known is not None:
            return _answered(known)
        row = connection.execute(_PIN, {"link": step.link}).one()
        minutes = _locked_minutes(row, step.now)
        if minutes is not None:
            return _note(connection, step, PinAnswer("locked", minutes=minutes))
        if row.hash != tried:  # she changed it meanwhile
            right = self._is_right(step.whose, row, typed)
        if right:
            connection.execute(_COUNT, {"link": step.link, "so_many": 0, "until": None})
            return _note(connection, step, PinAnswer("right"))
        fails = (0 if row.locked_until_at is not None else row.fails) + 1
        until = step.now + LOCKED_FOR if fails >= TRIES else None
        connection.execute(_COUNT, {"link": step.link, "so_many": fails, "until": until})
        if until is not None:
            return _note(connection, step, PinAnswer("locked", minutes=_minutes(LOCKED_FOR)))
        return _note(connection, step, PinAnswer("wrong", tries_left=TRIES - fails))

    def _set(self, connection: Connection, step: _Step, made: str, *, granted: bool) -> str:
        connection.execute(_HOLD_LINK, {"link": step.link})
        known = _known(connection, step)
        if known is not None:
            return str(known.state)
        standing = connection.execute(_PIN, {"link": step.link}).first()
        if standing is not None:
            if not granted and standing.chosen_in != _session_of(step.key):
                return "set"  # somebody chose it since this session met her
            values = {"new_hash": made, "under": self._vault.writing, "now": step.now}
            connection.execute(_REPLACE, {"link": step.link, **values})
        else:
            connection.execute(
                _ADD_PIN,
                {
                    "phone_link": step.link,
                    "hash": made,
                    "sealed_under": self._vault.writing,
                    "fails": 0,
                    "chosen_at": step.now,
                    "chosen_in": _session_of(step.key),
                },
            )
        return _note(connection, step, PinAnswer("chosen")).state

    def _is_right(self, whose: str, row: Any, typed: str) -> bool:
        try:
            return HASHER.verify(row.hash, self._vault.pin_mark(whose, typed, row.sealed_under))
        except VerifyMismatchError:
            return False

    def _is_weak(self, row: Any, typed: str) -> bool:
        cnic = "" if row.cnic_sealed is None else self._vault.open(row.cnic_sealed)
        return weak(typed, cnic, row.born_on)


def scope_of(person: int, phone: str) -> str:
    """Whose a PIN is, known before its link has a number: a hash copied to another link opens nothing there."""
    return f"person {person} on {phone}"


def hash_pin(vault: Vault, whose: str, pin: str) -> str:
    """What is kept of a PIN of `scope_of`, made with the key that writes (`Vault.writing`). Takes about 20 ms."""
    return HASHER.hash(vault.pin_mark(whose, pin))


def _known(connection: Connection, step: _Step) -> Any:
    return connection.execute(_ATTEMPT, {"key": step.key, "link": step.link, "mark": step.mark}).first()


def _note(connection: Connection, step: _Step, answer: PinAnswer) -> PinAnswer:
    connection.execute(_FORGET, {"link": step.link, "before": step.now - REMEMBERED_FOR})
    connection.execute(
        _ADD_ATTEMPT,
        {
            "key": step.key,
            "phone_link": step.link,
            "mark": step.mark,
            "state": answer.state,
            "tries_left": answer.tries_left,
            "minutes": answer.minutes,
            "at": step.now,
        },
    )
    return answer


def _answered(row: Any) -> PinAnswer:
    return PinAnswer(row.state, row.tries_left, row.minutes)


def _locked_minutes(row: Any, now: datetime) -> int | None:
    """Minutes until the lock opens, at least one, or None where there is none or its time has passed."""
    if row.locked_until_at is None or row.locked_until_at <= now:
        return None
    return _minutes(row.locked_until_at - now)


def _minutes(span: timedelta) -> int:
    return max(1, ceil(span / timedelta(minutes=1)))


def _session_of(key: str) -> str:
    """The session in a key `session/screen/offset`."""
    return key.rsplit("/", 2)[0]
