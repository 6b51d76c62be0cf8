"""Her loan as it stands on a day: what is left, due next and late."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert

from gateway.core.embedded import tables
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.loans import EmbeddedLoans
from gateway.core.embedded.programmes import load_programmes
from tests.core.files.folder import furnish
from tests.core.people import SUKKUR, VAULT, settle

PROGRAMMES = load_programmes(Path("config/programmes.yaml"))
DUE = (date(2026, 9, 10), date(2026, 10, 10), date(2026, 11, 10))
DUES = (33, 33, 34)


def lend(connection, person, paid, disbursed_on=date(2026, 8, 10), number="Q1"):
    loan = connection.execute(
        insert(tables.loan).values(
            number=number, person=person, principal=100, instalments=3, disbursed_on=disbursed_on, centre="akhuwat"
        )
    ).inserted_primary_key[0]  # fmt: skip
    for at, (due_on, due, rupees) in enumerate(zip(DUE, DUES, paid, strict=True), 1):
        connection.execute(
            insert(tables.repayment).values(
                loan=loan, number=at, due_on=due_on, due=due, paid=rupees, paid_on=due_on if rupees else None
            )
        )
    return loan


def on(day):
    """Noon of a day in Pakistan."""
    return time_machine.travel(datetime(day.year, day.month, day.day, 7, tzinfo=UTC))


BOUNDARIES = [
    # paid, day, standing, next due and day, overdue and since
    ((0, 0, 0), date(2026, 9, 9), "running", (33, DUE[0]), (0, None)),
    ((0, 0, 0), date(2026, 9, 10), "running", (33, DUE[0]), (0, None)),  # due today
    ((0, 0, 0), date(2026, 9, 11), "overdue", (33, DUE[1]), (33, DUE[0])),  # due yesterday
    ((10, 0, 0), date(2026, 9, 10), "running", (23, DUE[0]), (0, None)),  # part of it paid
    ((10, 0, 0), date(2026, 9, 11), "overdue", (33, DUE[1]), (23, DUE[0])),
    ((33, 0, 0), date(2026, 9, 10), "running", (33, DUE[1]), (0, None)),
    ((33, 10, 0), date(2026, 11, 10), "overdue", (34, DUE[2]), (23, DUE[1])),
    ((0, 0, 0), date(2026, 11, 10), "overdue", (34, DUE[2]), (66, DUE[0])),
    ((33, 33, 0), date(2026, 11, 10), "running", (34, DUE[2]), (0, None)),  # the last one, today
    ((33, 33, 0), date(2026, 11, 11), "overdue", (0, None), (34, DUE[2])),
    ((33, 33, 34), date(2026, 9, 10), "repaid", (0, None), (0, None)),
    ((33, 33, 34), date(2026, 12, 31), "repaid", (0, None), (0, None)),
]


@pytest.mark.parametrize("case", BOUNDARIES)
def test_how_a_loan_stands(sqlite_database, case):
    paid, day, standing, coming, late = case
    her = furnish(sqlite_database)
    with sqlite_database.writing() as connection:
        lend(connection, her.id, paid)
    with on(day):
        (loan,) = EmbeddedLoans(sqlite_database, PROGRAMMES).of(her.id)
    assert loan.standing == standing
    assert (loan.next_due, loan.next_on) == coming
    assert (loan.overdue, loan.overdue_since) == late
    assert (loan.repaid, loan.balance) == (sum(paid), 100 - sum(paid))
    assert loan.centre == "Akhuwat One"


def test_several_loans_newest_first_and_nobody_elses(database):
    her = furnish(database)
    loans = EmbeddedLoans(database, PROGRAMMES)
    with database.writing() as connection:
        first = lend(connection, her.id, (33, 33, 34), date(2024, 8, 10))
        second = lend(connection, her.id, (0, 0, 0), date(2026, 8, 10), "Q2")
    assert [each.id for each in loans.of(her.id)] == [second, first]
    assert [each.number for each in loans.of(her.id)[0].repayments] == [1, 2, 3]
    assert loans.of(her.id + 1) == ()


def test_a_loan_whose_schedule_is_not_known_yet(database):
    her = furnish(database)
    with database.writing() as connection:
        connection.execute(
            insert(tables.loan).values(
                number="Q9", person=her.id, principal=100, instalments=3, disbursed_on=date(2026, 8, 10)
            )
        )
    (loan,) = EmbeddedLoans(database, PROGRAMMES).of(her.id)
    assert (loan.standing, loan.balance, loan.next_on, loan.centre) == ("unscheduled", 100, None, "")


@pytest.mark.parametrize(
    ("day", "least", "most"),
    [
        (date(2019, 6, 30), None, None),
        (date(2019, 7, 1), 20_000, 75_000),
        (date(2026, 11, 22), 20_000, 75_000),
    ],
)
def test_terms_by_date(sqlite_database, day, least, most):
    with on(day):
        terms = EmbeddedLoans(sqlite_database, PROGRAMMES).terms()
    if least is None:
        assert terms is None
    else:
        assert (terms.least, terms.most) == (least, most)
        assert (terms.score, terms.age_from, terms.age_to) == ("40.00", 18, 60)


def test_no_terms_where_no_such_programme_is_configured(sqlite_database, tmp_path):
    file = tmp_path / "programmes.yaml"
    file.write_text(Path("config/programmes.yaml").read_text().partition("\nloan:")[0])
    assert EmbeddedLoans(sqlite_database, load_programmes(file)).terms() is None


BORN_AND_SCORED = [
    # born on, score, outcome, code
    (date(2008, 11, 22), "40.00", "may_apply", None),  # eighteen today
    (date(2008, 11, 23), "40.00", "not_eligible", "AGE_OUTSIDE"),
    (date(1965, 11, 23), "0.00", "may_apply", None),  # sixty, sixty-one tomorrow
    (date(1965, 11, 22), "0.00", "not_eligible", "AGE_OUTSIDE"),
    (date(1990, 1, 1), "40.01", "not_eligible", "PMT_ABOVE"),
]


@pytest.mark.parametrize(("born", "score", "outcome", "code"), BORN_AND_SCORED)
def test_who_may_have_a_loan(sqlite_database, born, score, outcome, code):
    furnish(sqlite_database)
    with sqlite_database.writing() as connection:
        her = settle(connection, SUKKUR, score=score)
        connection.execute(tables.person.update().where(tables.person.c.id == her.id).values(born_on=born))
    directory = EmbeddedDirectory(sqlite_database)
    eligibility = EmbeddedEligibility(sqlite_database, VAULT, PROGRAMMES, directory)
    with on(date(2026, 11, 22)):
        decision = eligibility.decide(her.id, "loan")
    assert (decision.outcome, decision.code) == (outcome, code)
