"""Courses near a place, whom each is for, and applying for one while a seat is left."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, or_, select

from gateway import clock
from gateway.core.embedded.applications import EmbeddedApplications, standing
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.rules import age_on
from gateway.core.embedded.seats import subject_of, take
from gateway.core.embedded.tables import course, facility, family_unit, person, tehsil
from gateway.core.port import COURSE_CENTRES, TRADES, Applied, Course, Decision, Learner
from gateway.db import Database

_CENTRES_IN_A_PROVINCE = 500
_PROGRAMME = {trade: programme for programme, trades in TRADES.items() for trade in trades}

_COURSES = select(course, facility.c.name.label("centre_name"), tehsil.c.name.label("tehsil")).select_from(
    course.join(facility, facility.c.code == course.c.centre).join(tehsil, tehsil.c.code == facility.c.tehsil)
)
_OPEN = _COURSES.where(
    course.c.centre.in_(bindparam("centres", expanding=True)),
    course.c.trade.in_(bindparam("trades", expanding=True)),
    course.c.apply_until >= bindparam("today"),
)
_ONE = _COURSES.where(course.c.code == bindparam("code"))
_HOLD = select(course).where(course.c.code == bindparam("code")).with_for_update()
_SELF: Select[Any] = select(person.c.id, person.c.sex, person.c.born_on).where(
    person.c.id == bindparam("person")
)
# Members of the family unit that she (or he) is the head of, and no head of it themselves.
_CHILDREN: Select[Any] = (
    select(person.c.id, person.c.sex, person.c.born_on)
    .join(family_unit, family_unit.c.id == person.c.family_unit)
    .where(
        or_(family_unit.c.holder == bindparam("person"), family_unit.c.spouse == bindparam("person")),
        person.c.relation.in_(("child", "grandchild")),
        or_(family_unit.c.holder.is_(None), family_unit.c.holder != person.c.id),
        or_(family_unit.c.spouse.is_(None), family_unit.c.spouse != person.c.id),
        person.c.alive,
    )
    .order_by(person.c.born_on, person.c.id)
)


@within_reach
class EmbeddedCourses:
    """`port.Courses` on the gateway's own database."""

    def __init__(
        self,
        database: Database,
        directory: EmbeddedDirectory,
        eligibility: EmbeddedEligibility,
        applications: EmbeddedApplications,
    ) -> None:
        self._database = database
        self._directory = directory
        self._eligibility = eligibility
        self._applications = applications

    def near(self, programme: str, tehsil: str, limit: int = 6) -> tuple[Course, ...]:
        kind = COURSE_CENTRES[programme]
        centres = [
            each.code for each in self._directory.facilities(kind, tehsil, limit=_CENTRES_IN_A_PROVINCE)
        ]
        if not centres:
            return ()
        wanted = {"centres": centres, "trades": TRADES[programme], "today": clock.today()}
        with self._database.reading() as connection:
            rows = list(connection.execute(_OPEN, wanted))
        rows.sort(
            key=lambda row: (row.taken >= row.seats, centres.index(row.centre), row.starts_on, row.code)
        )
        return tuple(map(_course, rows[:limit]))

    def course(self, code: str) -> Course | None:
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"code": code}).first()
        return None if row is None else _course(row)

    def children(self, person: int, code: str) -> tuple[Learner, ...]:
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"code": code}).first()
            rows = connection.execute(_CHILDREN, {"person": person}).all() if row else []
        return tuple(
            Learner(child.id, child.sex, age_on(child.born_on, row.starts_on))
            for child in rows
            if row is not None and _fits(child, row)
        )

    def apply(  # noqa: PLR0913 - the port's signature
        self, person: int, code: str, phone: str, key: str, *, channel: str, child: int | None = None
    ) -> Applied:
        with self._database.reading() as connection:
            wanted = connection.execute(_ONE, {"code": code}).first()
            learner = _learner(connection, person, child)
        if wanted is None:
            return Applied("refused", code="NOT_OPEN")
        programme = _PROGRAMME[wanted.trade]
        decision = self._eligibility.decide(person, programme)
        row = self._applications.row(person, programme, subject_of(code, child), phone, key, channel=channel)
        with self._database.writing() as connection:
            # Whoever wants a seat of this course waits here for the one before.
            held = connection.execute(_HOLD, {"code": code}).one()
            if found := standing(connection, row):
                return found
            if refusal := _refusal(held, learner, decision):
                return Applied("refused", code=refusal)
            return self._applications.add(connection, row) if take(connection, code) else Applied("full")


def _refusal(held: Row[Any], learner: Row[Any] | None, decision: Decision) -> str | None:
    """Why an application cannot be, or None where it can."""
    if held.apply_until < clock.today():
        return "NOT_OPEN"
    if learner is None or not _fits(learner, held):
        return "UNFIT"
    if decision.outcome not in {"may_apply", "enrolled"}:
        return decision.code or decision.outcome.upper()
    return None


def _learner(connection: Connection, her: int, child: int | None) -> Row[Any] | None:
    """Herself, or a child of hers; None for anybody else's."""
    if child is None:
        return connection.execute(_SELF, {"person": her}).first()
    return next((row for row in connection.execute(_CHILDREN, {"person": her}) if row.id == child), None)


def _fits(learner: Row[Any], wanted: Row[Any]) -> bool:
    if learner.born_on is None or wanted.sex not in {None, learner.sex}:
        return False
    starts: date = wanted.starts_on
    return bool(wanted.age_from <= age_on(learner.born_on, starts) <= wanted.age_to)


def _course(row: Row[Any]) -> Course:
    return Course(
        code=row.code,
        programme=_PROGRAMME[row.trade],
        trade=row.trade,
        centre=row.centre_name,
        tehsil=row.tehsil,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        apply_until=row.apply_until,
        left=row.seats - row.taken,
        sex=row.sex or "",
        age_from=row.age_from,
        age_to=row.age_to,
    )
