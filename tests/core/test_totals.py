"""Sums over everybody, on both databases: each hour's own, by where the money went and what the case is about."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from gateway import clock
from gateway.core.embedded import programme_rows, tables
from gateway.core.embedded.programmes import load_programmes
from gateway.core.embedded.totals import EmbeddedTotals
from gateway.core.port import ComplaintTotal, MoneyTotal
from tests.core.people import LAHORE, SUKKUR, settle, settle_places

PROGRAMMES = load_programmes(Path("config/programmes.yaml"))
NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def connection(database):
    with database.writing() as connection:
        settle_places(connection)
        programme_rows.store(connection, PROGRAMMES)
    with database.writing() as connection:
        yield connection


def add(connection, table, **row):
    return connection.execute(insert(table).values(row)).inserted_primary_key[0]


def instalment(connection, person, period, amount, place, *events):
    """events: pairs of state and when it was recorded."""
    number = add(
        connection, tables.instalment, person=person, programme="kafaalat", period=period, amount=amount,
        state=events[-1][0], moved_on=events[-1][1].date(), pay_point=place,
    )  # fmt: skip
    for state, at in events:
        add(
            connection, tables.instalment_event, instalment=number, state=state, moved_on=at.date(), source="test",
            recorded_at=at,
        )  # fmt: skip
    return number


def case(connection, reference, category, at, *, person=None, subject="", confidential=False):
    today = clock.today()
    number = add(
        connection, tables.case_, reference=reference, asked_key=reference, category=category, person=person,
        phone_key="key", phone_sealed="sealed", open_key=reference, subject=subject, channel="ussd", state="new",
        confidential=confidential, opened_on=today, target_on=today, ombudsman_on=today, moved_on=today,
    )  # fmt: skip
    for state, moved in (("new", at), ("assigned", at + HOUR)):
        add(connection, tables.case_event, case=number, state=state, by="caller", at=moved)


def test_money_counts_in_the_hour_it_was_recorded_by_district_and_sex(database, connection):
    lahore, sukkur = settle(connection, LAHORE), settle(connection, SUKKUR, tehsil="rohri", sex="X")
    for person, period in ((lahore, "2026Q3"), (lahore, "2026Q4"), (sukkur, "2026Q4")):
        instalment(
            connection, person.id, period, 13_500, "shop", ("GENERATED", NOON), ("CREDITED", NOON),
            ("WITHDRAWN", NOON + HOUR),
        )  # fmt: skip
    connection.commit()
    totals = EmbeddedTotals(database)
    expected = [("Lahore", "F", 2, 27_000), ("Sukkur", "X", 1, 13_500)]
    for state, since in (("CREDITED", NOON), ("WITHDRAWN", NOON + HOUR)):
        found = sorted(totals.money(since, since + HOUR), key=lambda total: total.district)
        assert found == [MoneyTotal(state, *each) for each in expected]
    assert totals.money(NOON - HOUR, NOON) == totals.money(NOON + 2 * HOUR, NOON + 3 * HOUR) == ()


def test_a_complaint_counts_once_at_the_pay_point_it_is_about(database, connection):
    her = settle(connection, LAHORE)
    first = instalment(connection, her.id, "2026Q3", 13_500, "shop", ("CREDITED", NOON - 90 * 24 * HOUR))
    instalment(connection, her.id, "2026Q4", 13_500, "bank", ("CREDITED", NOON))
    case(connection, "1", "short_payment", NOON, person=her.id, subject=f"instalment:{first}")
    case(connection, "2", "staff_behaviour", NOON, person=her.id)
    case(connection, "3", "scam", NOON)
    case(connection, "4", "protection", NOON, person=her.id, confidential=True)
    case(connection, "5", "scam", NOON - HOUR)
    connection.commit()
    found = EmbeddedTotals(database).complaints(NOON, NOON + HOUR)
    assert set(found) == {
        ComplaintTotal("Shop One", "short_payment", 1),
        ComplaintTotal("Bank Two", "staff_behaviour", 1),
        ComplaintTotal("", "scam", 1),
    }
