"""Payments files in, and what she is told of her money, on both databases."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import DBAPIError

from gateway import clock
from gateway.core.embedded import programme_rows, tables
from gateway.core.embedded.payments import EmbeddedPayments
from gateway.core.embedded.payments_import import Imported, PaymentsImport
from gateway.core.embedded.programmes import load_programmes
from gateway.core.port import State, Unpaid
from gateway.errors import FileFault
from tests.core.people import LAHORE, SUKKUR, VAULT, settle, settle_places

PROGRAMMES = load_programmes(Path("config/programmes.yaml"))
TODAY = clock.today()
QUARTER = clock.quarter_of(TODAY)
HEADER = "cnic,programme,period,amount,state,at,unpaid,place,place_on,until\n"
HER = f"{LAHORE},kafaalat,quarter"
READY = f"""\
{HER},,GENERATED,today-6d,,,,
{HER},,RELEASED,today-4d,,,,
{HER},,CREDITED,today-2d,,shop,,
"""


class Listener:
    """Writes what it hears into the transaction, as the outbox does."""

    def __init__(self):
        self.heard = []

    def asked_moved(self, connection, moves):
        """Nobody is told."""

    def moved(self, connection, moves):
        self.heard.extend(moves)
        assert connection.in_transaction()


@pytest.fixture
def world(database, tmp_path):
    return World(database, tmp_path)


@pytest.fixture
def small(sqlite_database, tmp_path):
    """On SQLite alone, for what is decided before any statement."""
    return World(sqlite_database, tmp_path)


class World:
    def __init__(self, database, folder):
        self.database, self.file, self.listener = database, folder / "payments.csv", Listener()
        self.payments = EmbeddedPayments(database, VAULT, PROGRAMMES)
        self.importing = PaymentsImport(database, VAULT, PROGRAMMES, self.listener)
        with database.writing() as connection:
            settle_places(connection)
            programme_rows.store(connection, PROGRAMMES)
            self.her = settle(
                connection, enrolled=("kafaalat",), phones=("+923001234501", "+923001234502")
            ).id
            self.other = settle(connection, SUKKUR, tehsil="rohri").id

    def take(self, rows):
        self.file.write_text(HEADER + rows)
        return self.importing.take(self.file)

    def refuse(self, rows):
        before = self.events()
        with pytest.raises(FileFault) as caught:
            self.take(rows)
        assert self.events() == before
        return caught.value.faults

    def events(self):
        with self.database.reading() as connection:
            return connection.execute(
                select(tables.instalment_event).order_by(tables.instalment_event.c.id)
            ).all()

    def open_event(self, code="flood", opens=-20, closes=5, listed=None):
        with self.database.writing() as connection:
            connection.execute(
                insert(tables.event).values(
                    code=code, programme="emergency", name=code.title(), provinces=["punjab"], districts=[], amount=25000,
                    open_from=TODAY + timedelta(days=opens), open_to=TODAY + timedelta(days=closes),
                    pmt_max=Decimal("38.00"), may_apply=True,
                )
            )  # fmt: skip
            if listed:
                connection.execute(
                    insert(tables.event_listing).values(
                        event=code, person=listed, source="test", listed_on=TODAY
                    )
                )


def test_an_instalment_is_read_as_it_stands(world):
    assert world.take(READY) == Imported(rows=3, moved=3, unchanged=0, announced=1)
    (found,) = world.payments.ready(world.her)
    assert (found.programme, found.period, found.amount) == ("kafaalat", QUARTER, 13500)
    assert (found.state, found.standing, found.place) == (State.CREDITED, "ready", "Shop One")
    assert (found.moved_on, found.unpaid, found.until) == (TODAY - timedelta(days=2), None, None)
    assert world.payments.latest(world.her, "kafaalat") == found
    assert world.payments.history(world.her) == (found,)
    assert [row.state for row in world.events()] == ["GENERATED", "RELEASED", "CREDITED"]
    assert world.payments.latest(world.her, "emergency") is None
    assert world.payments.history(world.other) == ()


def test_her_payments_are_one_statement(world):
    world.take(READY)
    statements = []
    event.listen(world.database._reads, "before_cursor_execute", lambda *args: statements.append(args[2]))
    world.payments.latest(world.her, "kafaalat")
    assert len(statements) == 1


def test_a_second_time_changes_nothing_and_a_grown_file_adds(world):
    world.take(READY)
    events = world.events()
    assert world.take(READY) == Imported(rows=3, moved=0, unchanged=3, announced=0)
    assert world.events() == events
    assert world.take(READY + f"{HER},,WITHDRAWN,today,,shop,,\n") == Imported(4, 1, 3, 1)
    assert world.payments.latest(world.her, "kafaalat").standing == "withdrawn"
    assert [move.state for move in world.listener.heard] == [State.CREDITED, State.WITHDRAWN]


def test_the_announcer_hears_within_the_transaction_of_fresh_moves_only(world):
    old = READY.replace("quarter", "quarter-2").replace("today-", "today-20")
    world.take(old + READY)
    (told,) = world.listener.heard
    assert (told.programme, told.period, told.amount, told.state) == (
        "kafaalat",
        QUARTER,
        13500,
        State.CREDITED,
    )
    assert (told.place, told.phones) == ("Shop One", ("+923001234501", "+923001234502"))


@pytest.mark.parametrize(("days", "announced"), [(7, 1), (8, 0)])
def test_news_is_at_most_seven_days_old(small, days, announced):
    assert small.take(f"{HER},,GENERATED,today-{days}d,,,,\n").announced == announced


def test_only_verified_links_are_told(world):
    with world.database.writing() as connection:
        first = select(tables.phone_link.c.id).order_by(tables.phone_link.c.id).limit(1).scalar_subquery()
        connection.execute(
            update(tables.phone_link).where(tables.phone_link.c.id == first).values(status="revoked")
        )
    world.take(READY)
    assert world.listener.heard[0].phones == ("+923001234502",)


def test_an_announcer_that_fails_leaves_no_move(world):
    def moved(connection, moves):
        raise RuntimeError("no outbox")

    world.listener.moved = moved
    with pytest.raises(RuntimeError, match="no outbox"):
        world.take(READY)
    assert world.events() == []
    assert world.payments.history(world.her) == ()


def test_a_blank_amount_is_the_rate_of_its_period(small):
    for period, amount in (("2024Q4", 10500), ("2025Q1", 13500), (QUARTER, 13500)):
        small.take(f"{LAHORE},kafaalat,{period},,PLANNED,{clock.quarter_bounds(period)[0]},,,,\n")
        assert {each.period: each.amount for each in small.payments.history(small.her)}[period] == amount
    small.take(f"{LAHORE},kafaalat,2023Q1,4000,PLANNED,2023-01-02,,,,\n")
    assert [each.amount for each in small.payments.history(small.her)] == [13500, 13500, 10500, 4000]
    assert [each.amount for each in small.payments.history(small.her, limit=2)] == [13500, 13500]


def test_every_reason_holds(small):
    for number, reason in enumerate(Unpaid):
        hers = f"{LAHORE},kafaalat,quarter-{number}"
        small.take(f"{hers},,GENERATED,today,,,,\n{hers},,HELD,today,{reason},,,\n")
    found = small.payments.history(small.her, limit=99)
    assert [each.unpaid for each in found] == list(Unpaid)
    assert {each.standing for each in found} == {"held"}


def test_a_hold_may_change_its_reason_and_end(world):
    held = (
        f"{HER},,GENERATED,today,,,,\n{HER},,HELD,today,CNIC_EXPIRED,,,\n{HER},,HELD,today,SIM_NOT_OWN,,,\n"
    )
    assert world.take(held).moved == 3
    assert world.payments.latest(world.her, "kafaalat").unpaid is Unpaid.SIM_NOT_OWN
    assert world.take(held).moved == 0
    assert world.take(f"{HER},,RELEASED,today,,,,\n").moved == 1
    found = world.payments.latest(world.her, "kafaalat")
    assert (found.standing, found.unpaid) == ("coming", None)


def test_the_branch_route_names_branch_and_day(small):
    small.take(READY + f"{HER},,BIOMETRIC_FAILED,today-1d,,,,\n")
    failed = small.payments.latest(small.her, "kafaalat")
    assert (failed.standing, failed.unpaid) == ("held", Unpaid.BIOMETRIC_FAILED)
    assert small.refuse(f"{HER},,BRANCH_ROUTE,today,,,today+4d,\n")[0].startswith(
        "payments.csv:2: place: is missing"
    )
    small.take(f"{HER},,BRANCH_ROUTE,today,,bank,today+4d,today+30d\n")
    (found,) = small.payments.ready(small.her)
    assert (found.standing, found.place, found.unpaid) == ("branch", "Bank Two", None)
    assert (found.place_on, found.until) == (TODAY + timedelta(days=4), TODAY + timedelta(days=30))


def test_a_branch_may_be_booked_anew_and_each_booking_is_told(small):
    booked = READY + f"{HER},,BIOMETRIC_FAILED,today-1d,,,,\n{HER},,BRANCH_ROUTE,today-1d,,bank,today+1d,\n"
    assert small.take(booked).moved == 5
    anew = booked + f"{HER},,BRANCH_ROUTE,today,,bank,today+6d,\n{HER},,BRANCH_ROUTE,today,,shop,today+6d,\n"
    assert small.take(anew) == Imported(rows=7, moved=2, unchanged=5, announced=1)
    (found,) = small.payments.ready(small.her)
    assert (found.place, found.place_on) == ("Shop One", TODAY + timedelta(days=6))
    assert small.take(anew).moved == small.take(booked).moved == 0, "an older file brings no booking back"
    (found,) = small.payments.ready(small.her)
    assert (found.place, found.place_on) == ("Shop One", TODAY + timedelta(days=6))
    told = [(move.place, move.place_on) for move in small.listener.heard]
    assert told == [("Bank Two", TODAY + timedelta(days=1)), ("Shop One", TODAY + timedelta(days=6))]


def test_faults_name_line_and_column_and_nothing_is_taken(small):
    small.open_event()
    faults = small.refuse(
        READY
        + f"{SUKKUR[::-1]}9,kafaalat,quarter,,GENERATED,today,,,,\n"  # 5
        + "9900112345678,kafaalat,quarter,,GENERATED,today,,,,\n"
        + f"{SUKKUR},kafaalat,quarter,,GENERATED,today,,,,\n"  # 7
        + f"{LAHORE},ghost,quarter,,GENERATED,today,,,,\n"
        + f"{LAHORE},kafaalat,Q4,,GENERATED,today,,,,\n"
        + f"{LAHORE},kafaalat,2001Q1,,GENERATED,2001-01-01,,,,\n"  # 10
        + f"{LAHORE},emergency,quake,,GENERATED,today,,,,\n"
        + f"{HER},-5,WITHDRAWN,today,,,,\n"
        + f"{HER},,GONE,today,,,,\n"  # 13
        + f"{HER},,WITHDRAWN,today+1d,,,,\n"
        + f"{HER},,HELD,today,,,,\n"
        + f"{HER},,WITHDRAWN,today,FILTERED,,,\n"  # 16
        + f"{HER},,WITHDRAWN,today,,nowhere,,\n"
        + f"{HER},,CREDITED,today,,shop,,today-1d\n"
        + f"{HER},,CREDITED,today\n"  # 19
    )
    assert sorted(tuple(fault.split(": ")[:2]) for fault in faults) == sorted(
        (f"payments.csv:{line}", column)
        for line, column in [
            (5, "cnic"), (6, "cnic"), (7, "cnic"), (8, "programme"), (9, "period"), (10, "amount"), (11, "period"),
            (12, "amount"), (13, "state"), (14, "at"), (15, "unpaid"), (16, "unpaid"), (17, "place"), (18, "until"),
            (19, "has 6 cells, the header 10"),
        ]
    )  # fmt: skip
    assert not any(number in fault for fault in faults for number in (LAHORE, SUKKUR, "99001"))
    assert small.payments.history(small.her) == ()
    assert small.listener.heard == []


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (f"{HER},,CREDITED,today,,,,\n", "5: state: "),  # a step back: it is WITHDRAWN by then
        (f"{HER},,RECONCILED,today-3d,,,,\n", "6: at: "),
        (f"{HER},99,RECONCILED,today,,,,\n", "6: amount: "),
        (f"{HER},,REVERSED,today,,,,\n", "6: state: REVERSED cannot follow WITHDRAWN"),
        (
            f"{LAHORE},kafaalat,quarter-1,,WITHDRAWN,today,,,,\n",
            "6: state: WITHDRAWN cannot follow an instalment not yet",
        ),
    ],
)
def test_illegal_moves_are_faults(small, rows, fault):
    paid = READY + f"{HER},,WITHDRAWN,today-1d,,,,\n"
    if "CREDITED" in rows:
        paid = READY.replace(f"{HER},,CREDITED,today-2d,,shop,,\n", f"{HER},,REVERSED,today-2d,,,,\n")
        fault = "5: state: CREDITED cannot follow REVERSED"
    assert any(found.startswith(f"payments.csv:{fault}") for found in small.refuse(paid + rows))


def test_a_missing_file_and_a_wrong_header(small, tmp_path):
    with pytest.raises(FileFault, match="cannot be read"):
        small.importing.take(tmp_path / "none.csv")
    small.file.write_text("cnic,sum\n")
    with pytest.raises(FileFault, match="sum: is no column"):
        small.importing.take(small.file)


def test_two_imports_of_one_file_at_once(world):
    with world.database.writing() as connection:
        numbers = [f"35202{n:07d}2" for n in range(60)]
        for number in numbers:
            settle(connection, number, enrolled=("kafaalat",))
    world.file.write_text(HEADER + "".join(READY.replace(LAHORE, number) for number in numbers))
    start, results = threading.Barrier(3), []

    def run():
        start.wait()
        results.append(world.importing.take(world.file))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.moved for result in results) == [0, 0, 180]
    assert len(world.events()) == 180
    assert len(world.listener.heard) == 60


def test_events_cannot_be_changed(world):
    world.take(READY)
    with pytest.raises(DBAPIError, match="append-only"), world.database.writing() as connection:
        connection.execute(update(tables.instalment_event).values(state="WITHDRAWN"))


def test_a_delivered_alert_is_noted_once_and_only_on_credited(world):
    world.take(READY)
    number = world.payments.ready(world.her)[0].id
    for _ in range(2):
        world.payments.notified([number, 999])
    found = world.payments.latest(world.her, "kafaalat")
    assert (found.state, found.standing, found.place) == (State.NOTIFIED, "ready", "Shop One")
    assert [row.state for row in world.events()].count("NOTIFIED") == 1
    assert world.take(READY).moved == 0
    world.take(f"{HER},,WITHDRAWN,today,,,,\n")
    world.payments.notified([number])
    assert world.payments.latest(world.her, "kafaalat").state is State.WITHDRAWN
    world.payments.notified([])


def test_a_delivered_alert_does_not_bar_the_banks_next_file(world):
    world.take(READY)
    (ready,) = world.payments.ready(world.her)
    world.payments.notified([ready.id])
    assert world.payments.latest(world.her, "kafaalat").moved_on == ready.moved_on
    assert world.events()[-1].moved_on == TODAY
    assert world.take(f"{HER},,WITHDRAWN,today-1d,,shop,,\n").moved == 1
    assert world.payments.latest(world.her, "kafaalat").standing == "withdrawn"


def test_a_code_that_is_a_cnic_is_not_shown(small):
    for row in (
        f"{LAHORE},35202-1234501-2,quarter,,GENERATED,today,,,,",
        f"{HER},,GENERATED,today,,35202-1234501-2,,",
    ):
        (fault,) = small.refuse(row + "\n")
        assert "(hidden)" in fault
        assert "35202" not in fault


def test_progress_is_told_to_the_end(small):
    told = []
    small.file.write_text(HEADER + READY)
    small.importing.take(small.file, lambda *args: told.append(args))
    size = small.file.stat().st_size
    assert told[-1] == ("payments.csv, writing", 3, 3)
    assert ("payments.csv", size, size) in told


# -- emergency events --------------------------------------------------------------------------------------------------
FLOOD = f"{LAHORE},emergency,flood"
PAID = f"""\
{FLOOD},,GENERATED,today-6d,,,,
{FLOOD},,RELEASED,today-4d,,,,
{FLOOD},,CREDITED,today-2d,,shop,,today+3d
"""


def test_money_of_an_event(world):
    world.open_event(listed=world.her)
    world.take(PAID)
    (found,) = world.payments.events(world.her)
    assert (found.code, found.name, found.standing, found.reason) == ("flood", "Flood", "listed", None)
    assert (found.instalment.amount, found.instalment.place) == (25000, "Shop One")
    assert found.until == TODAY + timedelta(days=3)
    assert [each.period for each in world.payments.ready(world.her)] == ["flood"]


def test_standings_in_events(world):
    world.open_event("flood")
    world.open_event("quake", opens=-10, listed=world.her)
    world.open_event("over", opens=-100, closes=-1)
    hers = {each.code: each for each in world.payments.events(world.her)}
    assert {code: each.standing for code, each in hers.items()} == {"quake": "listed", "flood": "may_apply"}
    assert list(hers) == ["quake", "flood"]
    assert hers["flood"].until == TODAY + timedelta(days=5)
    others = world.payments.events(world.other)
    assert [(each.standing, each.reason) for each in others] == [("not_listed", "REGION_OUTSIDE")] * 2


def test_another_region_is_the_reason_before_any_other(small):
    small.open_event("flood")
    with small.database.writing() as connection:
        barred = settle(connection, "4550312345011", tehsil="rohri", cnic_status="blocked").id
    assert [each.reason for each in small.payments.events(barred)] == ["REGION_OUTSIDE"]


@pytest.mark.parametrize(
    ("until", "standing"), [("today+1d", "listed"), ("today", "listed"), ("today-1d", "closed")]
)
def test_an_event_that_is_over_with_money_of_hers(small, until, standing):
    small.open_event(opens=-40, closes=-3)
    small.take(PAID.replace("today+3d", until))
    (found,) = small.payments.events(small.her)
    assert found.standing == standing


def test_an_event_that_is_over_and_paid_is_history(small):
    small.open_event(opens=-40, closes=-3)
    small.take(PAID + f"{FLOOD},,WITHDRAWN,today,,,,\n")
    assert small.payments.events(small.her) == ()
    assert [each.standing for each in small.payments.history(small.her)] == ["withdrawn"]


def test_history_puts_events_where_they_began(small):
    small.open_event(opens=-400, closes=-300)
    began = TODAY - timedelta(days=400)
    small.take(PAID.replace("today-", "today-30") + READY)
    small.take(
        f"{LAHORE},kafaalat,{clock.quarter_of(date(began.year - 1, began.month, 1))},,GENERATED,today-370d,,,,\n"
    )
    assert [each.programme for each in small.payments.history(small.her)] == [
        "kafaalat",
        "emergency",
        "kafaalat",
    ]
