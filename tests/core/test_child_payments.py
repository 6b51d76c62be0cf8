"""Money that a mother is paid for each of her children: its own instalments, rates, one bonus, and what an alert tells."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from gateway.core.embedded import core as embedded
from gateway.core.embedded import tables
from gateway.core.port import State, Unpaid
from gateway.errors import FileFault
from tests.core.families import BOY, GIRL, add_child, add_student, settle_facilities
from tests.core.people import LAHORE, SUKKUR, VAULT, settle, settle_places
from tests.core.test_payments import Listener

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
HEADER = "cnic,programme,period,amount,state,at,unpaid,place,child,kind\n"
BABY, STRANGERS = "3520277000037", "4550477000048"
PROGRAMMES = ("kafaalat", "education", "nashonuma")


class World:
    def __init__(self, database, folder):
        self.database, self.file, self.listener = database, folder / "payments.csv", Listener()
        self.core = embedded.build(database, VAULT, Path("config"), self.listener)
        with database.writing() as connection:
            settle_places(connection)
            settle_facilities(connection)
            self.her = settle(connection, enrolled=PROGRAMMES, phones=("+923001234501",)).id
            other = settle(connection, SUKKUR, tehsil="rohri", enrolled=PROGRAMMES).id
            self.boy = add_child(connection, self.her, BOY, born=date(2016, 3, 9))
            self.girl = add_child(
                connection,
                self.her,
                GIRL,
                born=date(2012, 1, 30),
                sex="F",
                name_sealed=VAULT.seal("Ayesha Bibi"),
            )
            add_child(connection, self.her, BABY, born=date(2026, 3, 1), sex="F")
            add_child(connection, other, STRANGERS, born=date(2016, 1, 1))
            add_student(connection, self.boy)
            add_student(connection, self.girl, level="secondary", grade=8)

    def take(self, *rows):
        self.file.write_text(HEADER + "\n".join(rows) + "\n")
        return self.core.imports.payments.take(self.file)

    def refuse(self, *rows):
        with pytest.raises(FileFault) as caught:
            self.take(*rows)
        return caught.value.faults

    def amounts(self):
        return {
            (each.programme, each.child_name, each.kind): each.amount
            for each in self.core.payments.history(self.her, 99)
        }


@pytest.fixture
def world(database, tmp_path):
    with time_machine.travel(NOON):
        yield World(database, tmp_path)


@pytest.fixture
def small(sqlite_database, tmp_path):
    with time_machine.travel(NOON):
        yield World(sqlite_database, tmp_path)


def row(
    child="",
    programme="education",
    state="GENERATED",
    *,
    period="quarter-1",
    amount="",
    at="today-2d",
    kind="",
):
    unpaid = "CONDITION_NOT_MET" if state == "HELD" else ""
    place = "shop" if state in {"CREDITED", "WITHDRAWN"} else ""
    return f"{LAHORE},{programme},{period},{amount},{state},{at},{unpaid},{place},{child},{kind}"


def credited(child="", programme="education", **more):
    return [row(child, programme, state, **more) for state in ("GENERATED", "RELEASED", "CREDITED")]


def test_each_child_has_an_instalment_of_its_own(world):
    world.take(
        *credited(programme="kafaalat", period="quarter-1"),
        *credited(BOY),
        row(GIRL),
        row(GIRL, state="HELD"),
    )
    own, boys, girls = world.core.payments.history(world.her)
    assert (own.programme, own.child, own.child_name, own.amount) == ("kafaalat", None, "", 13500)
    assert (boys.child, boys.child_name, boys.amount, boys.standing) == (world.boy, "Hamza", 2000, "ready")
    assert (girls.child, girls.child_name, girls.amount) == (world.girl, "Ayesha", 3500)
    assert (girls.standing, girls.unpaid) == ("held", Unpaid.CONDITION_NOT_MET)
    assert [each.amount for each in world.core.payments.ready(world.her)] == [13500, 2000]
    boy, girl = sorted(world.core.schools.children(world.her), key=lambda each: each.name, reverse=True)
    assert (boy.name, boy.money, girl.name, girl.money) == ("Hamza", boys, "Ayesha", girls)


def test_a_second_time_changes_nothing_and_a_later_state_finds_its_own(world):
    rows = [*credited(BOY), row(GIRL), row(GIRL, state="HELD")]
    assert (world.take(*rows).moved, world.take(*rows).moved) == (5, 0)
    assert world.take(*rows, row(BOY, state="WITHDRAWN", at="today")).moved == 1
    assert {each.child: each.standing for each in world.core.payments.history(world.her)} == {
        world.boy: "withdrawn",
        world.girl: "held",
    }


@pytest.mark.parametrize(
    ("period", "at", "boys", "girls"),
    [("2023Q4", "2023-12-30", 1500, 3000), ("2024Q1", "2024-01-02", 2000, 3500)],
)
def test_a_blank_amount_is_the_rate_of_level_and_sex_when_the_period_began(small, period, at, boys, girls):
    small.take(row(BOY, period=period, at=at), row(GIRL, period=period, at=at))
    assert set(small.amounts().values()) == {boys, girls}


def test_a_girl_who_finished_primary_has_one_bonus(world):
    world.take(*credited(GIRL, kind="bonus"), row(GIRL))
    assert world.amounts() == {
        ("education", "Ayesha", "bonus"): 3000,
        ("education", "Ayesha", "regular"): 3500,
    }
    (fault,) = world.refuse(row(GIRL, kind="bonus", period="quarter"))
    assert fault == "payments.csv:2: kind: bonus is paid once, and it was for 2026Q3"
    girl = next(each for each in world.core.schools.children(world.her) if each.name == "Ayesha")
    assert (girl.bonus.amount, girl.money.kind) == (3000, "regular")


def test_two_bonuses_of_one_file_are_a_fault(small):
    faults = small.refuse(row(GIRL, kind="bonus"), row(GIRL, kind="bonus", period="quarter"))
    assert [fault.split(": ")[0] for fault in faults] == ["payments.csv:3"]


def test_the_database_itself_knows_one_bonus_and_one_own_instalment(world):
    def put(**more):
        base = {
            "person": world.her,
            "programme": "education",
            "period": "2026Q3",
            "amount": 1,
            "state": "GENERATED",
        }
        with world.database.writing() as connection:
            connection.execute(
                insert(tables.instalment).values(base | {"moved_on": date(2026, 11, 1)} | more)
            )

    put()
    put(child=world.boy)
    put(child=world.girl)
    put(child=world.girl, kind="bonus")
    for again in ({}, {"child": world.boy}, {"child": world.girl, "kind": "bonus", "period": "2026Q4"}):
        with pytest.raises(IntegrityError):
            put(**again)
    with pytest.raises(IntegrityError):
        put(period="2026Q1", kind="gift")


def test_nashonuma_pays_mother_and_child_side_by_side(world):
    world.take(row(programme="nashonuma"), row(BABY, "nashonuma"))
    assert world.amounts() == {
        ("nashonuma", "", "regular"): 2000,
        ("nashonuma", "Hamza", "regular"): 2500,
    }


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (row(STRANGERS), "child"),  # another mother's
        (row("9900112345678"), "child"),  # nobody's
        (row(LAHORE), "child"),  # herself
        (row(BABY), "child"),  # no student
        (row(), "child"),  # school money is for a child
        (row(BOY, "kafaalat"), "child"),  # which pays for none
        (row(programme="nashonuma", kind="bonus"), "child"),
        (row(BOY, kind="bonus"), "amount"),  # no bonus for a boy
        (row(GIRL, kind="gift"), "kind"),
        (row(BOY, "emergency", period="flood"), "child"),
    ],
)
def test_faults_name_their_column_and_no_number(small, line, column):
    (fault,) = small.refuse(line)
    assert fault.startswith(f"payments.csv:2: {column}: ")
    assert not any(number in fault for number in (BOY, GIRL, BABY, STRANGERS, LAHORE))
    with small.database.reading() as connection:
        assert connection.execute(select(tables.instalment)).all() == []


def test_an_alert_names_programme_and_amount_and_only_what_may_be_named(world):
    world.take(*credited(BOY), *credited(programme="nashonuma"))
    told = {move.programme: move for move in world.listener.heard}
    assert (told["education"].amount, told["education"].state, told["education"].discreet) == (
        2000,
        State.CREDITED,
        False,
    )
    assert told["nashonuma"].discreet
    assert not any("Hamza" in str(move) for move in world.listener.heard)


def test_a_grown_child_is_named_by_its_cnic(small):
    with small.database.writing() as connection:
        child = add_child(
            connection, small.her, "3520277000059", born=date(2007, 1, 1), cnic_key=VAULT.cnic_key(GIRL[::-1])
        )
        add_student(connection, child, level="higher_secondary", grade=12)
    small.take(row(GIRL[::-1]))
    assert small.amounts() == {("education", "Hamza", "regular"): 4000}
