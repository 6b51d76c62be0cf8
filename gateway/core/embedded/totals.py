"""Sums over everybody: money by district and sex, complaints by pay point."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Integer, String, bindparam, cast, func, literal, select

from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import (
    case_,
    case_event,
    district,
    household,
    instalment,
    instalment_event,
    pay_point,
    person,
    tehsil,
)
from gateway.core.port import CaseState, ComplaintTotal, MoneyTotal, State
from gateway.db import Database

_MONEY = (
    select(
        instalment_event.c.state,
        district.c.name.label("district"),
        person.c.sex,
        func.count().label("number"),
        func.sum(instalment.c.amount).label("amount"),
    )
    .select_from(
        instalment_event.join(instalment, instalment.c.id == instalment_event.c.instalment)
        .join(person, person.c.id == instalment.c.person)
        .join(household, household.c.id == person.c.household)
        .join(tehsil, tehsil.c.code == household.c.tehsil)
        .join(district, district.c.code == tehsil.c.district)
    )
    .where(
        instalment_event.c.recorded_at >= bindparam("since"),
        instalment_event.c.recorded_at < bindparam("until"),
        instalment_event.c.state.in_([str(State.CREDITED), str(State.WITHDRAWN)]),
    )
    .group_by(instalment_event.c.state, district.c.name, person.c.sex)
)
# The pay point of the instalment that the case is about, else that of her newest money.
_ABOUT = (
    select(instalment.c.pay_point)
    .where(
        instalment.c.person == case_.c.person,
        instalment.c.pay_point.is_not(None),
        (literal("instalment:") + cast(instalment.c.id, String) == case_.c.subject)
        | (~case_.c.subject.startswith("instalment:")),
    )
    .order_by(instalment.c.moved_on.desc(), instalment.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_COMPLAINTS = (
    select(case_.c.category, pay_point.c.name, cast(func.count(), Integer).label("number"))
    .select_from(
        case_event.join(case_, case_.c.id == case_event.c.case).outerjoin(
            pay_point, pay_point.c.code == _ABOUT
        )
    )
    .where(
        case_event.c.at >= bindparam("since"),
        case_event.c.at < bindparam("until"),
        case_event.c.state == str(CaseState.NEW),
        case_.c.confidential.is_(False),
    )
    .group_by(case_.c.category, pay_point.c.name)
)


@within_reach
class EmbeddedTotals:
    """`port.Totals` on the gateway's own database. The hour's own rows are found by index, whatever else there is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def money(self, since: datetime, until: datetime) -> tuple[MoneyTotal, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_MONEY, {"since": since, "until": until}).all()
        return tuple(
            MoneyTotal(row.state, row.district, row.sex, row.number, int(row.amount)) for row in rows
        )

    def complaints(self, since: datetime, until: datetime) -> tuple[ComplaintTotal, ...]:
        found: Counter[tuple[str, str]] = Counter()
        with self._database.reading() as connection:
            for row in connection.execute(_COMPLAINTS, {"since": since, "until": until}):
                found[row.name or "", row.category] += row.number
        return tuple(ComplaintTotal(name, category, number) for (name, category), number in found.items())
