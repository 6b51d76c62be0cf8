"""The open answer to a CNIC, decisions and their keeping, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from gateway import clock
from gateway.core.embedded import lookups, programme_rows, tables
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.programmes import load_programmes
from gateway.core.port import Coarse
from tests.core.people import LAHORE, SUKKUR, VAULT, settle, settle_places

PROGRAMMES = load_programmes(Path("config/programmes.yaml"))
PHONE = "+923001230000"


@pytest.fixture
def eligibility(database):
    with database.writing() as connection:
        settle_places(connection)
        programme_rows.store(connection, PROGRAMMES)
    return EmbeddedEligibility(database, VAULT, PROGRAMMES, EmbeddedDirectory(database))


def cnic(number):
    return f"35202{number:07d}2"


def put(database, **facts):
    with database.writing() as connection:
        return settle(connection, **facts)


def pay(database, person, state, *, reason=None, until=None, programme="kafaalat"):
    with database.writing() as connection:
        connection.execute(
            insert(tables.instalment).values(
                person=person.id, programme=programme, period=clock.quarter_of(clock.today()), amount=13500,
                state=state, reason=reason, collect_by=until, moved_on=clock.today(),
            )
        )  # fmt: skip


def flood(database, person=None, *, days_left=5, provinces=("punjab",)):
    today = clock.today()
    with database.writing() as connection:
        connection.execute(
            insert(tables.event).values(
                code="flood", programme="emergency", name="Flood", provinces=list(provinces), districts=[], amount=25000,
                open_from=today - timedelta(days=20), open_to=today + timedelta(days=days_left),
                pmt_max=Decimal("38.00"), may_apply=True,
            )
        )  # fmt: skip
        if person:
            connection.execute(
                insert(tables.event_listing).values(
                    event="flood", person=person.id, source="test", listed_on=today
                )
            )


TODAY = clock.today()


BY_FACTS = [
    ({"enrolled": ("kafaalat",)}, Coarse.NO_PAYMENT_YET),
    ({}, Coarse.MAY_APPLY),
    ({"score": "32.00"}, Coarse.MAY_APPLY),
    ({"score": "32.01"}, Coarse.NOT_ELIGIBLE),
    ({"score": "37.00", "disabled_child": True}, Coarse.MAY_APPLY),
    ({"score": "37.01", "disabled_child": True}, Coarse.NOT_ELIGIBLE),
    ({"sex": "X", "marital_status": "single"}, Coarse.MAY_APPLY),
    ({"marital_status": "single"}, Coarse.NOT_ELIGIBLE),
    ({"marital_status": "widowed"}, Coarse.MAY_APPLY),
    ({"sex": "M"}, Coarse.NOT_ELIGIBLE),
    ({"flags": ("X_TRAVEL",)}, Coarse.NOT_ELIGIBLE),
    ({"husband_flags": ("X_LAND", "X_GOVT_EMP")}, Coarse.NOT_ELIGIBLE),
    ({"survey_status": "pending"}, Coarse.UNDER_REVIEW),
    ({"cnic_status": "unverified"}, Coarse.UNDER_REVIEW),
    ({"score": None}, Coarse.UNDER_REVIEW),
    ({"survey_status": "not_surveyed", "score": None}, Coarse.SURVEY_NEEDED),
    ({"alive": False, "enrolled": ("kafaalat",)}, Coarse.DECEASED),
    ({"cnic_status": "expired"}, Coarse.CNIC_ISSUE),
    ({"cnic_status": "blocked", "enrolled": ("kafaalat",)}, Coarse.CNIC_ISSUE),
    ({"cnic_expires_on": TODAY - timedelta(days=1)}, Coarse.CNIC_ISSUE),
    ({"cnic_expires_on": TODAY}, Coarse.MAY_APPLY),
    ({"resurvey_by": TODAY, "enrolled": ("kafaalat",)}, Coarse.NO_PAYMENT_YET),
    ({"resurvey_by": TODAY - timedelta(days=1), "enrolled": ("kafaalat",)}, Coarse.RESURVEY_NEEDED),
    ({"resurvey_by": TODAY - timedelta(days=1)}, Coarse.RESURVEY_NEEDED),
]


def test_coarse_answers_by_facts(database, eligibility):
    for number, (facts, result) in enumerate(BY_FACTS):
        put(database, cnic=cnic(number), **facts)
        answer = eligibility.coarse(cnic(number), f"+92300{number:07d}", f"step {number}")
        assert (facts, answer.result) == (facts, result)
        assert not answer.emergency
        sent_there = result in {Coarse.MAY_APPLY, Coarse.SURVEY_NEEDED, Coarse.RESURVEY_NEEDED}
        assert (answer.office is not None and answer.office.name == "Office Lahore") is sent_there


BY_MONEY = [
    ("CREDITED", None, None, Coarse.PAYMENT_READY),
    ("CREDITED", None, 0, Coarse.PAYMENT_READY),
    ("CREDITED", None, -1, Coarse.NO_PAYMENT_YET),
    ("NOTIFIED", None, None, Coarse.PAYMENT_READY),
    ("BRANCH_ROUTE", None, None, Coarse.PAYMENT_READY),
    ("HELD", "CNIC_EXPIRED", None, Coarse.CNIC_ISSUE),
    ("HELD", "CNIC_BLOCKED", None, Coarse.CNIC_ISSUE),
    ("HELD", "SIM_NOT_OWN", None, Coarse.NO_PAYMENT_YET),
    ("BIOMETRIC_FAILED", "BIOMETRIC_FAILED", None, Coarse.NO_PAYMENT_YET),
    ("WITHDRAWN", None, None, Coarse.NO_PAYMENT_YET),
    ("GENERATED", None, None, Coarse.NO_PAYMENT_YET),
]


def test_coarse_answers_by_money(database, eligibility):
    for number, (state, reason, days_left, result) in enumerate(BY_MONEY):
        her = put(database, cnic=cnic(number), enrolled=("kafaalat",))
        until = None if days_left is None else TODAY + timedelta(days=days_left)
        pay(database, her, state, reason=reason, until=until)
        answer = eligibility.coarse(cnic(number), f"+92300{number:07d}", f"step {number}")
        assert (state, reason, answer.result) == (state, reason, result)


def test_money_that_waits_is_told_though_a_resurvey_is_late(database, eligibility):
    her = put(database, enrolled=("kafaalat",), resurvey_by=TODAY - timedelta(days=1))
    pay(database, her, "CREDITED")
    assert eligibility.coarse(LAHORE, PHONE, "one").result is Coarse.PAYMENT_READY


@pytest.mark.parametrize(("days_left", "listed"), [(0, True), (-1, False)])
def test_an_open_events_list_is_told_beside(database, eligibility, days_left, listed):
    her = put(database, score="50.00")
    flood(database, her, days_left=days_left)
    answer = eligibility.coarse(LAHORE, PHONE, "one")
    assert (answer.result, answer.emergency) == (Coarse.NOT_ELIGIBLE, listed)


def test_an_unknown_cnic_gets_the_office_of_its_district(eligibility):
    assert eligibility.coarse(LAHORE, PHONE, "one").office.name == "Office Lahore"
    answer = eligibility.coarse(SUKKUR, PHONE, "two")
    assert answer.result is Coarse.SURVEY_NEEDED
    assert answer.office.name == "Office Rohri"
    assert eligibility.coarse("9900112345678", PHONE, "three").office is None


def test_facts_of_a_person_and_her_payments_are_one_statement(database, eligibility):
    her = put(database, enrolled=("kafaalat",))
    pay(database, her, "CREDITED")
    eligibility.coarse(LAHORE, PHONE, "counted already")
    statements = []
    event.listen(database._reads, "before_cursor_execute", lambda *args: statements.append(args[2]))
    eligibility.coarse(LAHORE, PHONE, "counted already")
    assert len(statements) == 2  # whether the step was counted, then everything about her
    statements.clear()
    eligibility.decide(her.id, "kafaalat")
    assert len(statements) <= 3


# -- limits ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def stopped():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def test_three_a_minute_then_one_notice(eligibility, stopped):
    ask = lambda key: eligibility.coarse(LAHORE, PHONE, key)  # noqa: E731
    assert [ask(str(n)).result for n in range(3)] == [Coarse.SURVEY_NEEDED] * 3
    refused = [ask(str(n)) for n in (3, 4)]
    assert [(each.result, each.notice) for each in refused] == [
        (Coarse.RATE_LIMITED, True),
        (Coarse.RATE_LIMITED, False),
    ]
    assert eligibility.coarse(LAHORE, "+923009999999", "another phone").result is Coarse.SURVEY_NEEDED
    stopped.shift(61)
    assert ask("later").result is Coarse.SURVEY_NEEDED


def test_one_key_counts_once_and_is_answered_alike(eligibility, stopped):
    for _ in range(5):
        assert eligibility.coarse(LAHORE, PHONE, "same").result is Coarse.SURVEY_NEEDED
    for n in range(2):
        eligibility.coarse(LAHORE, PHONE, str(n))
    for _ in range(2):
        assert eligibility.coarse(LAHORE, PHONE, "over").notice is True
    assert eligibility.coarse(LAHORE, PHONE, "same").result is Coarse.SURVEY_NEEDED


def test_a_counted_key_answers_no_other_cnic_and_no_other_phone(eligibility, stopped):
    asked = [(cnic(n), PHONE) for n in range(4)]
    answers = [eligibility.coarse(each, phone, "same").result for each, phone in asked]
    assert answers == [Coarse.SURVEY_NEEDED] * 3 + [Coarse.RATE_LIMITED]
    assert [eligibility.coarse(each, phone, "same").result for each, phone in asked] == answers
    other = "+923009999999"
    for number in (3, 2, 1):
        assert eligibility.coarse(cnic(number), other, "same").result is Coarse.SURVEY_NEEDED
    assert eligibility.coarse(cnic(0), other, "same").result is Coarse.RATE_LIMITED


def test_ten_different_cnics_a_day(eligibility, stopped):
    for number in range(lookups.CNICS_A_DAY):
        assert eligibility.coarse(cnic(number), PHONE, f"n{number}").result is Coarse.SURVEY_NEEDED
        stopped.shift(30)
    assert eligibility.coarse(cnic(0), PHONE, "again").result is Coarse.SURVEY_NEEDED
    stopped.shift(60)
    first, second = (eligibility.coarse(cnic(99), PHONE, key) for key in ("11th", "12th"))
    assert (first.result, first.notice) == (Coarse.RATE_LIMITED, True)
    assert (second.result, second.notice) == (Coarse.RATE_LIMITED, False)
    stopped.shift(timedelta(hours=1))
    assert eligibility.coarse(cnic(98), PHONE, "an hour later").notice is False
    assert eligibility.coarse(cnic(3), PHONE, "known").result is Coarse.SURVEY_NEEDED
    stopped.shift(timedelta(days=1))
    assert eligibility.coarse(cnic(99), PHONE, "next day").result is Coarse.SURVEY_NEEDED


def test_look_ups_at_once_do_not_slip_through(eligibility):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: eligibility.coarse(LAHORE, PHONE, str(n)), range(12)))
    assert sum(each.result is not Coarse.RATE_LIMITED for each in answers) == lookups.PER_MINUTE
    assert sum(each.result is Coarse.RATE_LIMITED and each.notice for each in answers) == 1


def test_old_look_ups_are_forgotten(database, eligibility, stopped):
    eligibility.coarse(LAHORE, PHONE, "old")
    stopped.shift(timedelta(days=3))
    eligibility.coarse(LAHORE, PHONE, "new")
    with database.reading() as connection:
        assert connection.scalars(select(tables.lookup.c.key)).all() == ["new"]


# -- decisions ---------------------------------------------------------------------------------------------------------
def decisions(database):
    with database.reading() as connection:
        return connection.execute(select(tables.decision).order_by(tables.decision.c.id)).all()


def test_a_decision_says_every_rule_and_what_it_saw(database, eligibility):
    her = put(database, score="44.20")
    made = eligibility.decide(her.id, "kafaalat")
    assert (made.outcome, made.code, made.score) == ("not_eligible", "PMT_ABOVE", "44.20")
    assert made.rule_version == PROGRAMMES.version("kafaalat", TODAY)
    assert len(made.reasons) == len(PROGRAMMES["kafaalat"].rules_on(TODAY).all)
    failed = next(each for each in made.reasons if not each.passed)
    assert (failed.rule, failed.seen) == ("score at most 32.00; disability: 37.00", "44.20")


def test_a_decision_is_stored_when_it_differs_and_only_then(database, eligibility):
    her = put(database, score="30.00")
    made = [eligibility.decide(her.id, "kafaalat") for _ in range(3)]
    assert [each.outcome for each in made] == ["may_apply"] * 3
    assert len({each.decided_at for each in made}) == 1
    assert len(decisions(database)) == 1
    with database.writing() as connection:
        connection.execute(
            update(tables.person).where(tables.person.c.id == her.id).values(cnic_status="blocked")
        )
    assert eligibility.decide(her.id, "kafaalat").code == "CNIC_BLOCKED"
    stored = decisions(database)
    assert [row.outcome for row in stored] == ["may_apply", "not_eligible"]
    assert stored[1].reasons[-1]["code"] == "CNIC_BLOCKED"
    assert all(row.rule_version and row.score == Decimal("30.00") for row in stored)


def test_askers_at_once_store_one_decision(database, eligibility):
    her = put(database)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: eligibility.decide(her.id, "kafaalat"), range(12)))
    assert len(decisions(database)) == 1


def test_a_stored_decision_cannot_be_changed(database, eligibility):
    her = put(database)
    eligibility.decide(her.id, "kafaalat")
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(update(tables.decision).values(outcome="enrolled"))


def test_who_is_enrolled_hears_of_her_resurvey_day(database, eligibility):
    day = TODAY + timedelta(days=40)
    her = put(database, enrolled=("kafaalat",), resurvey_by=day)
    made = eligibility.decide(her.id, "kafaalat")
    assert (made.outcome, made.resurvey_by, made.office.name) == ("enrolled", day, "Office Lahore")


BY_EVENT = [
    ({}, ("punjab",), False, "may_apply", None),
    ({}, ("punjab",), True, "enrolled", None),
    ({}, ("sindh",), False, "not_eligible", "REGION_OUTSIDE"),
    ({"score": "38.01"}, ("punjab",), False, "not_eligible", "PMT_ABOVE"),
    ({"score": "38.00", "sex": "M"}, ("punjab",), False, "may_apply", None),
]


def test_decisions_on_an_emergency(database, eligibility):
    for number, (facts, provinces, listed, outcome, code) in enumerate(BY_EVENT):
        her = put(database, cnic=cnic(number), **facts)
        with database.writing() as connection:
            connection.execute(delete(tables.event_listing))
            connection.execute(delete(tables.event))
        flood(database, her if listed else None, provinces=provinces)
        made = eligibility.decide(her.id, "emergency")
        assert (made.outcome, made.code) == (outcome, code)


def test_explain_gives_every_programme_and_stores_nothing(database, eligibility):
    put(database)
    explained = {each.programme: each for each in eligibility.explain(LAHORE)}
    assert list(explained) == list(PROGRAMMES.entries)
    assert explained["emergency"].code == "NO_EVENT"
    assert eligibility.explain(SUKKUR) == ()
    assert decisions(database) == []


def test_a_new_programme_is_one_entry(database, tmp_path):
    file = tmp_path / "programmes.yaml"
    entry = """
ration:
  name: Ration Discount
  coarse: yes
  rules:
    - from: 2020-01-01
      all:
        - {rule: age, at_least: 18, at_most: 60}
        - {rule: region, provinces: [punjab]}
  rates:
    - {from: 2020-01-01, amount: 1000}
"""
    file.write_text(Path("config/programmes.yaml").read_text() + entry)
    programmes = load_programmes(file)
    with database.writing() as connection:
        settle_places(connection)
        programme_rows.store(connection, programmes)
        her = settle(connection, score="44.00")
    eligibility = EmbeddedEligibility(database, VAULT, programmes, EmbeddedDirectory(database))
    assert eligibility.decide(her.id, "ration").outcome == "may_apply"
    assert eligibility.coarse(LAHORE, PHONE, "one").result is Coarse.MAY_APPLY


def test_programmes_are_stored_as_rows(database, tmp_path):
    file = tmp_path / "programmes.yaml"
    file.write_text(Path("config/programmes.yaml").read_text().replace("amount: 13500", "amount: 99999"))
    with database.writing() as connection:
        programme_rows.store(connection, load_programmes(file))
        programme_rows.store(connection, PROGRAMMES)
        programme_rows.store(connection, PROGRAMMES)
        rate = tables.benefit_rate
        assert connection.scalar(select(func.count()).select_from(tables.programme)) == len(
            PROGRAMMES.entries
        )
        assert connection.scalar(select(func.count()).select_from(tables.rule_set)) == sum(
            len(each.rules) for each in PROGRAMMES.entries.values()
        )
        assert (
            connection.scalar(select(func.max(rate.c.amount)).where(rate.c.programme == "kafaalat")) == 13500
        )
