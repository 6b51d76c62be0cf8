"""The file of courses."""

from datetime import date

from sqlalchemy import bindparam, select

from gateway.core.embedded.files.fields import Field, code, day, one_of, whole
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import COURSE_CODE, SEXES, course, facility
from gateway.core.port import COURSE_CENTRES, TRADES

_CENTRES = select(facility.c.code, facility.c.kind).where(
    facility.c.code.in_(bindparam("codes", expanding=True))
)
_TAKEN = select(course.c.code, course.c.taken).where(course.c.code.in_(bindparam("codes", expanding=True)))
_CENTRE_OF = {trade: COURSE_CENTRES[programme] for programme, trades in TRADES.items() for trade in trades}


def _take(work: Work, rows: list[Row]) -> Tally:
    named = work.naming(rows, "centre", facility)
    kinds = dict(work.connection.execute(_CENTRES, {"codes": [row["centre"] for row in named]}).all())
    taken = dict(work.connection.execute(_TAKEN, {"codes": [row["code"] for row in named]}).all())
    sound = [row for row in named if _is_whole(work, row, kinds[row["centre"]], taken.get(row["code"], 0))]
    return work.merge(course, ("code",), [row.values for row in sound])


def _is_whole(work: Work, row: Row, kind: str, taken: int) -> bool:
    before = len(work.sheet.faults)
    if kind != _CENTRE_OF[row["trade"]]:
        work.sheet.fault(
            row.line, "centre", f"is a {kind}; this trade is taught at a {_CENTRE_OF[row['trade']]}"
        )
    if not row["apply_until"] <= row["starts_on"] <= row["ends_on"]:
        work.sheet.fault(row.line, "apply_until", "apply_until, starts_on, ends_on are not in this order")
    if row["age_from"] > row["age_to"]:
        work.sheet.fault(row.line, "age_from", "is above age_to")
    if row["seats"] < taken:
        work.sheet.fault(row.line, "seats", f"is fewer than the {taken} that are taken")
    return len(work.sheet.faults) == before


def _short_code(given: str, today: date) -> str:
    if len(given) > COURSE_CODE:
        raise ValueError(f"is longer than {COURSE_CODE} characters")
    return code(given, today)


COURSES = FileKind(
    "courses.csv",
    (
        Field("code", _short_code),
        Field("centre", code),
        Field("trade", one_of(tuple(_CENTRE_OF))),
        Field("starts_on", day),
        Field("ends_on", day),
        Field("apply_until", day),
        Field("seats", whole(1, 1000)),
        Field("sex", one_of(SEXES), None),
        Field("age_from", whole(0, 120)),
        Field("age_to", whole(0, 120)),
    ),
    (("code",),),
    _take,
)
