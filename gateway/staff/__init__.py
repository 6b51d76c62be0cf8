"""The staff: who they are, what each may, who sits at the console, what was done. No Flask here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from gateway.db import Database
from gateway.privacy import Vault
from gateway.staff.accounts import Accounts
from gateway.staff.audit import Audit
from gateway.staff.entrance import Entrance
from gateway.staff.factors import Factors
from gateway.staff.reveals import Reveals
from gateway.staff.roles import Role
from gateway.staff.sittings import Sittings
from gateway.staff.tokens import Tokens
from gateway.staff.tries import Tries


@dataclass(frozen=True, slots=True)
class Staff:
    """Everything about the staff that console, API and commands use."""

    accounts: Accounts
    entrance: Entrance
    sittings: Sittings
    factors: Factors
    audit: Audit
    tokens: Tokens
    reveals: Reveals
    tries: Tries

    def purge(self) -> int:
        """Drop sittings and wrong tries whose time is over; how many rows."""
        return self.sittings.purge() + self.tries.purge()


def build(  # noqa: PLR0913 - what the settings say, each by its name
    database: Database,
    vault: Vault,
    *,
    idle: timedelta,
    factor_roles: Collection[Role],
    second_person: bool,
    production: bool,
) -> Staff:
    """Staff on a database. factor_roles: who must have a second factor; second_person: whether a reveal needs one."""
    audit, tries = Audit(database), Tries(database, vault)
    sittings = Sittings(database, idle, production=production)
    factors = Factors(database, vault, audit, factor_roles)
    return Staff(
        accounts=Accounts(database, audit, sittings, production=production),
        entrance=Entrance(database, vault, audit, tries, sittings, factors, production=production),
        sittings=sittings,
        factors=factors,
        audit=audit,
        tokens=Tokens(database, audit),
        reveals=Reveals(database, audit, second_person=second_person),
        tries=tries,
    )


__all__ = ["Staff", "build"]
