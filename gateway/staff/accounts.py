"""The accounts of the staff: made, listed, changed, closed. `entrance` is how one signs in."""

import re
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway import clock
from gateway.db import Database
from gateway.errors import GatewayError, SettingsError
from gateway.staff.audit import Audit
from gateway.staff.members import Member, member_of
from gateway.staff.passwords import hashed, matches, unfit
from gateway.staff.roles import Role
from gateway.staff.sittings import Sittings
from gateway.staff.tables import LANGUAGES, staff

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")

_ADD = insert(staff).returning(staff.c.id)
_ALL = select(staff).order_by(staff.c.name)
_BY_NAME = select(staff).where(staff.c.name == bindparam("name"))
_BY_ID = select(staff).where(staff.c.id == bindparam("which"))
_BY_SUBJECT = select(staff).where(staff.c.oidc_subject == bindparam("subject"))
_DEMO = select(staff.c.name).where(staff.c.demo.is_(True)).order_by(staff.c.name)
_PASSWORD = (
    update(staff)
    .where(staff.c.id == bindparam("which"))
    .values(password_hash=bindparam("hash"), password_changed_at=bindparam("now"))
)
_LANGUAGE = update(staff).where(staff.c.id == bindparam("which")).values(language=bindparam("chosen"))
_DISABLED = update(staff).where(staff.c.id == bindparam("which")).values(disabled=bindparam("closed"))
_ROLE = update(staff).where(staff.c.id == bindparam("which")).values(role=bindparam("now_role"))
_NAMED = update(staff).where(staff.c.id == bindparam("which")).values(display_name=bindparam("shown"))


class AccountRefused(GatewayError):
    """An account cannot be made or changed so. `why` is a word: taken, name, wrong, short, long, plain, unknown."""

    code = "account"
    _SAID = {  # noqa: RUF012 - read only
        "taken": "there is an account of this name already",
        "form": "a name has 3 to 60 small letters, digits, `.`, `_` or `-`",
        "unknown": "there is no account of this name",
        "wrong": "this is not the present password",
        "short": "a password has at least 12 characters",
        "long": "a password has at most 200 characters",
        "name": "a password does not hold the account's name",
        "plain": "a password has at least 6 different characters, and is not the demo's",
    }

    def __init__(self, why: str) -> None:
        super().__init__(self._SAID[why])
        self.why = why


class Accounts:
    """Every change is in the audit, in the transaction that makes it."""

    def __init__(self, database: Database, audit: Audit, sittings: Sittings, *, production: bool) -> None:
        self._database = database
        self._audit = audit
        self._sittings = sittings
        self._production = production

    def add(  # noqa: PLR0913 - an account's fields
        self, actor: str, name: str, role: Role, password: str, *, display_name: str = "", demo: bool = False
    ) -> Member:
        """Make an account that signs in with a password. Raises AccountRefused."""
        if not _NAME.fullmatch(name):
            raise AccountRefused("form")
        if not demo and (why := unfit(password, name)):
            raise AccountRefused(why)
        row = _fresh(name, role, display_name) | {
            "password_hash": hashed(password),
            "demo": demo,
            "password_changed_at": clock.now(),
        }
        with self._database.writing() as connection:
            if connection.execute(_BY_NAME, {"name": name}).first():
                raise AccountRefused("taken")
            return self._insert(connection, actor, row)

    def welcome(self, subject: str, role: Role, display_name: str) -> Member | None:
        """The account of somebody whom the identity provider vouches for, made at her first sign-in; None if disabled.

        subject: a hash of issuer and subject. Role and name follow the provider. Never an account that has a password:
        a name at the provider is no proof of whose account here it is.
        """
        with self._database.writing() as connection:
            row = connection.execute(_BY_SUBJECT, {"subject": subject}).first()
            if row is None:
                fresh = _fresh(f"sso-{subject[:12]}", role, display_name) | {"oidc_subject": subject}
                return self._insert(connection, "system:oidc", fresh)
            member = member_of(row)
            if member.disabled:
                return None
            if member.role is not role:
                connection.execute(_ROLE, {"which": member.id, "now_role": str(role)})
                self._audit.record(
                    "system:oidc",
                    "role_changed",
                    member.mark,
                    connection,
                    before=str(member.role),
                    role=str(role),
                )
            if display_name and display_name != member.display_name:
                connection.execute(_NAMED, {"which": member.id, "shown": display_name})
            return member_of(connection.execute(_BY_ID, {"which": member.id}).one())

    def all(self) -> list[Member]:
        with self._database.reading() as connection:
            return [member_of(row) for row in connection.execute(_ALL)]

    def named(self, name: str) -> Member:
        """Raises AccountRefused where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_BY_NAME, {"name": name}).first()
        if row is None:
            raise AccountRefused("unknown")
        return member_of(row)

    def numbered(self, number: int) -> Member:
        """Raises AccountRefused where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_BY_ID, {"which": number}).first()
        if row is None:
            raise AccountRefused("unknown")
        return member_of(row)

    def change_password(self, member: Member, present: str, new: str, sitting: int = 0) -> None:
        """Her own; ends every sitting of hers but this one. Raises AccountRefused."""
        if why := unfit(new, member.name):
            raise AccountRefused(why)
        with self._database.reading() as connection:
            kept = connection.execute(_BY_ID, {"which": member.id}).one().password_hash
        if not matches(present, kept):
            raise AccountRefused("wrong")
        self._set_password(member.mark, member, new, sitting)

    def set_password(self, actor: str, member: Member, new: str) -> None:
        """By an admin, for somebody who forgot hers; ends all her sittings. Raises AccountRefused."""
        if why := unfit(new, member.name):
            raise AccountRefused(why)
        self._set_password(actor, member, new, 0)

    def choose_language(self, member: Member, language: str) -> None:
        """Raises ValueError for one that the console does not speak."""
        if language not in LANGUAGES:
            raise ValueError("not a language of the console")
        with self._database.writing() as connection:
            connection.execute(_LANGUAGE, {"which": member.id, "chosen": language})

    def disable(self, actor: str, member: Member, *, disabled: bool = True) -> None:
        """Close an account, at once for whoever sits there; or open it again."""
        with self._database.writing() as connection:
            connection.execute(_DISABLED, {"which": member.id, "closed": disabled})
            self._sittings.end_all(member.id, connection=connection)
            self._audit.record(
                actor, "account_disabled" if disabled else "account_enabled", member.mark, connection
            )

    def give_role(self, actor: str, member: Member, role: Role) -> None:
        with self._database.writing() as connection:
            connection.execute(_ROLE, {"which": member.id, "now_role": str(role)})
            self._audit.record(
                actor, "role_changed", member.mark, connection, before=str(member.role), role=str(role)
            )

    def refuse_demo(self) -> None:
        """Raises SettingsError where production has an account whose password everybody knows."""
        if not self._production:
            return
        with self._database.reading() as connection:
            names = list(connection.execute(_DEMO).scalars())
        if names:
            raise SettingsError(
                f"the database holds accounts of the demo ({', '.join(names)}): production starts on its own database"
            )

    def _insert(self, connection: Connection, actor: str, row: dict[str, Any]) -> Member:
        number = connection.execute(_ADD, row).scalar_one()
        self._audit.record(actor, "account_added", f"staff:{number}", connection, role=row["role"])
        return member_of(connection.execute(_BY_ID, {"which": number}).one())

    def _set_password(self, actor: str, member: Member, new: str, sitting: int) -> None:
        values = {"which": member.id, "hash": hashed(new), "now": clock.now()}
        with self._database.writing() as connection:
            connection.execute(_PASSWORD, values)
            self._sittings.end_all(member.id, sitting, connection)
            self._audit.record(actor, "password_changed", member.mark, connection)


def _fresh(name: str, role: Role, display_name: str) -> dict[str, Any]:
    return {
        "name": name,
        "display_name": display_name or name,
        "role": str(role),
        "language": "en",
        "disabled": False,
        "demo": False,
        "created_at": clock.now(),
    }
