"""Flags on pay points, on the gateway's own database. A flag that was looked into stays as a row, lifted."""

from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway import clock
from gateway.core.embedded.acts import first_time
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import household, instalment, pay_point, pay_point_flag, person
from gateway.core.embedded.upsert import upsert
from gateway.core.port.pay_points import FlaggedPoint, FlagReason, PayPoint
from gateway.db import Database

# So many different callers mark a pay point.
MARKED_AT = 3

_NEAR = (
    select(pay_point.c.code, pay_point.c.name)
    .where(
        or_(
            pay_point.c.tehsil.in_(
                select(household.c.tehsil)
                .join(person, person.c.household == household.c.id)
                .where(person.c.id == bindparam("person"))
            ),
            pay_point.c.code.in_(
                select(instalment.c.pay_point).where(instalment.c.person == bindparam("person"))
            ),
        )
    )
    .order_by(pay_point.c.name)
    .limit(50)
)
_STANDS = pay_point_flag.c.lifted_at.is_(None)
_FLAGS = (
    select(
        pay_point.c.code,
        pay_point.c.name,
        func.count().label("callers"),
        func.max(pay_point_flag.c.at).label("last_at"),
        func.aggregate_strings(pay_point_flag.c.reason, " ").label("reasons"),
    )
    .join(pay_point_flag, pay_point_flag.c.pay_point == pay_point.c.code)
    .where(_STANDS)
    .group_by(pay_point.c.code, pay_point.c.name)
    .order_by(func.count().desc(), pay_point.c.name)
    .limit(bindparam("most"))
)
_COUNT = select(func.count(pay_point_flag.c.pay_point.distinct())).where(_STANDS)
_LIFT = (
    update(pay_point_flag)
    .where(pay_point_flag.c.pay_point == bindparam("code"), _STANDS)
    .values(lifted_at=bindparam("now"), lifted_by=bindparam("who"))
)

Insert = postgresql.Insert | sqlite.Insert


@within_reach
class EmbeddedPayPoints:
    """`port.PayPoints` on the gateway's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._add: Insert = upsert(database.dialect, pay_point_flag).on_conflict_do_nothing()

    def near(self, person: int) -> tuple[PayPoint, ...]:
        with self._database.reading() as connection:
            return tuple(
                PayPoint(row.code, row.name) for row in connection.execute(_NEAR, {"person": person})
            )

    def flag(self, code: str, person: int, reason: FlagReason, *, by: str, key: str) -> bool:
        row: dict[str, Any] = {
            "pay_point": code,
            "person": person,
            "reason": str(reason),
            "by": by,
            "at": clock.now(),
        }
        with self._database.writing() as connection:
            if code not in {each.code for each in connection.execute(_NEAR, {"person": person})}:
                raise LookupError("no pay point of hers")
            if not first_time(connection, key, by):
                return False
            added = connection.execute(self._add, row, execution_options={"preserve_rowcount": True})
        return added.rowcount == 1

    def flagged(self, limit: int = 100) -> tuple[FlaggedPoint, ...]:
        with self._database.reading() as connection:
            return tuple(
                FlaggedPoint(
                    row.code,
                    row.name,
                    row.callers,
                    tuple(FlagReason(each) for each in sorted(set(row.reasons.split()))),
                    row.last_at,
                    row.callers >= MARKED_AT,
                )
                for row in connection.execute(_FLAGS, {"most": limit})
            )

    def count(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(_COUNT).scalar_one())

    def lift(self, code: str, *, by: str, key: str) -> int:
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return 0
            return connection.execute(_LIFT, {"code": code, "now": clock.now(), "who": by}).rowcount
