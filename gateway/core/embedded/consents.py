"""Consents: each answer a row that stays, the newest one noted on the link that texts look at."""

from sqlalchemy import bindparam, func, insert, select, update

from gateway import clock
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import consent, phone, phone_link
from gateway.core.port import DETAILS_BY_SMS, Said
from gateway.db import Database
from gateway.privacy import Vault

_LINK = (
    select(phone_link.c.id, phone_link.c.phone)
    .join(phone, phone.c.id == phone_link.c.phone)
    .where(
        phone_link.c.person == bindparam("person"),
        phone.c.phone_key.in_(bindparam("keys", expanding=True)),
        phone_link.c.status == "verified",
    )
)
_HOLD = select(phone_link.c.id).where(phone_link.c.id == bindparam("link")).with_for_update()
_LINKED = (
    select(func.count())
    .select_from(phone_link)
    .where(phone_link.c.phone == bindparam("which"), phone_link.c.status == "verified")
)
_BY_KEY = select(consent.c.allowed).where(
    consent.c.asked_key == bindparam("key"), consent.c.phone_link == bindparam("link")
)
_ADD = insert(consent)
_NOTE = (
    update(phone_link).where(phone_link.c.id == bindparam("link")).values(details_by_sms=bindparam("state"))
)


@within_reach
class EmbeddedConsents:
    """`port.Consents` on the gateway's own database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def choose(self, person: int, phone: str, key: str, said: Said, *, allowed: bool) -> str:
        with self._database.writing() as connection:
            link = connection.execute(
                _LINK, {"person": person, "keys": self._vault.phone_keys(phone)}
            ).first()
            if link is None:
                return "gone"
            # Two answers at once come one after the other, so that row and link never disagree.
            connection.execute(_HOLD, {"link": link.id})
            known = connection.execute(_BY_KEY, {"key": key[:200], "link": link.id}).first()
            if known is not None:
                return _word(known.allowed)
            if allowed and connection.execute(_LINKED, {"which": link.phone}).scalar_one() > 1:
                return "shared"
            connection.execute(
                _ADD,
                {
                    "phone_link": link.id,
                    "purpose": DETAILS_BY_SMS,
                    "allowed": allowed,
                    "channel": said.channel,
                    "session": said.session[:120],
                    "at_gate": said.at_gate,
                    "wording": said.wording[:40],
                    "asked_key": key[:200],
                    "at": clock.now(),
                },
            )
            connection.execute(_NOTE, {"link": link.id, "state": allowed})
        return _word(allowed)


def _word(allowed: bool) -> str:  # noqa: FBT001 - the answer itself
    return "allowed" if allowed else "refused"
