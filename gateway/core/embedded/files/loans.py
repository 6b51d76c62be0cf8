"""The files of loans: each loan, and its instalments with what was paid of them.

A schedule is whole or not at all: as many instalments as the loan has, together its principal, each on a later day.
"""

from collections import defaultdict
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, func, select

from gateway.core.embedded.files.fields import Field, cnic, code, day, past_day, text, whole
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.places import of_kind
from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import loan, repayment

_MOST = 10_000_000

_LOANS = select(loan).where(loan.c.number.in_(bindparam("values", expanding=True)))
_SCHEDULES = (
    select(loan.c.number, loan.c.principal, loan.c.instalments, repayment.c.due_on, repayment.c.due)
    .select_from(loan.join(repayment, repayment.c.loan == loan.c.id))
    .where(loan.c.number.in_(bindparam("values", expanding=True)))
    .order_by(loan.c.number, repayment.c.number)
)
_SCHEDULED = (
    select(loan.c.number, func.count().label("instalments"), func.sum(repayment.c.due).label("principal"))
    .select_from(loan.join(repayment, repayment.c.loan == loan.c.id))
    .where(loan.c.number.in_(bindparam("values", expanding=True)))
    .group_by(loan.c.number)
)


def share(principal: int, instalments: int, number: int) -> int:
    """One of equal instalments in whole rupees. What the division leaves over is paid with the last one."""
    each, over = divmod(principal, instalments)
    return each + (over if number == instalments else 0)


def _take_loans(work: Work, rows: list[Row]) -> Tally:
    columns = ("number", "principal", "instalments", "disbursed_on", "centre")
    divisible = []
    for row in rows:
        if row["principal"] < row["instalments"]:
            work.sheet.fault(row.line, "principal", "is less than a rupee an instalment")
        else:
            divisible.append(row)
    paired = work.of_persons(of_kind(work, divisible, "centre", "loan_centre"))
    taken = [{"person": her, **{name: row[name] for name in columns}} for row, her in paired]
    return work.merge(loan, ("number",), taken)


def _keep_schedules(work: Work, rows: list[Row]) -> None:
    """A loan whose schedule is known stays what the schedule adds up to."""
    scheduled = {row.number: row for row in work.found(_SCHEDULED, [row["number"] for row in rows])}
    for row in rows:
        known = scheduled.get(row["number"])
        for column in ("principal", "instalments"):
            if known is not None and getattr(known, column) != row[column]:
                what = f"is {row[column]}, but its schedule is of {getattr(known, column)}"
                work.sheet.fault(row.line, column, what)


def _take_repayments(work: Work, rows: list[Row]) -> Tally:
    loans = {each.number: each for each in work.found(_LOANS, [row["loan"] for row in rows])}
    taken = []
    for row in rows:
        known = loans.get(row["loan"])
        if known is None:
            work.sheet.fault(row.line, "loan", f"{quoted(row['loan'])} is no loan that is known")
        elif fault := _fault(row, known):
            work.sheet.fault(row.line, *fault)
        else:
            columns = ("number", "due_on", "paid", "paid_on")
            taken.append({"loan": known.id, "due": _due(row, known), **{name: row[name] for name in columns}})
    return work.merge(repayment, ("loan", "number"), taken)


def _due(row: Row, known: Any) -> int:
    return row["due"] or share(known.principal, known.instalments, row["number"])


def _fault(row: Row, known: Any) -> tuple[str, str] | None:
    """Column and fault of a row on its own, or None."""
    if row["number"] > known.instalments:
        return "number", f"is {row['number']} of {known.instalments} instalments"
    if row["paid"] > (due := _due(row, known)):
        return "paid", f"is {row['paid']}, more than the {due} due"
    if (row["paid"] > 0) != (row["paid_on"] is not None):
        return "paid_on", "goes with an amount paid, and an amount paid with it"
    for column in ("due_on", "paid_on"):
        if row[column] is not None and row[column] < known.disbursed_on:
            return column, f"is before {known.disbursed_on}, when the loan was given"
    return None


def _check_schedules(work: Work, rows: list[Row]) -> None:
    """Every schedule that the file touched is whole now. A fault stands on its last line."""
    last = {row["loan"]: row.line for row in rows}
    schedules: dict[str, list[Any]] = defaultdict(list)
    for each in work.found(_SCHEDULES, [row["loan"] for row in rows]):
        schedules[each.number].append(each)
    for number, schedule in schedules.items():
        one = schedule[0]
        total, days = sum(each.due for each in schedule), [each.due_on for each in schedule]
        if len(schedule) != one.instalments:
            what = f"the loan has {one.instalments} instalments, {len(schedule)} are known"
            work.sheet.fault(last[number], "number", what)
        elif total != one.principal:
            what = f"all instalments make {total}, the principal is {one.principal}"
            work.sheet.fault(last[number], "due", what)
        elif any(later <= before for before, later in pairwise(days)):
            work.sheet.fault(last[number], "due_on", "the days of the loan do not follow its numbers")


LOANS = FileKind(
    "loans.csv",
    (
        Field("number", text(40)),
        Field("cnic", cnic),
        Field("principal", whole(1, _MOST)),
        Field("instalments", whole(1, 120)),
        Field("disbursed_on", past_day),
        Field("centre", code, None),
    ),
    (("number",),),
    _take_loans,
    whole=_keep_schedules,
)
REPAYMENTS = FileKind(
    "repayments.csv",
    (
        Field("loan", text(40)),
        Field("number", whole(1, 120)),
        Field("due_on", day),
        Field("due", whole(1, _MOST), None),
        Field("paid", whole(0, _MOST), 0),
        Field("paid_on", past_day, None),
    ),
    (("loan", "number"),),
    _take_repayments,
    whole=_check_schedules,
)
