"""A family's health cover: what is used is the sum of its claims, counted each time."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, func, select

from gateway import clock
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import claim, coverage, facility, person
from gateway.core.port import Cover
from gateway.db import Database


def _used(kind: str) -> Any:
    return func.coalesce(func.sum(case((claim.c.kind == kind, claim.c.amount), else_=0)), 0)


_HERS = (
    select(
        coverage,
        _used("secondary").label("used_secondary"),
        _used("priority").label("used_priority"),
    )
    .select_from(
        person.join(coverage, coverage.c.family_unit == person.c.family_unit).outerjoin(
            claim, claim.c.coverage == coverage.c.id
        )
    )
    .where(person.c.id == bindparam("person"))
    .group_by(coverage.c.id)
    .order_by(coverage.c.valid_from)
)
# Oldest first, so that the newest of a cover's open admissions is the one that stays.
_ADMISSIONS = (
    select(claim.c.coverage, claim.c.admitted_on, facility.c.name)
    .select_from(claim.join(facility, facility.c.code == claim.c.hospital))
    .where(
        claim.c.coverage.in_(bindparam("covers", expanding=True)),
        claim.c.discharged_on.is_(None),
    )
    .order_by(claim.c.admitted_on, claim.c.id)
)


@within_reach
class EmbeddedHealth:
    """`port.Health` on the gateway's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cover(self, person: int) -> Cover | None:
        today = clock.today()
        with self._database.reading() as connection:
            rows = connection.execute(_HERS, {"person": person}).all()
            if not rows:
                return None
            admissions = {
                row.coverage: row
                for row in connection.execute(_ADMISSIONS, {"covers": [row.id for row in rows]})
            }
        covers = [_cover(row, admissions.get(row.id), today) for row in rows]
        return _told(covers)


def standing_of(since: date, until: date, today: date) -> str:
    """Both days belong to the cover."""
    if today < since:
        return "coming"
    return "ended" if today > until else "active"


def _told(covers: list[Cover]) -> Cover:
    """Covers come oldest first and do not overlap."""
    for fits in (
        lambda each: each.standing == "active",
        lambda each: each.admitted_on is not None,
        lambda each: each.standing == "ended",
    ):
        if found := [each for each in covers if fits(each)]:
            return found[-1]
    return covers[0]


def _cover(row: Any, admission: Any, today: date) -> Cover:
    return Cover(
        id=row.id,
        province=row.province,
        standing=standing_of(row.valid_from, row.valid_until, today),
        since=row.valid_from,
        until=row.valid_until,
        secondary_limit=row.limit_secondary,
        secondary_used=int(row.used_secondary),
        priority_limit=row.limit_priority,
        priority_used=int(row.used_priority),
        admitted_at=admission.name if admission else "",
        admitted_on=admission.admitted_on if admission else None,
    )
