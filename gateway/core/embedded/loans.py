"""Her loans as they stand today, counted from the instalments; and the terms that config/programmes.yaml gives."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select

from gateway import clock
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.rules import Age, PmtScore
from gateway.core.embedded.tables import facility, loan, repayment
from gateway.core.port import Loan, LoanTerms, Repayment
from gateway.db import Database

PROGRAMME = "loan"
# Levels of the programme's rates: the smallest and the largest loan.
LEAST, MOST = "least", "most"

_HERS = (
    select(
        loan.c.id,
        loan.c.principal,
        loan.c.disbursed_on,
        facility.c.name.label("centre"),
        repayment.c.id.label("repayment"),
        repayment.c.number,
        repayment.c.due_on,
        repayment.c.due,
        repayment.c.paid,
        repayment.c.paid_on,
    )
    .select_from(
        loan.outerjoin(repayment, repayment.c.loan == loan.c.id).outerjoin(
            facility, facility.c.code == loan.c.centre
        )
    )
    .where(loan.c.person == bindparam("person"))
    .order_by(loan.c.disbursed_on.desc(), loan.c.id.desc(), repayment.c.number)
)


@within_reach
class EmbeddedLoans:
    """`port.Loans` on the gateway's own database."""

    def __init__(self, database: Database, programmes: Programmes) -> None:
        self._database = database
        self._programmes = programmes

    def of(self, person: int) -> tuple[Loan, ...]:
        today = clock.today()
        with self._database.reading() as connection:
            rows = connection.execute(_HERS, {"person": person}).all()
        return tuple(_loan(tuple(hers), today) for _, hers in groupby(rows, key=lambda row: row.id))

    def terms(self) -> LoanTerms | None:
        today = clock.today()
        if PROGRAMME not in self._programmes:
            return None
        programme = self._programmes[PROGRAMME]
        least, most = programme.rate_on(today, LEAST), programme.rate_on(today, MOST)
        rules = programme.rules_on(today)
        if rules is None or least is None or most is None:
            return None
        ceiling = next((rule.at_most for rule in rules.all if isinstance(rule, PmtScore)), None)
        age = next((rule for rule in rules.all if isinstance(rule, Age)), Age(rule="age"))
        return LoanTerms(
            least, most, "100.00" if ceiling is None else f"{ceiling:.2f}", age.at_least, age.at_most
        )


def standing_of(principal: int, repayments: Sequence[Repayment], today: date) -> str:
    """`overdue` from the day after an instalment's own; `repaid` once nothing is left."""
    if not repayments:
        return "unscheduled"
    if sum(each.paid for each in repayments) >= principal:
        return "repaid"
    return "overdue" if any(True for _ in late(repayments, today)) else "running"


def late(repayments: Iterable[Repayment], today: date) -> Iterable[Repayment]:
    """What should have been paid before today and is not, oldest first."""
    return (each for each in repayments if each.due_on < today and each.paid < each.due)


def _loan(rows: Sequence[Any], today: date) -> Loan:
    one = rows[0]
    repayments = tuple(
        Repayment(row.repayment, row.number, row.due_on, row.due, row.paid, row.paid_on)
        for row in rows
        if row.repayment is not None
    )
    overdue = tuple(late(repayments, today))
    coming = next((each for each in repayments if each.due_on >= today and each.paid < each.due), None)
    return Loan(
        id=one.id,
        principal=one.principal,
        disbursed_on=one.disbursed_on,
        standing=standing_of(one.principal, repayments, today),
        repayments=repayments,
        repaid=sum(each.paid for each in repayments),
        next_due=coming.due - coming.paid if coming else 0,
        next_on=coming.due_on if coming else None,
        overdue=sum(each.due - each.paid for each in overdue),
        overdue_since=overdue[0].due_on if overdue else None,
        centre=one.centre or "",
    )
