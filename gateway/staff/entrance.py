"""How one signs in: name and password, slowed down when wrong, the same for a name that nobody has."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from gateway.db import Database
from gateway.privacy import Vault
from gateway.staff.audit import Audit
from gateway.staff.factors import Factors
from gateway.staff.members import Member, member_of
from gateway.staff.passwords import matches
from gateway.staff.sittings import Sitting, Sittings
from gateway.staff.tables import staff
from gateway.staff.tries import Tries

_BY_NAME = select(staff).where(staff.c.name == bindparam("name"))
NOBODY = "anonymous:0"


@dataclass(frozen=True, slots=True)
class Answer:
    """state: welcome, wrong, wait (`wait` seconds), used (a code that was used already); token: of the new sitting, member: whose."""

    state: str
    token: str = ""
    member: Member | None = None
    wait: int = 0


class Entrance:
    """Answers who comes; what was looked at is in the audit."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts it joins
        self, database: Database, vault: Vault, audit: Audit, tries: Tries, sittings: Sittings, factors: Factors,
        *, production: bool,
    ) -> None:  # fmt: skip
        self._database = database
        self._vault = vault
        self._audit = audit
        self._tries = tries
        self._sittings = sittings
        self._factors = factors
        self._production = production

    def sign_in(self, name: str, password: str, address: str) -> Answer:
        """By password, from a network address. What is wrong is not told: name, password, or a closed account."""
        name = name.strip().lower()[:60]
        ticket = self._tries.take(self._tries.counts("password", name, address))
        if ticket.wait:
            return Answer("wait", wait=ticket.wait)  # the wrong ones before it are in the audit
        with self._database.reading() as connection:
            row = connection.execute(_BY_NAME, {"name": name}).first()
        right = matches(password, row.password_hash if row else None)
        if row is None or not right or row.disabled or (row.demo and self._production):
            return self._refuse("wrong", f"staff:{row.id}" if row else self._who(name))
        self._tries.forgive(ticket)
        return self.admit(member_of(row), "password")

    def admit(self, member: Member, how: str) -> Answer:
        """Begin a sitting for somebody whose identity is certain. how: `password`, or `oidc`, whose second factor is theirs."""
        proven = how == "oidc" or not (member.second_factor or self._factors.required(member))
        token = self._sittings.begin(member, proven=proven)
        self._audit.record(member.mark, "signed_in", member.mark, how=how)
        return Answer("welcome", token, member)

    def prove(self, sitting: Sitting, code: str, address: str) -> Answer:
        """The second factor of a sitting that has begun."""
        member = sitting.member
        ticket = self._tries.take(self._tries.counts("code", member.name, address))
        if ticket.wait:
            return Answer("wait", wait=ticket.wait)
        state = self._factors.check(member, code)
        if state != "right":
            return self._refuse(state, member.mark)
        self._tries.forgive(ticket)
        self._sittings.prove(sitting)
        self._audit.record(member.mark, "second_factor_shown", member.mark)
        return Answer("welcome")

    def sign_out(self, sitting: Sitting, token: str) -> None:
        self._sittings.end(token)
        self._audit.record(sitting.member.mark, "signed_out", sitting.member.mark)

    def sign_out_everywhere(self, member: Member) -> None:
        self._sittings.end_all(member.id)
        self._audit.record(member.mark, "signed_out_everywhere", member.mark)

    def _refuse(self, state: str, subject: str) -> Answer:
        self._audit.record(NOBODY, "sign_in_refused", subject, why=state)
        return Answer(state)

    def _who(self, name: str) -> str:
        # People type their password into the field of the name.
        return f"name:{self._vault.ref_key(f'staff/{name}')}"
