"""Her accounts as the banks last reported them."""

from sqlalchemy import bindparam, select

from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import account
from gateway.core.port import Account, AccountState
from gateway.db import Database

_HERS = (
    select(account.c.id, account.c.kind, account.c.provider, account.c.masked, account.c.status)
    .where(account.c.person == bindparam("person"))
    .order_by(account.c.id.desc())
)


@within_reach
class EmbeddedAccounts:
    """`port.Accounts` on the gateway's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: int) -> tuple[Account, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_HERS, {"person": person}).all()
        return tuple(
            Account(row.id, row.kind, row.provider, row.masked, AccountState(row.status)) for row in rows
        )
