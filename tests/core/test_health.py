"""A family's cover as it stands on a day; what is used is counted from its claims."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert, select

from gateway.core.embedded import tables
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.health import EmbeddedHealth
from gateway.core.embedded.programmes import load_programmes
from tests.core.files.folder import furnish
from tests.core.people import SUKKUR, VAULT, settle

YEAR = date(2026, 1, 1), date(2026, 12, 31)


def insure(database, person, first=YEAR[0], last=YEAR[1], number="H1"):
    with database.writing() as connection:
        unit = connection.scalar(select(tables.person.c.family_unit).where(tables.person.c.id == person))
        return connection.execute(
            insert(tables.coverage).values(
                number=number, family_unit=unit, province="punjab", valid_from=first, valid_until=last,
                limit_secondary=60_000, limit_priority=400_000,
            )
        ).inserted_primary_key[0]  # fmt: skip


def claim(database, cover, amount, *, kind="secondary", since=date(2026, 5, 1), until=date(2026, 5, 4)):
    with database.writing() as connection:
        connection.execute(
            insert(tables.claim).values(
                number=f"{cover}/{since}/{amount}", coverage=cover, hospital="mayo", kind=kind,
                admitted_on=since, discharged_on=until, amount=amount,
            )
        )  # fmt: skip


def cover_on(database, person, day):
    with time_machine.travel(datetime(day.year, day.month, day.day, 7, tzinfo=UTC)):
        return EmbeddedHealth(database).cover(person)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2025, 12, 31), "coming"),
        (date(2026, 1, 1), "active"),
        (date(2026, 12, 31), "active"),
        (date(2027, 1, 1), "ended"),
    ],
)
def test_both_days_of_the_year_belong_to_it(sqlite_database, day, standing):
    her = furnish(sqlite_database)
    insure(sqlite_database, her.id)
    assert cover_on(sqlite_database, her.id, day).standing == standing


@pytest.mark.parametrize(
    ("claims", "used", "left"),
    [
        ([], 0, 60_000),
        ([(20_000, YEAR[1])], 20_000, 40_000),
        ([(20_000, YEAR[1]), (39_999, YEAR[1])], 59_999, 1),
        ([(60_000, YEAR[1])], 60_000, 0),
        ([(58_000, YEAR[1]), (9_000, None)], 67_000, 0),
    ],
)
def test_what_is_used_is_the_sum_of_the_claims(database, claims, used, left):
    her = furnish(database)
    cover = insure(database, her.id)
    for amount, until in claims:
        claim(database, cover, amount, until=until)
    claim(database, cover, 7, kind="priority")
    found = cover_on(database, her.id, date(2026, 11, 22))
    assert (found.secondary_used, found.secondary_left) == (used, left)
    assert (found.priority_used, found.priority_left) == (7, 399_993)
    assert found.admitted_at == ("Mayo Hospital" if (claims and claims[-1][1] is None) else "")


def test_an_admission_goes_on_past_the_years_end_until_the_next_cover(database):
    her = furnish(database)
    old = insure(database, her.id)
    claim(database, old, 1_000, since=date(2026, 12, 30), until=None)
    found = cover_on(database, her.id, date(2027, 1, 2))
    assert (found.standing, found.admitted_on) == ("ended", date(2026, 12, 30))
    new = insure(database, her.id, date(2027, 1, 1), date(2027, 12, 31), "H2")
    assert cover_on(database, her.id, date(2027, 1, 2)).id == new
    assert cover_on(database, her.id, date(2028, 1, 1)).id == old  # the one with the open admission


def test_of_ended_covers_the_last_and_of_coming_ones_the_next(sqlite_database):
    her = furnish(sqlite_database)
    for number in (2024, 2025, 2027, 2028):
        insure(sqlite_database, her.id, date(number, 1, 1), date(number, 12, 31), str(number))
    assert cover_on(sqlite_database, her.id, date(2023, 6, 1)).since == date(2024, 1, 1)
    assert cover_on(sqlite_database, her.id, date(2026, 6, 1)).since == date(2025, 1, 1)


def test_the_whole_family_shares_it_and_nobody_else(database):
    her = furnish(database)
    insure(database, her.id)
    with database.writing() as connection:
        other = settle(connection, SUKKUR)
        husband = connection.scalar(
            select(tables.family_unit.c.spouse).where(tables.family_unit.c.holder == her.id)
        )
    assert cover_on(database, husband, date(2026, 6, 1)).id == cover_on(database, her.id, date(2026, 6, 1)).id
    assert cover_on(database, other.id, date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("day", "tehsil", "outcome", "code"),
    [
        (date(2021, 12, 31), "model_town", "not_eligible", "NOT_OPEN"),
        (date(2022, 1, 1), "model_town", "may_apply", None),
        (date(2026, 11, 22), "model_town", "may_apply", None),
        (date(2026, 11, 22), "rohri", "not_eligible", "REGION_OUTSIDE"),
    ],
)
def test_where_and_when_there_is_a_scheme(sqlite_database, day, tehsil, outcome, code):
    furnish(sqlite_database)
    with sqlite_database.writing() as connection:
        her = settle(connection, SUKKUR, tehsil=tehsil)
    eligibility = EmbeddedEligibility(
        sqlite_database, VAULT, load_programmes(Path("config/programmes.yaml")), EmbeddedDirectory(sqlite_database)
    )  # fmt: skip
    with time_machine.travel(datetime(day.year, day.month, day.day, 7, tzinfo=UTC)):
        decision = eligibility.decide(her.id, "sehat")
    assert (decision.outcome, decision.code) == (outcome, code)
