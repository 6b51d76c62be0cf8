"""Phones: whom each speaks for, the language it prefers, whether it wants no alerts."""

from typing import Any

from sqlalchemy import Connection, bindparam, case, exists, func, or_, select, update

from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import consent, person, phone, phone_link, pin
from gateway.core.embedded.upsert import upsert
from gateway.core.port import Contact, LinkedPerson
from gateway.db import Database
from gateway.privacy import Vault

_IS_PHONE = phone.c.phone_key.in_(bindparam("keys", expanding=True))

# No aggregator's session id holds a space.
_BETWEEN = " "
_answers = select(consent.c.id).where(consent.c.phone_link == phone_link.c.id).correlate(phone_link)
_asking = (
    select(func.aggregate_strings(consent.c.session, _BETWEEN))
    .where(consent.c.phone_link == phone_link.c.id, consent.c.at_gate)
    .correlate(phone_link)
    .scalar_subquery()
)
_PERSONS = (
    select(
        person.c.id,
        person.c.cnic_last4,
        person.c.alive,
        phone_link.c.details_by_sms,
        pin.c.phone_link.label("pin"),
        pin.c.chosen_in,
        or_(phone_link.c.details_by_sms, exists(_answers)).label("details_asked"),
        _asking.label("details_asked_in"),
    )
    .select_from(
        phone.join(phone_link, phone_link.c.phone == phone.c.id)
        .join(person, person.c.id == phone_link.c.person)
        .outerjoin(pin, pin.c.phone_link == phone_link.c.id)
    )
    .where(_IS_PHONE, phone_link.c.status == "verified")
    .order_by(phone_link.c.linked_on, phone_link.c.id)
)
_CONTACT = select(phone.c.language, phone.c.chosen_in, phone.c.language_before, phone.c.opted_out).where(
    _IS_PHONE
)
_PHONE = select(phone.c.phone_sealed).where(phone.c.phone_key == bindparam("phone_key"))

# What held before the session that chose, not before the last of several choices within it.
_CHOICE: dict[str, Any] = {
    "language_before": case(
        (phone.c.chosen_in == bindparam("session"), phone.c.language_before), else_=phone.c.language
    ),
    "language": bindparam("chosen"),
    "chosen_in": bindparam("session"),
}
_CHOOSE = update(phone).where(_IS_PHONE).values(_CHOICE)
_OPT_OUT = update(phone).where(_IS_PHONE).values(opted_out=bindparam("state"))


@within_reach
class EmbeddedRegistry:
    """`port.Registry` on the gateway's own database. Only verified links count: a claimed one speaks for nobody."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def persons_on(self, phone: str) -> tuple[LinkedPerson, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_PERSONS, {"keys": self._vault.phone_keys(phone)})
            return tuple(
                LinkedPerson(
                    id=row.id,
                    cnic_last4=row.cnic_last4 or "",
                    has_pin=row.pin is not None,
                    details_by_sms=row.details_by_sms,
                    pin_chosen_in=row.chosen_in,
                    alive=row.alive,
                    details_asked=bool(row.details_asked),
                    details_asked_in=tuple((row.details_asked_in or "").split()),
                )
                for row in rows
            )

    def phone_of(self, phone_key: str) -> str | None:
        with self._database.reading() as connection:
            sealed = connection.execute(_PHONE, {"phone_key": phone_key}).scalar_one_or_none()
        return self._vault.open(sealed) if sealed else None

    def contact(self, phone: str) -> Contact:
        with self._database.reading() as connection:
            row = connection.execute(_CONTACT, {"keys": self._vault.phone_keys(phone)}).first()
        return (
            Contact()
            if row is None
            else Contact(row.language, row.chosen_in, row.language_before, row.opted_out)
        )

    def choose_language(self, phone: str, language: str, session: str) -> None:
        keys = self._vault.phone_keys(phone)
        with self._database.writing() as connection:
            self._know(connection, phone)
            connection.execute(_CHOOSE, {"keys": keys, "chosen": language, "session": session})

    def opt_out(self, phone: str, opted_out: bool) -> None:  # noqa: FBT001 - the port's signature
        with self._database.writing() as connection:
            self._know(connection, phone)
            connection.execute(_OPT_OUT, {"keys": self._vault.phone_keys(phone), "state": opted_out})

    def _know(self, connection: Connection, number: str) -> None:
        """A row for a phone that nobody registered."""
        keys = self._vault.phone_keys(number)
        if connection.execute(_CONTACT, {"keys": keys}).first() is None:
            row = {"phone_key": keys[0], "phone_sealed": self._vault.seal(number)}
            connection.execute(upsert(self._database.dialect, phone).on_conflict_do_nothing(), row)
