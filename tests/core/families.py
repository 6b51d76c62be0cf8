"""Children, schools and nutrition cases for the core's tests, written straight into the tables."""

from datetime import date

from sqlalchemy import Connection, insert, select

from gateway.core.embedded import tables
from tests.core.people import VAULT

SCHOOL, CENTRE = "school-1", "centre-1"
BOY, GIRL = "3520277000015", "3520277000026"


def settle_facilities(connection: Connection) -> None:
    """A school and two nutrition centres in her tehsil."""
    for code, kind in ((SCHOOL, "school"), (CENTRE, "nutrition_centre"), ("centre-2", "nutrition_centre")):
        name = code.replace("-", " ").title()
        connection.execute(
            insert(tables.facility).values(code=code, kind=kind, tehsil="model_town", name=name, services=[])
        )


def add_child(
    connection: Connection, mother: int, bform: str = BOY, *, born: date | None, sex: str = "M", **more
) -> int:
    """A child in the mother's family unit."""
    home = connection.execute(
        select(tables.person.c.household, tables.person.c.family_unit).where(tables.person.c.id == mother)
    ).one()
    row = {
        "household": home.household, "family_unit": home.family_unit, "bform_key": VAULT.cnic_key(bform),
        "name_sealed": VAULT.seal("Hamza Ali"), "sex": sex, "born_on": born, "relation": "child",
        "marital_status": "single", "disability": False, "alive": True,
    }  # fmt: skip
    return connection.execute(insert(tables.person).values(row | more)).inserted_primary_key[0]


def add_student(connection: Connection, child: int, **more) -> int:
    row = {
        "child": child, "school": SCHOOL, "level": "primary", "grade": 4, "slip_status": "accepted",
        "enrolled_on": date(2024, 3, 1), "status": "active",
    }  # fmt: skip
    return connection.execute(insert(tables.student).values(row | more)).inserted_primary_key[0]


def add_attendance(connection: Connection, student: int, quarter: str, days_open: int, present: int) -> None:
    connection.execute(
        insert(tables.attendance).values(
            student=student, quarter=quarter, days_open=days_open, days_present=present
        )
    )


def add_case(connection: Connection, mother: int, code: str = "case-1", **more) -> int:
    row = {
        "code": code, "mother": mother, "stage": "pregnant", "centre": CENTRE, "registered_on": date(2026, 9, 1),
        "status": "active",
    }  # fmt: skip
    return connection.execute(insert(tables.nutrition_case).values(row | more)).inserted_primary_key[0]


def add_visits(connection: Connection, case: int, *visits: tuple) -> None:
    """Each visit as (kind, day due, day done or None)."""
    for number, (kind, due, done) in enumerate(visits, 1):
        connection.execute(
            insert(tables.clinic_visit).values(case=case, number=number, kind=kind, due_on=due, done_on=done)
        )
