"""Children at school: who is told of, how attendance is judged, and at which ages."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from gateway.core.embedded import core as embedded
from gateway.core.embedded.names import called
from gateway.core.embedded.schools import place_of
from tests.core.families import BOY, GIRL, add_attendance, add_child, add_student, settle_facilities
from tests.core.people import SUKKUR, VAULT, settle, settle_places
from tests.core.test_payments import Listener

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)


class World:
    def __init__(self, database):
        self.database = database
        self.core = embedded.build(database, VAULT, Path("config"), Listener())
        with database.writing() as connection:
            settle_places(connection)
            settle_facilities(connection)
            self.her = settle(connection, enrolled=("kafaalat", "education")).id
            self.poor = settle(connection, SUKKUR, tehsil="rohri", score="60.00").id

    def child(self, mother=None, number=BOY, student=None, **facts):
        with self.database.writing() as connection:
            child = add_child(connection, mother or self.her, number, **{"born": date(2016, 3, 9), **facts})
            return child, None if student is None else add_student(connection, child, **student)

    def attend(self, student, quarter, days_open, present):
        with self.database.writing() as connection:
            add_attendance(connection, student, quarter, days_open, present)

    def told(self, mother=None):
        return self.core.schools.children(mother or self.her)


@pytest.fixture
def world(database):
    with time_machine.travel(NOON):
        yield World(database)


@pytest.fixture
def small(sqlite_database):
    with time_machine.travel(NOON):
        yield World(sqlite_database)


def test_a_student_is_told_with_level_rate_and_attendance(world):
    child, student = world.child(student={"grade": 5})
    world.attend(student, "2026Q2", 60, 30)
    world.attend(student, "2026Q3", 50, 42)
    (told,) = world.told()
    assert (told.id, told.name, told.standing, told.level) == (child, "Hamza", "student", "primary")
    assert (told.student, told.school, told.slip, told.rate) == (student, "School 1", "accepted", 2000)
    seen = told.attendance
    assert (seen.quarter, seen.percent, seen.needed, seen.standing) == ("2026Q3", 84, 70, "met")
    assert (told.money, told.bonus) == (None, None)


@pytest.mark.parametrize(
    ("days_open", "present", "percent", "standing"),
    [
        (10000, 6999, 69, "failed"),
        (10000, 7000, 70, "met"),
        (10000, 7001, 70, "met"),
        (60, 41, 68, "failed"),
        (60, 42, 70, "met"),
        (59, 41, 69, "failed"),
        (61, 43, 70, "met"),
        (50, 0, 0, "failed"),
        (50, 50, 100, "met"),
    ],
)
def test_seventy_percent_exactly(small, days_open, present, percent, standing):
    _, student = small.child(student={})
    small.attend(student, "2026Q3", days_open, present)
    seen = small.told()[0].attendance
    assert (seen.percent, seen.standing) == (percent, standing)


def test_a_quarter_without_a_school_day_shows_nothing(small):
    _, student = small.child(student={})
    small.attend(student, "2026Q3", 0, 0)
    assert small.told()[0].attendance is None


@pytest.mark.parametrize(
    ("enrolled_on", "standing"),
    [
        (date(2026, 7, 1), "free"),  # the quarter's first day
        (date(2026, 9, 30), "free"),  # its last day: the quarter is free none the less
        (date(2026, 6, 30), "failed"),  # the last day of the quarter before: this one is the second
        (date(2026, 10, 1), "free"),  # sent for a quarter before the enrolment
        (date(2025, 9, 30), "failed"),
    ],
)
def test_the_quarter_of_the_enrolment_is_free_and_attendance_counts_from_the_next(
    small, enrolled_on, standing
):
    _, student = small.child(student={"enrolled_on": enrolled_on})
    small.attend(student, "2026Q3", 50, 10)
    assert small.told()[0].attendance.standing == standing


@pytest.mark.parametrize(
    ("quarter", "enrolled_on", "place"),
    [
        ("2026Q4", date(2026, 12, 31), 1),
        ("2027Q1", date(2026, 12, 31), 2),
        ("2026Q4", date(2026, 9, 30), 2),
        ("2026Q4", date(2025, 10, 1), 5),
        ("2026Q4", date(2027, 1, 1), 0),
    ],
)
def test_quarters_are_counted_from_the_enrolment(quarter, enrolled_on, place):
    assert place_of(quarter, enrolled_on) == place


@pytest.mark.parametrize(
    ("born", "level"),
    [
        (date(2022, 11, 23), None),  # four tomorrow
        (date(2022, 11, 22), "primary"),  # four today
        (date(2013, 11, 23), "primary"),  # thirteen tomorrow
        (date(2013, 11, 22), "secondary"),  # thirteen today
        (date(2007, 11, 23), "secondary"),
        (date(2007, 11, 22), "higher_secondary"),  # nineteen today
        (date(2003, 11, 23), "higher_secondary"),
        (date(2003, 11, 22), None),  # twenty-three today
        (None, None),
    ],
)
def test_a_child_that_is_no_student_may_begin_at_the_level_of_its_age(small, born, level):
    small.child(born=born)
    assert [(each.standing, each.level) for each in small.told()] == ([("may_enrol", level)] if level else [])


@pytest.mark.parametrize(
    ("born", "standing"),
    [
        (date(2013, 10, 1), "ended"),  # thirteen on the quarter's first day
        (date(2013, 10, 2), "student"),  # the day after: this quarter still counts
        (date(2022, 10, 1), "student"),
    ],
)
def test_a_student_past_the_ages_of_the_level_has_ended(small, born, standing):
    small.child(born=born, student={})
    assert small.told()[0].standing == standing


@pytest.mark.parametrize("status", ["suspended", "graduated", "exited"])
def test_who_left_has_ended(small, status):
    small.child(student={"status": status})
    assert small.told()[0].standing == "ended"


@pytest.mark.parametrize(
    ("level", "sex", "rate"),
    [
        ("primary", "M", 2000),
        ("primary", "F", 2500),
        ("secondary", "M", 3000),
        ("secondary", "F", 3500),
        ("higher_secondary", "M", 4000),
        ("higher_secondary", "F", 4500),
    ],
)
def test_the_rate_is_that_of_level_and_sex(small, level, sex, rate):
    small.child(born=date(2012, 1, 1), sex=sex, student={"level": level, "grade": 0})
    assert small.told()[0].rate == rate


def test_the_rates_before_january_2024(small):
    programme = embedded.load_programmes(Path("config/programmes.yaml"))["education"]
    for day, amounts in ((date(2023, 12, 31), [1500, 2000]), (date(2024, 1, 1), [2000, 2500])):
        assert [programme.rate_on(day, "primary", sex) for sex in "MF"] == amounts
    assert programme.rate_on(date(2026, 1, 1), "primary_completion", "F") == 3000
    assert programme.rate_on(date(2026, 1, 1), "primary_completion", "M") is None


def test_children_of_a_family_outside_kafaalat_are_refused(small):
    small.child(small.poor)
    assert [each.standing for each in small.told(small.poor)] == ["refused"]


def test_only_her_own_unmarried_living_children_the_eldest_first(world):
    world.child(number=GIRL, born=date(2018, 1, 30), name_sealed=VAULT.seal("Muhammad Umar Ali"))
    world.child(student={})
    world.child(number="3520277000037", born=date(2012, 1, 1), alive=False)
    world.child(number="3520277000048", born=date(2006, 1, 1), marital_status="married")
    world.child(world.poor, "3520277000059")
    assert [each.name for each in world.told()] == ["Hamza", "Muhammad Umar"]


@pytest.mark.parametrize(
    ("name", "short"),
    [("Hamza", "Hamza"), ("Iqra Bibi", "Iqra"), ("Muhammad Hamza Ali", "Muhammad Hamza"), ("Syeda Ayesha", "Syeda Ayesha"),
     ("Muhammad", "Muhammad"), ("  ", "")],
)  # fmt: skip
def test_what_a_child_is_called(name, short):
    assert called(name) == short
