"""The files of places: provinces, districts, tehsils, offices, pay points."""

from sqlalchemy import Table

from gateway.core.embedded.files.fields import Field, code, day, one_of, text
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import (
    PAY_POINT_KINDS,
    PAY_POINT_STATUSES,
    district,
    office,
    pay_point,
    province,
    tehsil,
)

_CODE, _NAME = Field("code", code), Field("name", text(80))


def _prefix(given: str, today: object) -> str:  # noqa: ARG001 - every reader is called alike
    if not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise ValueError("is not one to five digits")
    return given


def _coded(name: str, table: Table, *fields: Field, within: Table | None = None) -> FileKind:
    """A file of coded rows, each within a row of another table that its column names."""

    def take(work: Work, rows: list[Row]) -> Tally:
        sound = rows if within is None else work.naming(rows, within.name, within)
        return work.merge(table, ("code",), [row.values for row in sound])

    return FileKind(name, (_CODE, *fields), (("code",),), take)


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
