"""Family units as the persons file gives them: a number within the household, and each person's role in it.

A man with two wives is the spouse of two units: `1+2`. Everybody else belongs to one.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import bindparam, or_, select, tuple_, update

from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import Work
from gateway.core.embedded.tables import family_unit

ROLES = ("holder", "spouse", "member")

# (household as the file names it, number of the unit) -> number of its row
Units: TypeAlias = dict[tuple[str, int], int]

_SET = (
    update(family_unit)
    .where(family_unit.c.id == bindparam("unit"))
    .values(holder=bindparam("her"), spouse=bindparam("him"))
)


def read_units(given: str, today: object) -> tuple[int, ...]:  # noqa: ARG001 - every reader is called alike
    if not re.fullmatch(r"[1-9]\d?(\+[1-9]\d?)*", given, re.ASCII):
        raise ValueError(
            f"{quoted(given)} is no number of a family unit: write 1, or 1+2 for a husband of two"
        )
    return tuple(int(each) for each in given.split("+"))


def is_whole(work: Work, row: Row) -> bool:
    if bool(row["family"]) != bool(row["family_role"]):
        work.sheet.fault(row.line, "family_role", "goes with a family unit, and a family unit with it")
        return False
    if len(row["family"]) > 1 and row["family_role"] != "spouse":
        work.sheet.fault(row.line, "family", "names two units: only a husband can be in two")
        return False
    if row["family_role"] == "holder" and row["sex"] == "M":
        work.sheet.fault(row.line, "family_role", "a holder is a woman, or has sex X on the CNIC")
        return False
    return True


def own_unit(row: Row, units: Units) -> int | None:
    """The unit that a person's row points at: the first of a husband's."""
    return units[row["household"], row["family"][0]] if row["family"] else None


def make_units(work: Work, paired: Sequence[tuple[Row, int]]) -> Units:
    """The units that the rows name, made where they were not known."""
    wanted = {(row["household"], number): home for row, home in paired for number in row["family"]}
    if not wanted:
        return {}
    work.merge(
        family_unit,
        ("household", "number"),
        [{"household": home, "number": number} for (_, number), home in wanted.items()],
    )
    places = {(home, number): (name, number) for (name, number), home in wanted.items()}
    found = work.connection.execute(
        select(family_unit.c.household, family_unit.c.number, family_unit.c.id).where(
            tuple_(family_unit.c.household, family_unit.c.number).in_(list(places))
        )
    )
    return {places[home, number]: unit for home, number, unit in found}


def set_roles(work: Work, rows: Sequence[Row], units: Units) -> None:
    """Holders and spouses of the units, as the rows give them; who left a unit leaves its role too."""
    if not units:
        return
    people = work.persons([row["cnic"] for row in rows if row["cnic"]])
    people |= work.persons([row["bform"] for row in rows if row["bform"]], "bform_key")
    given: dict[tuple[int, str], int] = {}
    for row in rows:
        person = people.get(row["cnic"] or row["bform"])
        if person is not None and row["family_role"] in {"holder", "spouse"}:
            for number in row["family"]:
                place = units[row["household"], number], row["family_role"]
                if place in given:
                    work.sheet.fault(row.line, "family_role", f"the unit has a {row['family_role']} already")
                given[place] = person
    _write(work, given, set(people.values()), set(units.values()))


def _write(work: Work, given: dict[tuple[int, str], int], people: set[int], units: set[int]) -> None:
    before = _standing(work, people, units)
    after = {}
    for unit, roles in before.items():
        after[unit] = {
            role: given.get((unit, role), None if holds in people else holds) for role, holds in roles.items()
        }
    changed = [unit for unit in before if before[unit] != after[unit]]
    if not changed:
        return
    # A woman may have moved from one unit to another: each role is emptied before it is given anew.
    work.connection.execute(_SET, [{"unit": unit, "her": None, "him": None} for unit in changed])
    work.connection.execute(
        _SET,
        [{"unit": unit, "her": after[unit]["holder"], "him": after[unit]["spouse"]} for unit in changed],
    )


def _standing(work: Work, people: set[int], units: set[int]) -> dict[int, dict[str, Any]]:
    concerned = or_(
        family_unit.c.id.in_(units), family_unit.c.holder.in_(people), family_unit.c.spouse.in_(people)
    )
    statement = select(family_unit.c.id, family_unit.c.holder, family_unit.c.spouse).where(concerned)
    return {
        row.id: {"holder": row.holder, "spouse": row.spouse} for row in work.connection.execute(statement)
    }
