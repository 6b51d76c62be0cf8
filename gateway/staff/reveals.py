"""Masked fields that somebody wants to see: asked with a reason, granted for a while, by setting only by a second person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update

from gateway import clock, telemetry
from gateway.db import Database
from gateway.errors import GatewayError
from gateway.staff.audit import Audit
from gateway.staff.members import Member
from gateway.staff.roles import Permission
from gateway.staff.tables import reveal

SHOWN_FOR = timedelta(minutes=10)
ASKED_FOR = timedelta(hours=12)  # a question that nobody answered in a shift is over
SHORTEST_REASON, LONGEST_REASON = 10, 500

_ADD = insert(reveal).returning(reveal.c.id)
_BY_ID = select(reveal).where(reveal.c.id == bindparam("which"))
_OPEN = (
    select(reveal)
    .where(
        reveal.c.asked_by == bindparam("member"),
        reveal.c.subject == bindparam("about"),
        or_(
            and_(reveal.c.state == "granted", reveal.c.until > bindparam("now")),
            and_(reveal.c.state == "asked", reveal.c.asked_at > bindparam("after")),
        ),
    )
    .order_by(reveal.c.id)
)
_WAITING = (
    select(reveal)
    .where(reveal.c.state == "asked", reveal.c.asked_at > bindparam("after"))
    .order_by(reveal.c.asked_at)
)
_DECIDE = (
    update(reveal)
    .where(
        reveal.c.id == bindparam("which"), reveal.c.state == "asked", reveal.c.asked_at > bindparam("after")
    )
    .values(
        state=bindparam("decision"),
        decided_by=bindparam("by"),
        decided_at=bindparam("now"),
        until=bindparam("end"),
    )
)


class RevealRefused(GatewayError):
    """A field cannot be asked for or granted so. `why`: reason, own, permission, gone."""

    code = "reveal"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Reveal:
    """subject: whose field, as `person:12`; state: asked, granted, refused; until: it is shown to who asked, so long."""

    id: int
    subject: str
    field: str
    reason: str
    state: str
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    until: datetime | None


class Reveals:
    """second_person: whether somebody else must grant each one."""

    def __init__(self, database: Database, audit: Audit, *, second_person: bool) -> None:
        self._database = database
        self._audit = audit
        self.second_person = second_person

    def ask(self, member: Member, subject: str, field: str, reason: str) -> Reveal:
        """Ask for a field; granted at once where no second person is wanted. Raises RevealRefused."""
        reason = reason.strip()
        if not member.may(Permission.REVEAL):
            raise RevealRefused("permission")
        if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            raise RevealRefused("reason")
        now = clock.now()
        row = {
            "subject": subject,
            "field": field,
            "reason": telemetry.without_persons(reason),
            "state": "asked" if self.second_person else "granted",
            "asked_by": member.id,
            "asked_at": now,
            "until": None if self.second_person else now + SHOWN_FOR,
        }
        with self._database.writing() as connection:
            number = connection.execute(_ADD, row).scalar_one()
            self._audit.record(
                member.mark,
                f"reveal_{row['state']}",
                subject,
                connection,
                field=field,
                reason=reason,
                reveal=number,
            )
            return _reveal_of(connection.execute(_BY_ID, {"which": number}).one())

    def decide(self, member: Member, number: int, *, grant: bool) -> Reveal:
        """Grant or refuse what somebody else asked. Raises RevealRefused."""
        if not member.may(Permission.APPROVE_REVEAL):
            raise RevealRefused("permission")
        now, state = clock.now(), "granted" if grant else "refused"
        with self._database.writing() as connection:
            row = connection.execute(_BY_ID, {"which": number}).first()
            if row is None:
                raise RevealRefused("gone")
            if row.asked_by == member.id:
                raise RevealRefused("own")
            values = {
                "which": number,
                "after": now - ASKED_FOR,
                "decision": state,
                "by": member.id,
                "now": now,
                "end": now + SHOWN_FOR if grant else None,
            }
            if not connection.execute(_DECIDE, values).rowcount:
                raise RevealRefused("gone")
            self._audit.record(
                member.mark, f"reveal_{state}", row.subject, connection, field=row.field, reveal=number
            )
            return _reveal_of(connection.execute(_BY_ID, {"which": number}).one())

    def shown(self, member: Member, subject: str) -> frozenset[str]:
        """The fields of a subject that are open to her now."""
        return frozenset(one.field for one in self.of(member, subject) if one.state == "granted")

    def of(self, member: Member, subject: str) -> tuple[Reveal, ...]:
        """What she asked of a subject and sees now, or waits for, oldest first."""
        if not member.may(Permission.REVEAL):
            return ()
        now = clock.now()
        values = {"member": member.id, "about": subject, "now": now, "after": now - ASKED_FOR}
        with self._database.reading() as connection:
            return tuple(_reveal_of(row) for row in connection.execute(_OPEN, values))

    def waiting(self) -> list[Reveal]:
        """Those that somebody should decide, the oldest first."""
        with self._database.reading() as connection:
            return [
                _reveal_of(row) for row in connection.execute(_WAITING, {"after": clock.now() - ASKED_FOR})
            ]


def _reveal_of(row: Any) -> Reveal:
    return Reveal(
        row.id,
        row.subject,
        row.field,
        row.reason,
        row.state,
        row.asked_by,
        row.asked_at,
        row.decided_by,
        row.until,
    )
