"""The files of health cover: who is covered from when to when, and the claims on it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, func, select

from gateway.core.embedded.files.fields import Field, cnic, code, day, one_of, past_day, text, whole
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.places import of_kind
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import CLAIM_KINDS, benefit_rate, claim, coverage, person, province

PROGRAMME = "sehat"
_MOST = 10_000_000

_UNITS = select(person.c.id, person.c.family_unit).where(
    person.c.id.in_(bindparam("values", expanding=True)), person.c.family_unit.is_not(None)
)
_COVERS = (
    select(coverage)
    .where(coverage.c.family_unit.in_(bindparam("values", expanding=True)))
    .order_by(coverage.c.family_unit, coverage.c.valid_from)
)
_closed = claim.c.discharged_on.is_not(None)
_CLOSED = (
    select(
        coverage.c.id,
        coverage.c.limit_secondary,
        coverage.c.limit_priority,
        *(
            func.sum(case((claim.c.kind == kind, claim.c.amount), else_=0)).label(f"closed_{kind}")
            for kind in CLAIM_KINDS
        ),
    )
    .select_from(coverage.join(claim, claim.c.coverage == coverage.c.id))
    .where(coverage.c.id.in_(bindparam("values", expanding=True)), _closed)
    .group_by(coverage.c.id)
)
_NUMBERED = select(claim.c.number, claim.c.coverage, claim.c.kind).where(
    claim.c.number.in_(bindparam("values", expanding=True)), _closed
)
_RATE = (
    select(benefit_rate.c.amount)
    .where(
        benefit_rate.c.programme == PROGRAMME,
        benefit_rate.c.level == bindparam("level"),
        benefit_rate.c.province.in_(("", bindparam("province"))),
        benefit_rate.c.valid_from <= bindparam("day"),
    )
    .order_by(
        benefit_rate.c.province.desc(), benefit_rate.c.valid_from.desc()
    )  # her province's before the country's
    .limit(1)
)


def _take_coverages(work: Work, rows: list[Row]) -> Tally:
    taken = []
    for row, unit in _with_units(work, work.naming(rows, "province", province)):
        limits = {f"limit_{kind}": _limit(work, row, kind) for kind in CLAIM_KINDS}
        if row["valid_from"] > row["valid_until"]:
            work.sheet.fault(row.line, "valid_until", "is before valid_from")
        elif missing := [name for name, limit in limits.items() if limit is None]:
            what = "is missing, and the programme has no rate of this province then"
            work.sheet.fault(row.line, missing[0], what)
        else:
            columns = ("number", "province", "valid_from", "valid_until")
            taken.append({"family_unit": unit, **{name: row[name] for name in columns}, **limits})
    return work.merge(coverage, ("number",), taken)


def _limit(work: Work, row: Row, kind: str) -> int | None:
    """What the file says, else the rate of the province on the first day, else the country's."""
    if row[f"limit_{kind}"] is not None:
        return int(row[f"limit_{kind}"])
    asked = {"level": kind, "province": row["province"], "day": row["valid_from"]}
    rate: int | None = work.connection.scalar(_RATE, asked)
    return rate


def _check_coverages(work: Work, rows: list[Row]) -> None:
    """A family has one cover at a time, and none below what was claimed on it."""
    units = _units(work, rows)
    covers = _by_unit(work, units.values())
    closed = _closed_on(work, [each.id for hers in covers.values() for each in hers])
    for row in rows:
        hers = covers.get(units.get(row["cnic"], 0), [])
        own = next((each for each in hers if each.number == row["number"]), None)
        if own is None:
            continue
        if any(_overlap(own, each) for each in hers if each is not own):
            work.sheet.fault(row.line, "valid_from", "lies within another cover of the family")
        for kind in CLAIM_KINDS:
            used, limit = closed.get(own.id, {}).get(kind, 0), getattr(own, f"limit_{kind}")
            if used > limit:
                work.sheet.fault(row.line, f"limit_{kind}", f"is {limit}, but {used} are used")


def _take_claims(work: Work, rows: list[Row]) -> Tally:
    taken = []
    paired = _with_units(work, of_kind(work, rows, "hospital", "hospital"))
    covers = _by_unit(work, [unit for _, unit in paired])
    for row, unit in paired:
        cover = _cover_on(covers.get(unit, []), row["admitted_on"])
        left_on = row["discharged_on"]
        if cover is None:
            work.sheet.fault(row.line, "admitted_on", "is a day on which the family has no cover")
        elif left_on is not None and left_on < row["admitted_on"]:
            work.sheet.fault(row.line, "discharged_on", "is before admitted_on")
        else:
            columns = ("number", "hospital", "kind", "admitted_on", "discharged_on", "amount")
            taken.append({"coverage": cover.id, **{name: row[name] for name in columns}})
    return work.merge(claim, ("number",), taken)


def _check_claims(work: Work, rows: list[Row]) -> None:
    """Claims whose admission has ended do not pass the limit together; one that is open goes on whatever is left."""
    lines = {row["number"]: row.line for row in rows}
    last: dict[tuple[int, str], int] = {}
    for each in work.found(_NUMBERED, lines):
        key = each.coverage, each.kind
        last[key] = max(last.get(key, 0), lines[each.number])
    closed = _closed_on(work, [cover for cover, _ in last])
    for (cover, kind), line in sorted(last.items(), key=lambda each: each[1]):
        used, limit = closed[cover][kind], closed[cover][f"limit_{kind}"]
        if used > limit:
            what = f"brings the family's {kind} claims to {used}, past the limit of {limit}"
            work.sheet.fault(line, "amount", what)


def _closed_on(work: Work, covers: Sequence[int]) -> dict[int, dict[str, int]]:
    """Cover -> rupees of its ended admissions by kind, with its limits (`limit_<kind>`)."""
    found: dict[int, dict[str, int]] = {}
    for each in work.found(_CLOSED, covers):
        found[each.id] = {kind: int(getattr(each, f"closed_{kind}")) for kind in CLAIM_KINDS}
        found[each.id] |= {f"limit_{kind}": getattr(each, f"limit_{kind}") for kind in CLAIM_KINDS}
    return found


def _with_units(work: Work, rows: list[Row]) -> list[tuple[Row, int]]:
    """Each row with the family unit of its person; those of nobody and of no unit are faults."""
    paired = work.of_persons(rows)
    units = dict(map(tuple, work.found(_UNITS, [who for _, who in paired])))
    for row, who in paired:
        if who not in units:
            work.sheet.fault(row.line, "cnic", "is of somebody who is in no family unit")
    return [(row, units[who]) for row, who in paired if who in units]


def _units(work: Work, rows: Sequence[Row]) -> dict[str, int]:
    """CNIC (or B-form) -> family unit, of those who are in one."""
    given = [row["cnic"] for row in rows]
    people = work.persons(given, "bform_key") | work.persons(given)
    units = dict(map(tuple, work.found(_UNITS, people.values())))
    return {number: units[who] for number, who in people.items() if who in units}


def _by_unit(work: Work, units: Any) -> dict[int, list[Any]]:
    covers: dict[int, list[Any]] = defaultdict(list)
    for each in work.found(_COVERS, units):
        covers[each.family_unit].append(each)
    return covers


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.valid_from <= other.valid_until and other.valid_from <= one.valid_until)


def _cover_on(covers: Sequence[Any], day: date) -> Any:
    return next((each for each in covers if each.valid_from <= day <= each.valid_until), None)


COVERAGES = FileKind(
    "coverages.csv",
    (
        Field("number", text(40)),
        Field("cnic", cnic),
        Field("province", code),
        Field("valid_from", day),
        Field("valid_until", day),
        Field("limit_secondary", whole(0, _MOST), None),
        Field("limit_priority", whole(0, _MOST), None),
    ),
    (("number",),),
    _take_coverages,
    whole=_check_coverages,
)
CLAIMS = FileKind(
    "claims.csv",
    (
        Field("number", text(40)),
        Field("cnic", cnic),
        Field("hospital", code),
        Field("kind", one_of(CLAIM_KINDS)),
        Field("admitted_on", past_day),
        Field("discharged_on", past_day, None),
        Field("amount", whole(0, _MOST)),
    ),
    (("number",),),
    _take_claims,
    whole=_check_claims,
)
