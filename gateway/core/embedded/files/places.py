"""The files of places: provinces, districts, tehsils, offices, pay points, facilities."""

from datetime import date

from sqlalchemy import Table, select

from gateway.core.embedded.files.fields import Field, code, codes, day, one_of, text, whole
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import (
    FACILITY_STATUSES,
    PAY_POINT_KINDS,
    PAY_POINT_STATUSES,
    district,
    facility,
    office,
    pay_point,
    province,
    tehsil,
)
from gateway.core.port import FACILITY_KINDS, SERVICES

_CODE, _NAME = Field("code", code), Field("name", text(80))


def _prefix(given: str, today: object) -> str:  # noqa: ARG001 - every reader is called alike
    if not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise ValueError("is not one to five digits")
    return given


def _facility(given: str, today: date) -> str:
    """A code that leaves room for its kind: a case is about `hospital:<code>`."""
    found = code(given, today)
    if len(found) > 30:
        raise ValueError(f"{quoted(found)} is longer than 30 characters")
    return found


def _services(given: str, today: date) -> list[str]:
    found = codes(given, today)
    for each in found:
        if each not in SERVICES:
            raise ValueError(f"{quoted(each)} is none of {', '.join(SERVICES)}")
    return found


def of_kind(work: Work, rows: list[Row], column: str, kind: str) -> list[Row]:
    """The rows whose column names a facility of a kind (or nothing); the others are faults."""
    known = frozenset(work.connection.scalars(select(facility.c.code).where(facility.c.kind == kind)))
    sound = []
    for row in rows:
        if row[column] is None or row[column] in known:
            sound.append(row)
        else:
            work.sheet.fault(
                row.line, column, f"{quoted(row[column])} is no {kind.replace('_', ' ')} that is known"
            )
    return sound


def _coded(
    name: str, table: Table, *fields: Field, within: Table | None = None, coded: Field = _CODE
) -> FileKind:
    """A file of coded rows, each within a row of another table that its column names."""

    def take(work: Work, rows: list[Row]) -> Tally:
        sound = rows if within is None else work.naming(rows, within.name, within)
        return work.merge(table, ("code",), [row.values for row in sound])

    return FileKind(name, (coded, *fields), (("code",),), take)


def _in(table: Table) -> Field:
    return Field(table.name, code)


PROVINCES = _coded("provinces.csv", province, _NAME)
DISTRICTS = _coded(
    "districts.csv", district, _in(province), _NAME, Field("cnic_prefix", _prefix, None), within=province
)
TEHSILS = _coded("tehsils.csv", tehsil, _in(district), _NAME, within=district)
OFFICES = _coded(
    "offices.csv",
    office,
    _in(tehsil),
    _NAME,
    Field("address", text(160)),
    Field("hours", text(40), ""),
    Field("tokens_a_day", whole(0, 999), None),
    within=tehsil,
)
PAY_POINTS = _coded(
    "pay_points.csv",
    pay_point,
    Field("kind", one_of(PAY_POINT_KINDS)),
    Field("provider", text(40)),
    _in(tehsil),
    _NAME,
    Field("address", text(160), ""),
    Field("agent_ref", text(40), None),
    Field("open_from", day, None),
    Field("open_to", day, None),
    Field("status", one_of(PAY_POINT_STATUSES), "open"),
    within=tehsil,
)
FACILITIES = _coded(
    "facilities.csv",
    facility,
    Field("kind", one_of(FACILITY_KINDS)),
    _in(tehsil),
    _NAME,
    Field("address", text(160), ""),
    Field("phone", text(20), ""),
    Field("hours", text(40), ""),
    Field("agency", text(80), ""),
    Field("services", _services, list),
    Field("status", one_of(FACILITY_STATUSES), "open"),
    within=tehsil,
    coded=Field("code", _facility),
)
