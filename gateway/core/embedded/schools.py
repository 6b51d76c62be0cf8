"""Her children at school: read with their attendance, judged by the conditions in force, beside the money for each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select

from gateway import clock
from gateway.core.embedded import conditions
from gateway.core.embedded.names import called
from gateway.core.embedded.payments import EmbeddedPayments
from gateway.core.embedded.programmes import Programme, Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.rules import age_on
from gateway.core.embedded.tables import attendance, facility, family_unit, person, student
from gateway.core.port import Attendance, Child, Eligibility, Instalment
from gateway.db import Database
from gateway.privacy import Vault

EDUCATION = "education"
# What her family must be for a child to come in.
_WELCOME = {"enrolled", "may_apply"}

_CHILDREN: Select[Any] = (
    select(
        person.c.id,
        person.c.name_sealed,
        person.c.sex,
        person.c.born_on,
        student.c.id.label("student"),
        student.c.level,
        student.c.slip_status,
        student.c.enrolled_on,
        student.c.status,
        facility.c.name.label("school"),
    )
    .select_from(
        person.join(family_unit, family_unit.c.id == person.c.family_unit)
        .outerjoin(student, student.c.child == person.c.id)
        .outerjoin(facility, facility.c.code == student.c.school)
    )
    .where(
        family_unit.c.holder == bindparam("her"),
        person.c.id != family_unit.c.holder,
        or_(family_unit.c.spouse.is_(None), person.c.id != family_unit.c.spouse),
        person.c.alive,
        person.c.marital_status == "single",
    )
    .order_by(person.c.born_on, person.c.id)
)
_ATTENDANCE = (
    select(attendance)
    .where(attendance.c.student.in_(bindparam("students", expanding=True)), attendance.c.days_open > 0)
    .order_by(attendance.c.quarter.desc())
)


@within_reach
class EmbeddedSchools:
    """`port.Schools` on the gateway's own database."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        programmes: Programmes,
        eligibility: Eligibility,
        payments: EmbeddedPayments,
    ) -> None:
        self._database = database
        self._vault = vault
        self._programme: Programme = programmes[EDUCATION]
        self._eligibility = eligibility
        self._payments = payments

    def children(self, person: int) -> tuple[Child, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_CHILDREN, {"her": person}).all()
            students = [row.student for row in rows if row.student is not None]
            seen = connection.execute(_ATTENDANCE, {"students": students}).all() if students else ()
        sent = defaultdict(list)
        for each in seen:
            sent[each.student].append(each)
        paid = [each for each in self._payments.hers(person) if each.programme == EDUCATION]
        today = clock.today()
        found = (self._child(person, row, sent[row.student], paid, today) for row in rows)
        return tuple(each for each in found if each is not None)

    def _child(
        self,
        her: int,
        row: Row[Any],
        sent: Sequence[Row[Any]],
        paid: Sequence[Instalment],
        today: date,
    ) -> Child | None:
        """One child, or None for one who is no student and not of school age."""
        level = row.level or self._level_at(row.born_on, today)
        if level is None:
            return None
        mine = [each for each in paid if each.child == row.id]
        money = next((each for each in mine if each.kind == "regular"), None)
        first, _ = clock.quarter_bounds(clock.quarter_of(today))
        return Child(
            id=row.id,
            name=called(self._vault.open(row.name_sealed)),
            standing=self._standing(her, row, first),
            level=level,
            rate=self._programme.rate_on(first, level, row.sex),
            student=row.student,
            school=row.school or "",
            slip=row.slip_status or "",
            attendance=self._attendance(row.enrolled_on, sent, money),
            money=money,
            bonus=next((each for each in mine if each.kind == "bonus"), None),
        )

    def _standing(self, her: int, row: Row[Any], first: date) -> str:
        """first: the first day of the quarter, on which the child's age counts."""
        if row.student is not None:
            return "ended" if row.status != "active" or self._outgrown(row, first) else "student"
        welcome = self._eligibility.decide(her, EDUCATION).outcome in _WELCOME
        return "may_enrol" if welcome else "refused"

    def _attendance(
        self, enrolled_on: date, sent: Iterable[Row[Any]], money: Instalment | None
    ) -> Attendance | None:
        found = next((each for each in sent if money is None or each.quarter == money.period), None)
        if found is None:
            return None
        first, _ = clock.quarter_bounds(found.quarter)
        asked_for = self._programme.conditions_on(first)
        asked = next((each for each in asked_for if isinstance(each, conditions.Attendance)), None)
        if asked is None:
            return None
        place = place_of(found.quarter, enrolled_on)
        met = asked.met(found.days_present, found.days_open, place)
        standing = "free" if place <= asked.free_quarters else "met" if met else "failed"
        return Attendance(found.quarter, found.days_open, found.days_present, asked.at_least, standing)

    def _level_at(self, born: date | None, day: date) -> str | None:
        """The lowest level that a child of this age may begin at; None where there is none, or no day of birth is known."""
        if born is None:
            return None
        years = age_on(born, day)
        return next((each.level for each in self._ages(day) if each.met(years)), None)

    def _outgrown(self, row: Row[Any], day: date) -> bool:
        age = next((each for each in self._ages(day) if each.level == row.level), None)
        return age is not None and row.born_on is not None and age_on(row.born_on, day) > age.at_most

    def _ages(self, day: date) -> list[conditions.LevelAge]:
        return [each for each in self._programme.conditions_on(day) if isinstance(each, conditions.LevelAge)]


def place_of(quarter: str, enrolled_on: date) -> int:
    """Which quarter of an enrolment a quarter is: 1 for the one that holds its day."""
    begun = clock.quarter_of(enrolled_on)
    return 4 * (int(quarter[:4]) - int(begun[:4])) + int(quarter[5]) - int(begun[5]) + 1
