"""Offices of a tehsil, of a district, for a CNIC that no survey knows; and every place that serves people, nearest first."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select

from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import district, facility, household, office, person, tehsil
from gateway.core.port import Facility, Office
from gateway.db import Database

# Below this two names are different places: `Lahore` and `Lhr` 0.67, `Multan` and `Sultan` 0.83, `Quetta` and `Swat` 0.4.
_LIKE_ENOUGH = 0.6

_OFFICES = select(
    office.c.code,
    office.c.name,
    office.c.address,
    office.c.hours,
    tehsil.c.name.label("tehsil"),
    district.c.name.label("district"),
).select_from(
    office.join(tehsil, tehsil.c.code == office.c.tehsil).join(district, district.c.code == tehsil.c.district)
)

_home = tehsil.alias("home")
_OF_PERSON = (
    _OFFICES.join(_home, _home.c.district == district.c.code)
    .join(household, household.c.tehsil == _home.c.code)
    .join(person, person.c.household == household.c.id)
    .where(person.c.id == bindparam("person"))
    .order_by(case((tehsil.c.code == _home.c.code, 0), else_=1), office.c.code)
    .limit(1)
)
_named = tehsil.alias("named")
_IN_PLACE = _OFFICES.where(
    or_(
        func.lower(district.c.name) == bindparam("name"),
        district.c.code.in_(select(_named.c.district).where(func.lower(_named.c.name) == bindparam("name"))),
    )
).order_by(tehsil.c.name, office.c.code)
_NEAR = (
    _OFFICES.where(district.c.cnic_prefix.in_(bindparam("prefixes", expanding=True)))
    .order_by(func.length(district.c.cnic_prefix).desc(), office.c.code)
    .limit(1)
)
_DISTRICTS = select(district.c.name).order_by(district.c.name)
_TEHSILS = (
    select(tehsil.c.name, district.c.name.label("district"))
    .join(district, district.c.code == tehsil.c.district)
    .order_by(tehsil.c.name)
)
_TEHSIL_OF = (
    select(tehsil.c.name)
    .select_from(
        person.join(household, household.c.id == person.c.household).join(
            tehsil, tehsil.c.code == household.c.tehsil
        )
    )
    .where(person.c.id == bindparam("person"))
)
_here = tehsil.alias("here")
_here_district = district.alias("here_district")
_FACILITIES = select(
    facility,
    tehsil.c.name.label("tehsil_name"),
    district.c.name.label("district_name"),
    case(
        (tehsil.c.code == _here.c.code, "tehsil"),
        (district.c.code == _here_district.c.code, "district"),
        else_="province",
    ).label("near"),
).select_from(
    facility.join(tehsil, tehsil.c.code == facility.c.tehsil)
    .join(district, district.c.code == tehsil.c.district)
    .join(_here_district, _here_district.c.province == district.c.province)
    .join(_here, _here.c.district == _here_district.c.code)
)
_IN_REACH = _FACILITIES.where(
    facility.c.kind == bindparam("kind"),
    facility.c.status == "open",
    func.lower(_here.c.name) == bindparam("tehsil"),
)
_ONE = _FACILITIES.where(facility.c.code == bindparam("code"), _here.c.code == facility.c.tehsil)
_NEAREST = ("tehsil", "district", "province")


@within_reach
class EmbeddedDirectory:
    """`port.Directory` on the gateway's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def office_of(self, person: int) -> Office | None:
        return self._first(_OF_PERSON, {"person": person})

    def office_near(self, cnic: str) -> Office | None:
        """An office of the district that issued a CNIC, which its first digits tell. For those no survey knows."""
        return self._first(_NEAR, {"prefixes": [cnic[:length] for length in range(1, 6)]})

    def offices(self, place: str) -> tuple[Office, ...]:
        name = place.strip().lower()
        with self._database.reading() as connection:
            rows = connection.execute(_IN_PLACE, {"name": name}).all()
        whole = any(row.district.lower() == name for row in rows)
        own = () if whole else [row for row in rows if row.tehsil.lower() == name]
        return tuple(_office(row) for row in own or rows)

    def districts(self, like: str, limit: int = 5) -> tuple[str, ...]:
        with self._database.reading() as connection:
            names = connection.scalars(_DISTRICTS).all()
        return _nearest(like, names, limit)

    def tehsils(self, like: str, limit: int = 5) -> tuple[str, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_TEHSILS).all()
        if named := _nearest(like, tuple(dict.fromkeys(row.name for row in rows)), limit):
            return named
        # People name the city rather than its tehsil: `Karachi`.
        within = _nearest(like, tuple(dict.fromkeys(row.district for row in rows)), limit)
        return tuple(dict.fromkeys(row.name for row in rows if row.district in within))[:limit]

    def tehsil_of(self, person: int) -> str | None:
        with self._database.reading() as connection:
            return connection.scalar(_TEHSIL_OF, {"person": person})

    def facilities(self, kind: str, tehsil: str, service: str = "", limit: int = 6) -> tuple[Facility, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_IN_REACH, {"kind": kind, "tehsil": tehsil.strip().lower()}).all()
        fitting = [row for row in rows if not service or service in row.services]
        fitting.sort(key=lambda row: (_NEAREST.index(row.near), row.name, row.code))
        # Two tehsils of one name each bring every place of the province: the nearer counts.
        nearest: dict[str, Any] = {}
        for row in fitting:
            nearest.setdefault(row.code, row)
        return tuple(map(_facility, list(nearest.values())[:limit]))

    def facility(self, code: str) -> Facility | None:
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"code": code}).first()
        return None if row is None else _facility(row)

    def _first(self, statement: Any, values: dict[str, Any]) -> Office | None:
        with self._database.reading() as connection:
            row = connection.execute(statement, values).first()
        return None if row is None else _office(row)


def _office(row: Any) -> Office:
    return Office(row.name, row.address, row.district, row.tehsil, row.hours, row.code)


def _facility(row: Any) -> Facility:
    return Facility(
        row.code,
        row.kind,
        row.name,
        row.address,
        row.tehsil_name,
        row.district_name,
        row.phone,
        row.hours,
        tuple(row.services),
        row.near,
    )


def _nearest(like: str, names: Sequence[str], limit: int) -> tuple[str, ...]:
    """An exact match alone; else names that begin so, then those spelt nearly so."""
    wanted = _plain(like)
    if not wanted:
        return ()
    scored = []
    for name in names:
        plain = _plain(name)
        if plain == wanted:
            return (name,)
        likeness = SequenceMatcher(None, wanted, plain).ratio()
        if plain.startswith(wanted) or wanted in plain.split():
            likeness += 1
        scored.append((-likeness, name))
    return tuple(name for likeness, name in sorted(scored)[:limit] if -likeness >= _LIKE_ENOUGH)


def _plain(name: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.casefold()).split())
