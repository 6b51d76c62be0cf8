"""Nashonuma: her cases with the visits they owe, judged by the conditions in force, beside the money that follows them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from gateway import clock
from gateway.core.embedded import conditions
from gateway.core.embedded.instalments import BRANCH, READY
from gateway.core.embedded.names import called
from gateway.core.embedded.payments import EmbeddedPayments
from gateway.core.embedded.programmes import Programme, Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.rules import age_on
from gateway.core.embedded.tables import clinic_visit, facility, nutrition_case, person
from gateway.core.port import Care, Eligibility, Instalment, Visit
from gateway.db import Database
from gateway.privacy import Vault

NASHONUMA = "nashonuma"
_CHILD = "child"  # the level, and the stage, of a small child
_PACKET = "food"
_WELCOME = {"enrolled", "may_apply"}

_baby = person.alias("baby")
_CASES = (
    select(
        nutrition_case,
        facility.c.name.label("centre_name"),
        _baby.c.name_sealed,
        _baby.c.sex,
        _baby.c.born_on,
    )
    .select_from(
        nutrition_case.join(facility, facility.c.code == nutrition_case.c.centre).outerjoin(
            _baby, _baby.c.id == nutrition_case.c.child
        )
    )
    .where(nutrition_case.c.mother == bindparam("her"))
    .order_by(nutrition_case.c.registered_on.desc(), nutrition_case.c.id.desc())
)
_elsewhere = facility.alias("elsewhere")
_VISITS = (
    select(clinic_visit, func.coalesce(_elsewhere.c.name, facility.c.name).label("place"))
    .select_from(
        clinic_visit.join(nutrition_case, nutrition_case.c.id == clinic_visit.c.case)
        .join(facility, facility.c.code == nutrition_case.c.centre)
        .outerjoin(_elsewhere, _elsewhere.c.code == clinic_visit.c.centre)
    )
    .where(nutrition_case.c.mother == bindparam("her"))
    .order_by(clinic_visit.c.due_on, clinic_visit.c.number)
)


@within_reach
class EmbeddedNutrition:
    """`port.Nutrition` on the gateway's own database."""

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
        self._programme: Programme = programmes[NASHONUMA]
        self._eligibility = eligibility
        self._payments = payments

    def cases(self, person: int) -> tuple[Care, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_CASES, {"her": person}).all()
            visits = connection.execute(_VISITS, {"her": person}).all() if rows else ()
        owed = defaultdict(list)
        for each in visits:
            owed[each.case].append(each)
        paid = [each for each in self._payments.hers(person) if each.programme == NASHONUMA]
        found = [self._care(row, owed[row.id], paid, clock.today()) for row in rows]
        return tuple(sorted(found, key=lambda care: (care.standing != "active", care.stage == _CHILD)))

    def may_register(self, person: int) -> bool:
        return self._eligibility.decide(person, NASHONUMA).outcome in _WELCOME

    def _care(self, row: Row[Any], owed: Sequence[Row[Any]], paid: Sequence[Instalment], today: date) -> Care:
        is_child = row.stage == _CHILD
        payee = row.child if is_child else None
        left = [each for each in owed if each.done_on is None]
        visit = next((_visit(each, today) for each in left if each.kind != _PACKET), None)
        hers = [each for each in paid if each.child == payee]
        waiting = next((each for each in hers if each.standing in {READY, BRANCH}), None)
        quarter = (
            waiting.period if waiting else clock.quarter_of(max(today, visit.due_on) if visit else today)
        )
        money = waiting or next((each for each in hers if each.period == quarter), None)
        first, _ = clock.quarter_bounds(quarter)
        rate = self._programme.rate_on(first, *((_CHILD, row.sex) if is_child else ("", "")))
        return Care(
            id=row.id,
            name=called(self._vault.open(row.name_sealed)) if is_child else "",
            stage=row.stage,
            standing="active" if row.status == "active" and not self._outgrown(row, today) else "ended",
            centre=row.centre_name,
            quarter=quarter,
            condition=self._condition(row.stage, owed, quarter, today),
            amount=money.amount if money else rate or 0,
            visit=visit,
            packet=next((_visit(each, today) for each in left if each.kind == _PACKET), None),
            money=money,
        )

    def _outgrown(self, row: Row[Any], today: date) -> bool:
        """Whether the baby of a case is past the age that the programme is for: from its second birthday on."""
        ages = (
            each for each in self._programme.conditions_on(today) if isinstance(each, conditions.LevelAge)
        )
        age = next((each for each in ages if each.level == _CHILD), None)
        return age is not None and row.born_on is not None and not age.met(age_on(row.born_on, today))

    def _condition(self, stage: str, owed: Sequence[Row[Any]], quarter: str, today: date) -> str:
        """How the visits of a quarter stand that its money follows. What is due today is not late yet."""
        first, last = clock.quarter_bounds(quarter)
        asked = {
            kind
            for each in self._programme.conditions_on(first)
            if isinstance(each, conditions.Visit) and each.stage == stage
            for kind in each.kinds
        }
        left = [
            each.due_on
            for each in owed
            if each.kind in asked and each.done_on is None and first <= each.due_on <= last
        ]
        if not left:
            return "met"
        return "overdue" if min(left) < today else "to_come"


def _visit(row: Row[Any], today: date) -> Visit:
    return Visit(row.kind, row.due_on, row.place, late=row.due_on < today)
