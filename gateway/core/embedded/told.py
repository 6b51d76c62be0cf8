"""Whose phones hear of what: the verified phones of persons, opened within a transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from gateway.core.embedded.tables import phone, phone_link
from gateway.privacy import Vault

_PHONES = (
    select(phone_link.c.person, phone.c.phone_sealed)
    .select_from(phone_link.join(phone, phone.c.id == phone_link.c.phone))
    .where(phone_link.c.person.in_(bindparam("persons", expanding=True)), phone_link.c.status == "verified")
    .order_by(phone_link.c.id)
)


def phones_of(connection: Connection, vault: Vault, persons: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Person -> her phones in E.164, oldest link first."""
    found: dict[int, tuple[str, ...]] = {}
    for her, sealed in connection.execute(_PHONES, {"persons": persons}):
        found[her] = (*found.get(her, ()), vault.open(sealed))
    return found
