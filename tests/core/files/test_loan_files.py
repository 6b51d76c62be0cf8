import pytest
from sqlalchemy import func, select

from gateway.core.embedded import tables
from gateway.core.embedded.files.loans import share
from gateway.errors import FileFault
from tests.core.files.folder import furnish, give
from tests.core.people import LAHORE, SUKKUR

LOANS = f"number,cnic,principal,instalments,disbursed_on,centre\nQ1,{LAHORE},100,3,today-90d,akhuwat\n"
HEAD = "loan,number,due_on,due,paid,paid_on\n"
SCHEDULE = HEAD + "Q1,1,today-60d,,33,today-60d\nQ1,2,today-30d,,10,today-29d\nQ1,3,today+1d,,,\n"


@pytest.fixture
def lent(database, tmp_path):
    furnish(database)
    give(database, tmp_path, loans=LOANS)
    return database


def count(database, table):
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("principal", "instalments", "dues"),
    [
        (40_000, 12, [3_333] * 11 + [3_337]),
        (30_000, 10, [3_000] * 10),
        (100, 3, [33, 33, 34]),
        (5, 5, [1] * 5),
        (75_000, 1, [75_000]),
    ],
)
def test_equal_shares_make_the_principal(principal, instalments, dues):
    shares = [share(principal, instalments, number) for number in range(1, instalments + 1)]
    assert shares == dues
    assert sum(shares) == principal


def test_a_schedule_without_amounts_is_shared_out_and_taken_twice_alike(lent, tmp_path):
    assert give(lent, tmp_path, repayments=SCHEDULE)["repayments.csv"] == (3, 0, 0)
    assert give(lent, tmp_path, loans=LOANS, repayments=SCHEDULE) == {
        "loans.csv": (0, 0, 1),
        "repayments.csv": (0, 0, 3),
    }
    with lent.reading() as connection:
        dues = connection.scalars(select(tables.repayment.c.due).order_by(tables.repayment.c.number)).all()
    assert dues == [33, 33, 34]


def test_a_later_file_says_what_was_paid_since(lent, tmp_path):
    give(lent, tmp_path, repayments=SCHEDULE)
    paid = HEAD + "Q1,2,today-30d,,33,today\n"
    assert give(lent, tmp_path, repayments=paid)["repayments.csv"] == (0, 1, 0)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("Q1,1,today,33,34,today", "2: paid: is 34, more than the 33 due"),
        ("Q1,1,today,,34,today", "2: paid: is 34, more than the 33 due"),
        ("Q1,4,today,33,,", "2: number: is 4 of 3 instalments"),
        ("Q9,1,today,33,,", "2: loan: `Q9` is no loan that is known"),
        ("Q1,1,today,33,10,", "2: paid_on: goes with an amount paid"),
        ("Q1,1,today,33,,today", "2: paid_on: goes with an amount paid"),
        ("Q1,1,today,33,-1,today", "2: paid: `-1` is no whole number from 0"),
        ("Q1,1,today,33,1,today+1d", "2: paid_on: `today+1d` is after the day of loading"),
        ("Q1,1,today-91d,33,,", "2: due_on: is before"),
        ("Q1,1,today,33,,\nQ1,2,today+1d,33,,", "3: number: the loan has 3 instalments, 2 are known"),
        ("Q1,1,today,33,,\nQ1,2,today+1d,33,,\nQ1,3,today+2d,33,,", "4: due: all instalments make 99, the principal is 100"),
        ("Q1,1,today,33,,\nQ1,2,today+1d,33,,\nQ1,3,today+2d,35,,", "4: due: all instalments make 101, the principal is 100"),
        ("Q1,1,today,,,\nQ1,2,today,,,\nQ1,3,today+2d,,,", "4: due_on: the days of the loan do not follow"),
    ],
)  # fmt: skip
def test_a_schedule_is_whole_or_not_taken(lent, tmp_path, rows, fault):
    with pytest.raises(FileFault) as raised:
        give(lent, tmp_path, repayments=f"{HEAD}{rows}\n")
    assert raised.value.faults[0].startswith(f"repayments.csv:{fault}")
    assert count(lent, tables.repayment) == 0


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("100,3", "101,3", "2: principal: is 101, but its schedule is of 100"),
        ("100,3", "100,4", "2: instalments: is 4, but its schedule is of 3"),
        ("100,3", "2,3", "2: principal: is less than a rupee an instalment"),
        ("akhuwat", "mayo", "2: centre: `mayo` is no loan centre that is known"),
        (LAHORE, SUKKUR, "2: cnic: is of nobody in the registry"),
        ("today-90d", "today+1d", "2: disbursed_on: `today+1d` is after the day of loading"),
    ],
)
def test_a_loan_whose_schedule_is_known_stays_as_it_is(lent, tmp_path, old, new, fault):
    give(lent, tmp_path, repayments=SCHEDULE)
    with pytest.raises(FileFault) as raised:
        give(lent, tmp_path, loans=LOANS.replace(old, new))
    assert raised.value.faults[0].startswith(f"loans.csv:{fault}")
