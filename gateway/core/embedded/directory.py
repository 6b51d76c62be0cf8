"""Offices: of a person's tehsil, of a district, and the one for a CNIC that no survey knows."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import bindparam, case, func, select

from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import district, household, office, person, tehsil
from gateway.core.port import Office
from gateway.db import Database

# Below this two names are different places: `Lahore` and `Lhr` 0.67, `Multan` and `Sultan` 0.83, `Quetta` and `Swat` 0.4.
_LIKE_ENOUGH = 0.6

_OFFICES = select(
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
_IN_DISTRICT = _OFFICES.where(func.lower(district.c.name) == bindparam("name")).order_by(
    tehsil.c.name, office.c.code
)
_NEAR = (
    _OFFICES.where(district.c.cnic_prefix.in_(bindparam("prefixes", expanding=True)))
    .order_by(func.length(district.c.cnic_prefix).desc(), office.c.code)
    .limit(1)
)
_DISTRICTS = select(district.c.name).order_by(district.c.name)


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

    def offices(self, district: str) -> tuple[Office, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_IN_DISTRICT, {"name": district.strip().lower()}).all()
        return tuple(_office(row) for row in rows)

    def districts(self, like: str, limit: int = 5) -> tuple[str, ...]:
        with self._database.reading() as connection:
            names = connection.scalars(_DISTRICTS).all()
        return _nearest(like, names, limit)

    def _first(self, statement: Any, values: dict[str, Any]) -> Office | None:
        with self._database.reading() as connection:
            row = connection.execute(statement, values).first()
        return None if row is None else _office(row)


def _office(row: Any) -> Office:
    return Office(row.name, row.address, row.district, row.tehsil, row.hours)


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
