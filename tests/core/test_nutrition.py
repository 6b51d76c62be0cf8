"""Nashonuma: which visit is next, when money follows it, and when it ends."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from gateway.core.embedded import core as embedded
from gateway.core.embedded import tables
from tests.core.families import add_case, add_child, add_visits, settle_facilities
from tests.core.people import SUKKUR, VAULT, settle, settle_places
from tests.core.test_payments import Listener

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
TODAY = date(2026, 11, 22)
OCTOBER = date(2026, 10, 5)


class World:
    def __init__(self, database):
        self.database = database
        self.core = embedded.build(database, VAULT, Path("config"), Listener())
        with database.writing() as connection:
            settle_places(connection)
            settle_facilities(connection)
            self.her = settle(connection, enrolled=("kafaalat", "nashonuma")).id
            self.poor = settle(connection, SUKKUR, tehsil="rohri", score="60.00").id

    def case(self, *visits, **facts):
        with self.database.writing() as connection:
            case = add_case(connection, self.her, **facts)
            add_visits(connection, case, *visits)
            return case

    def baby(self, born, *visits, sex="F", **facts):
        with self.database.writing() as connection:
            child = add_child(connection, self.her, born=born, sex=sex)
        return self.case(*visits, **{"stage": "child", "child": child, "code": "baby", **facts})

    def told(self):
        return self.core.nutrition.cases(self.her)


@pytest.fixture
def world(database):
    with time_machine.travel(NOON):
        yield World(database)


@pytest.fixture
def small(sqlite_database):
    with time_machine.travel(NOON):
        yield World(sqlite_database)


def test_the_next_visit_the_packet_and_the_money_that_follows(world):
    case = world.case(
        ("antenatal", OCTOBER, OCTOBER),
        ("food", OCTOBER, OCTOBER),
        ("session", date(2026, 12, 20), None),
        ("antenatal", date(2026, 12, 1), None),
        ("food", date(2026, 12, 2), None),
    )
    (told,) = world.told()
    assert (told.id, told.stage, told.standing, told.name) == (case, "pregnant", "active", "")
    assert (told.visit.kind, told.visit.due_on, told.visit.place) == (
        "antenatal",
        date(2026, 12, 1),
        "Centre 1",
    )
    assert (told.packet.kind, told.packet.due_on) == ("food", date(2026, 12, 2))
    assert (told.quarter, told.condition, told.amount, told.money) == ("2026Q4", "to_come", 2000, None)


@pytest.mark.parametrize(
    ("due", "done", "condition", "late"),
    [
        (date(2026, 11, 21), None, "overdue", True),
        (date(2026, 11, 22), None, "to_come", False),  # due today is not late yet
        (date(2026, 11, 23), None, "to_come", False),
        (date(2026, 12, 31), None, "to_come", False),  # the quarter's last day
        (date(2026, 11, 21), TODAY, "met", None),
        (date(2026, 10, 1), None, "overdue", True),  # the quarter's first day
        (
            date(2026, 9, 30),
            None,
            "met",
            True,
        ),  # missed in the quarter before: this quarter's money does not wait
    ],
)
def test_money_follows_the_visits_due_within_the_quarter(small, due, done, condition, late):
    small.case(("antenatal", due, done))
    (told,) = small.told()
    assert (told.quarter, told.condition) == ("2026Q4", condition)
    assert (told.visit.late if told.visit else None) == late


def test_money_is_that_of_the_next_visits_quarter(small):
    small.case(("antenatal", date(2027, 1, 1), None))
    (told,) = small.told()
    assert (told.quarter, told.condition) == ("2027Q1", "to_come")


@pytest.mark.parametrize(
    ("stage", "kind", "condition"),
    [
        ("pregnant", "antenatal", "overdue"),
        ("pregnant", "session", "overdue"),
        ("pregnant", "food", "met"),  # a packet not fetched holds no money
        ("pregnant", "growth", "met"),
        ("lactating", "growth", "overdue"),
        ("lactating", "antenatal", "met"),
        ("child", "vaccine", "overdue"),
        ("child", "session", "met"),
    ],
)
def test_each_stage_has_its_own_visits(small, stage, kind, condition):
    visit = (kind, date(2026, 11, 1), None)
    if stage == "child":
        small.baby(date(2026, 3, 1), visit)
    else:
        small.case(visit, stage=stage)
    assert small.told()[0].condition == condition


@pytest.mark.parametrize(
    ("born", "standing"),
    [
        (date(2024, 11, 21), "ended"),  # two yesterday
        (date(2024, 11, 22), "ended"),  # the second birthday
        (date(2024, 11, 23), "active"),  # two tomorrow
        (date(2026, 11, 22), "active"),
    ],
)
def test_a_case_ends_at_the_second_birthday(small, born, standing):
    small.baby(born)
    assert small.told()[0].standing == standing


@pytest.mark.parametrize(
    ("day", "standing"),
    [(datetime(2026, 2, 28, 7, tzinfo=UTC), "active"), (datetime(2026, 3, 1, 7, tzinfo=UTC), "ended")],
)
def test_a_child_of_29_february_is_two_on_the_first_of_march(sqlite_database, day, standing):
    with time_machine.travel(day):
        world = World(sqlite_database)
        world.baby(date(2024, 2, 29))
        assert world.told()[0].standing == standing


@pytest.mark.parametrize("status", ["completed", "exited"])
def test_a_closed_case_has_ended(small, status):
    small.case(status=status)
    assert small.told()[0].standing == "ended"


@pytest.mark.parametrize(("sex", "amount"), [("M", 2000), ("F", 2500)])
def test_a_childs_rate_is_that_of_its_sex(small, sex, amount):
    small.baby(date(2026, 1, 1), sex=sex)
    assert (small.told()[0].amount, small.told()[0].name) == (amount, "Hamza")


def test_her_own_case_comes_first_and_what_has_ended_last(world):
    world.baby(date(2026, 1, 1))
    world.case(code="old", status="completed")
    own = world.case()
    told = world.told()
    assert [each.standing for each in told] == ["active", "active", "ended"]
    assert (told[0].id, told[1].stage) == (own, "child")


def test_a_visit_elsewhere_names_that_centre(small):
    case = small.case(("antenatal", date(2026, 12, 1), None))
    with small.database.writing() as connection:
        visit = tables.clinic_visit
        connection.execute(update(visit).where(visit.c.case == case).values(centre="centre-2"))
    (told,) = small.told()
    assert (told.visit.place, told.centre) == ("Centre 2", "Centre 1")


def test_whether_her_family_may_come_in(small):
    assert small.core.nutrition.may_register(small.her)
    assert not small.core.nutrition.may_register(small.poor)
    assert small.core.nutrition.cases(small.poor) == ()
