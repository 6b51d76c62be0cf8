"""The files of schools and of Nashonuma: what is a fault in them, and that loading twice changes nothing."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from gateway.core.embedded import tables
from gateway.core.embedded.core import build
from gateway.errors import FileFault
from tests.core.people import VAULT
from tests.core.test_payments import Listener

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
FILES = ("students.csv", "attendance.csv", "nutrition_cases.csv", "clinic_visits.csv")
HAMZA, HAJRA = "35202-7700005-1", "43203-1234512-8"


@pytest.fixture
def folder(tmp_path):
    copy = Path(shutil.copytree("config/demo", tmp_path / "demo"))
    (copy / "phones.csv").unlink()  # a PIN takes its time
    return copy


def load(database, folder):
    core = build(database, VAULT, Path("config"), Listener())
    with time_machine.travel(NOON):
        return {each.name: each for each in core.imports.registry(folder, allow_pins=False)}


def test_twice_changes_nothing_and_a_row_that_differs_changes_it(database, folder):
    first = load(database, folder)
    assert [first[name].added for name in FILES] == [6, 7, 2, 11]
    again = load(database, folder)
    assert [(again[name].added, again[name].changed) for name in FILES] == [(0, 0)] * 4
    students = folder / "students.csv"
    students.write_text(students.read_text().replace("gps-kot-lakhpat", "ghs-mozang"))
    visits = folder / "clinic_visits.csv"
    visits.write_text(
        visits.read_text().replace(
            "larkana-0117,4,antenatal,today+9d,,", "larkana-0117,4,antenatal,today,today,"
        )
    )
    changed = load(database, folder)
    assert [changed[name].changed for name in FILES] == [1, 0, 0, 1]
    with database.reading() as connection:
        assert "ghs-mozang" in connection.scalars(select(tables.student.c.school)).all()


@pytest.mark.parametrize(
    ("name", "line", "column"),
    [
        ("students.csv", f"{HAMZA},gps-kot-lakhpat,primary,6,accepted,today,active", "grade"),
        ("students.csv", f"{HAMZA},gps-kot-lakhpat,secondary,5,accepted,today,active", "grade"),
        ("students.csv", f"{HAMZA},gps-kot-lakhpat,higher_secondary,13,accepted,today,active", "grade"),
        ("students.csv", f"{HAMZA},mayo-lahore,primary,5,accepted,today,active", "school"),  # a hospital
        ("students.csv", f"{HAMZA},nowhere,primary,5,accepted,today,active", "school"),
        ("students.csv", "99001-1234567-1,gps-kot-lakhpat,primary,5,accepted,today,active", "child"),
        ("students.csv", f"{HAMZA},gps-kot-lakhpat,primary,5,lost,today,active", "slip_status"),
        ("students.csv", f"{HAMZA},gps-kot-lakhpat,primary,5,accepted,today+1d,active", "enrolled_on"),
        ("attendance.csv", f"{HAMZA},quarter-1,50,51,", "days_present"),
        ("attendance.csv", f"{HAMZA},quarter-1,93,51,", "days_open"),
        ("attendance.csv", f"{HAMZA},autumn,50,51,", "quarter"),
        ("attendance.csv", f"{HAJRA},quarter-1,50,40,", "student"),  # somebody, but no student
        ("nutrition_cases.csv", f"a-1,{HAJRA},,pregnant,mayo-lahore,today,active", "centre"),
        ("nutrition_cases.csv", f"a-1,{HAJRA},,child,nashonuma-larkana,today,active", "child"),
        ("nutrition_cases.csv", f"a-1,{HAJRA},99001-1234567-1,child,nashonuma-larkana,today,active", "child"),
        ("nutrition_cases.csv", "a-1,99001-1234567-1,,pregnant,nashonuma-larkana,today,active", "mother"),
        ("nutrition_cases.csv", f"a-1,{HAJRA},,newborn,nashonuma-larkana,today,active", "stage"),
        ("clinic_visits.csv", "nowhere-1,1,antenatal,today,,", "case"),
        ("clinic_visits.csv", "larkana-0117,9,party,today,,", "kind"),
        ("clinic_visits.csv", "larkana-0117,9,growth,today,today+1d,", "done_on"),
        ("clinic_visits.csv", "larkana-0117,9,growth,today,,gps-kot-lakhpat", "centre"),
    ],
)  # fmt: skip
def test_faults_name_line_and_column_and_no_number(sqlite_database, folder, name, line, column):
    path = folder / name
    header = path.read_text().partition("\n")[0]
    path.write_text(f"{header}\n{line}\n")
    with pytest.raises(FileFault) as caught:
        load(sqlite_database, folder)
    (fault,) = caught.value.faults
    assert fault.startswith(f"{name}:2: {column}: ")
    assert not any(number in fault for number in (HAMZA, HAJRA, "99001"))
