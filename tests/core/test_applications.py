"""What she is offered, applying, taking back, following: on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import event as sql_event
from sqlalchemy import insert, select

from gateway import clock
from gateway.core.embedded import programme_rows, tables
from gateway.core.embedded.applications import EmbeddedApplications
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.payments import EmbeddedPayments
from gateway.core.embedded.programmes import load_programmes
from gateway.core.embedded.tracking import EmbeddedTracking
from gateway.core.port import ApplicationState, Asked
from tests.core.people import LAHORE, SUKKUR, VAULT, settle, settle_places

PROGRAMMES = load_programmes(Path("config/programmes.yaml"))
PHONE, OTHER_PHONE = "+923001234501", "+923001234502"
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def stopped():
    with time_machine.travel(NOW, tick=True):
        yield


class Listener:
    def __init__(self):
        self.heard = []

    def asked_moved(self, connection, moves):
        self.heard.extend(moves)


class Desk:
    """The core's part that takes applications, and two women: one of Lahore, one of Rohri."""

    def __init__(self, database, **facts):
        self.database, self.listener = database, Listener()
        directory = EmbeddedDirectory(database)
        eligibility = EmbeddedEligibility(database, VAULT, PROGRAMMES, directory)
        self.applications = EmbeddedApplications(database, VAULT, PROGRAMMES, eligibility, self.listener)
        self.payments = EmbeddedPayments(database, VAULT, PROGRAMMES)
        self.tracking = EmbeddedTracking(database, VAULT)
        with database.writing() as connection:
            settle_places(connection)
            programme_rows.store(connection, PROGRAMMES)
            self.her = settle(connection, phones=(PHONE,), **facts).id
            self.other = settle(connection, SUKKUR, tehsil="rohri", phones=(OTHER_PHONE,)).id

    def apply(self, programme="loan", key="step", person=None, **more):
        return self.applications.apply(
            person or self.her, programme, PHONE, key, **{"channel": "ussd", **more}
        )

    def offers(self, person=None):
        return {each.programme: each for each in self.applications.offers(person or self.her)}

    def open_event(self, code="flood", opens=-10, closes=10, **terms):
        row = {
            "code": code, "programme": "emergency", "name": code.title(), "provinces": ["punjab"], "districts": [],
            "amount": 25000, "open_from": TODAY + timedelta(days=opens), "open_to": TODAY + timedelta(days=closes),
            "pmt_max": Decimal("38.00"), "may_apply": True, **terms,
        }  # fmt: skip
        with self.database.writing() as connection:
            connection.execute(insert(tables.event).values(row))


@pytest.fixture
def desk(database):
    return Desk(database, enrolled=("kafaalat",))


@pytest.fixture
def small(sqlite_database):
    """On SQLite alone, where nothing depends on how a database locks."""
    return Desk(sqlite_database)


def test_offers_hold_every_programme_hers_first(desk):
    offers = desk.applications.offers(desk.her)
    assert {each.programme for each in offers} == set(PROGRAMMES.entries)
    assert [(each.programme, each.standing) for each in offers[:6]] == [
        ("kafaalat", "enrolled"),
        ("loan", "may_apply"),
        ("nashonuma", "may_apply"),
        ("sehat", "open"),
        ("skills", "open"),
        ("learning", "open"),
    ]
    numbers = {each.programme: each.number for each in offers}
    assert numbers == {code: number for number, code in enumerate(PROGRAMMES.entries, 1)}


def test_an_offer_that_hangs_on_another_programme_names_it(small):
    offers = small.offers(small.other)
    assert (offers["skills"].standing, offers["skills"].code, offers["skills"].needs) == (
        "not_eligible",
        "NOT_IN_PROGRAMME",
        "kafaalat",
    )
    assert offers["loan"].needs == ""


def test_offers_are_few_statements(desk):
    desk.applications.offers(desk.her)
    statements = []
    sql_event.listen(desk.database._reads, "before_cursor_execute", lambda *args: statements.append(args[2]))
    desk.applications.offers(desk.her)
    assert len(statements) <= 5


def test_applying_is_stored_with_where_it_came_from(desk):
    made = desk.apply(channel="sms")
    assert (made.outcome, made.application.programme, made.application.state) == (
        "applied",
        "loan",
        ApplicationState.RECEIVED,
    )
    assert len(made.application.reference) == 8
    assert made.application.reference.startswith("1")
    with desk.database.reading() as connection:
        row = connection.execute(select(tables.application)).one()
        events = connection.execute(select(tables.application_event)).all()
    assert (row.channel, row.phone_key) == ("sms", VAULT.phone_key(PHONE))
    assert [(each.state, each.by) for each in events] == [("received", "caller")]


def test_one_step_walked_again_is_one_application(desk):
    first, again = desk.apply(), desk.apply()
    assert (again.outcome, again.application) == ("applied", first.application)
    assert len(desk.applications.of(desk.her)) == 1


def test_applying_twice_says_so_with_the_number(desk):
    first = desk.apply(key="one")
    again = desk.apply(key="two")
    assert (again.outcome, again.application.reference) == ("already", first.application.reference)
    offer = desk.offers()["loan"]
    assert (offer.standing, offer.reference) == ("applied", first.application.reference)


def test_many_steps_at_once_are_one_application(desk):
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda n: desk.apply(key=f"step {n}"), range(6)))
    assert sorted(each.outcome for each in made) == ["already"] * 5 + ["applied"]
    assert len({each.application.reference for each in made}) == 1


@pytest.mark.parametrize(
    ("programme", "facts", "code"),
    [
        ("loan", {"score": "40.00"}, None),
        ("loan", {"score": "40.01"}, "PMT_ABOVE"),
        ("loan", {"cnic_status": "expired"}, "CNIC_EXPIRED"),
        ("loan", {"survey_status": "not_surveyed", "score": None}, "NOT_SURVEYED"),
        ("kafaalat", {"enrolled": ("kafaalat",)}, "ENROLLED"),
        ("kafaalat", {"enrolled": ("kafaalat",), "cnic_status": "expired"}, "ENROLLED"),
        ("kafaalat", {"score": "32.00"}, None),
        ("kafaalat", {"score": "32.01"}, "PMT_ABOVE"),
        ("nashonuma", {}, "NOT_IN_PROGRAMME"),
        ("sehat", {}, "NOT_BY_PHONE"),
        ("skills", {}, "NOT_IN_PROGRAMME"),
        ("ghost", {}, "UNKNOWN_PROGRAMME"),
    ],
)
def test_who_may_not_is_refused_with_the_reason(sqlite_database, programme, facts, code):
    made = Desk(sqlite_database, **facts).apply(programme)
    assert (made.outcome, made.code) == ("applied" if code is None else "refused", code)


def test_a_course_of_a_programme_is_applied_for_though_the_programme_is_not(desk):
    assert desk.apply("skills").code == "NOT_BY_PHONE"
    made = desk.apply("skills", "other step", subject="tailoring-1")
    assert (made.outcome, made.application.subject) == ("applied", "tailoring-1")
    assert desk.offers()["skills"].standing == "open"


def test_taken_back_and_asked_anew(desk):
    first = desk.apply(key="one").application.reference
    assert desk.applications.withdraw(desk.other, first) == "unknown"
    assert desk.applications.withdraw(desk.her, first) == "withdrawn"
    assert desk.applications.withdraw(desk.her, first) == "withdrawn"
    assert desk.listener.heard == []
    again = desk.apply(key="two")
    assert again.outcome == "applied"
    assert again.application.reference != first
    assert [each.state for each in desk.applications.of(desk.her)] == ["received", "withdrawn"]


def test_what_is_decided_cannot_be_taken_back_and_each_move_is_told(desk):
    reference = desk.apply().application.reference
    for state in ("under_review", "approved"):
        desk.applications.move(reference, ApplicationState(state), "officer")
    assert desk.applications.withdraw(desk.her, reference) == "decided"
    assert [(each.state, each.phones) for each in desk.listener.heard] == [
        ("under_review", (PHONE,)),
        ("approved", (PHONE,)),
    ]
    assert len({each.turn for each in desk.listener.heard}) == 2


# -- emergency cash ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [(0, 5, None), (1, 5, "NO_EVENT"), (-5, 0, None), (-5, -1, "NO_EVENT")],
)
def test_an_event_is_applied_for_from_its_first_day_to_its_last(small, opens, closes, code):
    small.open_event(opens=opens, closes=closes)
    made = small.apply("emergency")
    assert made.code == code
    assert small.offers()["emergency"].standing == ("not_eligible" if code else "applied")
    if code is None:
        assert made.application.subject == "flood"


@pytest.mark.parametrize(
    ("facts", "terms", "code"),
    [
        ({"score": "38.00"}, {}, None),
        ({"score": "38.01"}, {}, "PMT_ABOVE"),
        ({"score": "90.00"}, {"pmt_max": None}, None),
        ({}, {"provinces": ["sindh"]}, "REGION_OUTSIDE"),
        ({}, {"provinces": ["sindh"], "districts": ["lahore"]}, None),
        ({}, {"may_apply": False}, "LIST_ONLY"),
        ({"cnic_status": "blocked"}, {}, "CNIC_BLOCKED"),
        ({"cnic_status": "expired"}, {}, None),
    ],
)
def test_ceiling_region_and_list_of_an_event(sqlite_database, facts, terms, code):
    desk = Desk(sqlite_database, **facts)
    desk.open_event(**terms)
    assert desk.apply("emergency").code == code
    (standing,) = desk.payments.events(desk.her)
    assert (standing.standing, standing.reason) == ("may_apply" if code is None else "not_listed", code)


def test_one_application_a_person_and_event_however_it_was_decided(desk):
    desk.open_event()
    reference = desk.apply("emergency", "one").application.reference
    assert desk.apply("emergency", "two").outcome == "already"
    desk.applications.move(reference, ApplicationState.REJECTED, "officer")
    again = desk.apply("emergency", "three")
    assert (again.outcome, again.application.reference) == ("already", reference)
    assert desk.offers()["emergency"].reference == reference


def test_an_application_to_an_event_taken_back_may_be_made_again(small):
    small.open_event()
    first = small.apply("emergency", "one").application.reference
    small.applications.withdraw(small.her, first)
    assert small.apply("emergency", "two").outcome == "applied"


def test_another_event_takes_another_application(small):
    small.open_event("flood")
    small.open_event("quake", opens=-3)
    made = [small.apply("emergency", code, subject=code) for code in ("flood", "quake")]
    assert [(each.outcome, each.application.subject) for each in made] == [
        ("applied", "flood"),
        ("applied", "quake"),
    ]
    assert small.apply("emergency", "blank").outcome == "already"  # the newest is meant
    assert small.apply("emergency", "ghost", subject="ghost").code == "NO_EVENT"


def test_an_event_that_only_pays_its_list_hides_none_that_takes_applications(small):
    small.open_event("flood", opens=-10)
    small.open_event("quake", opens=-3, may_apply=False)
    assert small.apply("emergency").application.subject == "flood"


def test_an_event_closes_while_she_thinks(small):
    small.open_event(closes=0)
    assert small.offers()["emergency"].standing == "may_apply"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert small.apply("emergency").code == "NO_EVENT"


# -- following ---------------------------------------------------------------------------------------------------------
def test_a_reference_is_followed_from_her_phone_and_for_her_and_by_nobody_else(desk):
    reference = desk.apply().application.reference
    found = desk.tracking.track(reference, PHONE)
    assert (found.asked, found.topic, found.state) == (Asked.APPLICATION, "loan", "received")
    assert desk.tracking.track(reference, "+923009999999", desk.her) == found
    assert desk.tracking.track(reference, OTHER_PHONE) is None
    assert desk.tracking.track(reference, OTHER_PHONE, desk.other) is None
    assert desk.tracking.track("19999999", PHONE) is None
    assert desk.tracking.track("99999999", PHONE) is None


def test_of_two_women_on_one_phone_each_follows_her_own(desk):
    reference = desk.apply().application.reference
    assert desk.tracking.track(reference, PHONE, desk.other) is None
    assert desk.tracking.track(reference, PHONE, desk.her) is not None


def test_what_is_open_is_listed_newest_first(desk):
    with time_machine.travel(clock.now() - timedelta(days=3)):
        old = desk.apply("loan", "one").application.reference
    new = desk.apply("nashonuma", "two").application.reference
    assert [each.reference for each in desk.tracking.open_of(desk.her)] == [new, old]
    desk.applications.withdraw(desk.her, new)
    assert [each.reference for each in desk.tracking.open_of(desk.her)] == [old]


# -- facts that rules look at ------------------------------------------------------------------------------------------
def test_family_is_her_unit_and_not_the_whole_roof(database):
    """A husband and a child count with a mother in Kafaalat; her widowed sister-in-law under the same roof does not."""
    with database.writing() as connection:
        settle_places(connection)
        programme_rows.store(connection, PROGRAMMES)
        her = settle(connection, enrolled=("kafaalat",)).id
        person = tables.person.c
        household, unit = connection.execute(
            select(person.household, person.family_unit).where(person.id == her)
        ).one()
        husband = connection.scalar(select(person.id).where(person.household == household, person.id != her))
        common = {
            "household": household, "name_sealed": VAULT.seal("Name"), "disability": False, "alive": True,
            "relation": "child", "marital_status": "single",
        }  # fmt: skip

        def add(**row):
            return connection.execute(insert(tables.person).values(common | row)).inserted_primary_key[0]

        add(sex="M", bform_key="a", born_on=date(TODAY.year - 8, 1, 1), family_unit=unit)
        add(sex="F", bform_key="b", born_on=date(TODAY.year - 30, 1, 1), family_unit=unit)
        inlaw = add(sex="F", cnic_key="c", cnic_status="valid", marital_status="widowed")
        theirs = connection.execute(
            insert(tables.family_unit).values(household=household, number=2, holder=inlaw)
        ).inserted_primary_key[0]
        connection.execute(tables.person.update().where(person.id == inlaw).values(family_unit=theirs))
    eligibility = EmbeddedEligibility(database, VAULT, PROGRAMMES, EmbeddedDirectory(database))
    codes = {who: eligibility.decide(who, "education").code for who in (her, husband, inlaw)}
    assert codes == {her: None, husband: None, inlaw: "NOT_IN_PROGRAMME"}
    assert eligibility.decide(inlaw, "scholarship").code == "NO_CHILD"
    seen = next(each for each in eligibility.decide(her, "education").reasons if each.code == "CHILD").seen
    assert seen == "of 8, 30"
    assert LAHORE not in seen
