"""Phones of a person on the gateway's own database: linked and unlinked by the helpline, their PINs unlocked."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from gateway import clock
from gateway.core.embedded import checks
from gateway.core.embedded.acts import first_time
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import phone, phone_link, pin, pin_attempt
from gateway.core.embedded.told import phones_of
from gateway.core.embedded.upsert import upsert
from gateway.core.port import StaffAnnouncer
from gateway.core.port.links import Check, Link
from gateway.db import Database
from gateway.privacy import Vault

_HERS = (
    select(phone_link, phone.c.phone_sealed, pin.c.phone_link.label("pin"), pin.c.locked_until_at)
    .select_from(
        phone_link.join(phone, phone.c.id == phone_link.c.phone).outerjoin(
            pin, pin.c.phone_link == phone_link.c.id
        )
    )
    .where(phone_link.c.person == bindparam("whose"), phone_link.c.status == "verified")
    .order_by(phone_link.c.id)
)
_PHONE = select(phone.c.id).where(phone.c.phone_key.in_(bindparam("keys", expanding=True)))
_LINK = select(phone_link).where(
    phone_link.c.person == bindparam("whose"), phone_link.c.phone == bindparam("which")
)
_ADD = insert(phone_link)
_VERIFY = (
    update(phone_link)
    .where(phone_link.c.id == bindparam("link"))
    .values(status="verified", verified_how="helpline", linked_on=bindparam("today"), details_by_sms=False)
)
_REVOKE = (
    update(phone_link)
    .where(phone_link.c.id == bindparam("link"))
    .values(status="revoked", details_by_sms=False)
)
_FORGET = (
    delete(pin_attempt).where(pin_attempt.c.phone_link == bindparam("link")),
    delete(pin).where(pin.c.phone_link == bindparam("link")),
)
_UNLOCK = update(pin).where(pin.c.phone_link == bindparam("link")).values(fails=0, locked_until_at=None)


@within_reach
class EmbeddedLinks:
    """`port.Links`. Each act is one transaction with what is told of it, and one key is one act."""

    def __init__(
        self, database: Database, vault: Vault, asked: checks.Checks, announcer: StaffAnnouncer
    ) -> None:
        self._database = database
        self._vault = vault
        self._asked = asked
        self._announcer = announcer

    def of(self, person: int) -> tuple[Link, ...]:
        now = clock.now()
        with self._database.reading() as connection:
            return tuple(
                Link(
                    row.id,
                    self._vault.open(row.phone_sealed),
                    row.verified_how or "",
                    row.linked_on,
                    row.details_by_sms,
                    row.pin is not None,
                    row.locked_until_at is not None and row.locked_until_at > now,
                )
                for row in connection.execute(_HERS, {"whose": person})
            )

    def questions(self, check: Check) -> tuple[str, ...]:
        return self._asked[check]

    def passes(self, person: int, check: Check, answers: Mapping[str, str]) -> bool:
        with self._database.reading() as connection:
            return checks.passes(connection, self._vault, person, self._asked[check], answers)

    def unlock(self, person: int, link: int, *, by: str, key: str) -> bool:
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return False
            row = self._hers(connection, person, link)
            connection.execute(_UNLOCK, {"link": link})
            self._tell(connection, "pin_unlocked", (self._vault.open(row.phone_sealed),), key)
        return True

    def link(self, person: int, phone: str, *, by: str, key: str) -> bool:
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return False
            before = phones_of(connection, self._vault, [person]).get(person, ())
            if phone in before:
                return False
            which = self._known(connection, phone)
            found = connection.execute(_LINK, {"whose": person, "which": which}).first()
            today = clock.today()
            if found is None:
                row = {
                    "phone": which,
                    "person": person,
                    "status": "verified",
                    "verified_how": "helpline",
                    "linked_on": today,
                    "details_by_sms": False,
                }
                connection.execute(_ADD, row)
            else:
                self._forget(connection, found.id)
                connection.execute(_VERIFY, {"link": found.id, "today": today})
            self._tell(connection, "phone_linked", (phone,), key)
            self._tell(connection, "phone_added", before, key)
        return True

    def unlink(self, person: int, link: int, *, by: str, key: str) -> bool:
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return False
            row = self._hers(connection, person, link)
            self._forget(connection, link)
            connection.execute(_REVOKE, {"link": link})
            self._tell(connection, "phone_unlinked", (self._vault.open(row.phone_sealed),), key)
        return True

    def _tell(self, connection: Connection, template: str, phones: tuple[str, ...], key: str) -> None:
        if phones:
            self._announcer.done(connection, template, phones, {}, f"act:{key}"[:80])

    @staticmethod
    def _hers(connection: Connection, person: int, link: int) -> Row[Any]:
        found = connection.execute(_HERS, {"whose": person})
        row = next((each for each in found if each.id == link), None)
        if row is None:
            raise LookupError("no such phone of hers")
        return row

    @staticmethod
    def _forget(connection: Connection, link: int) -> None:
        """A PIN ends with its link: who holds the phone next chooses her own."""
        for statement in _FORGET:
            connection.execute(statement, {"link": link})

    def _known(self, connection: Connection, number: str) -> int:
        keys = self._vault.phone_keys(number)
        found = connection.execute(_PHONE, {"keys": keys}).scalar()
        if found is None:
            row = {"phone_key": keys[0], "phone_sealed": self._vault.seal(number)}
            connection.execute(upsert(self._database.dialect, phone).on_conflict_do_nothing(), row)
            found = connection.execute(_PHONE, {"keys": keys}).scalar_one()
        return int(found)
