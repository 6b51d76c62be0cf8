"""The cast's loans, and who in it may have one."""

import pytest

from gateway import clock


def person(core, ending):
    return core.registry.persons_on(f"+9230012345{ending}")[0].id


def test_a_loan_that_runs(core):
    (loan,) = core.loans.of(person(core, "10"))
    assert (loan.principal, loan.repaid, loan.balance) == (40_000, 5 * 3_333, 23_335)
    assert (loan.standing, loan.next_due, loan.overdue) == ("running", 3_333, 0)
    assert loan.next_on > clock.today()
    assert [each.due for each in loan.repayments] == [3_333] * 11 + [3_337]
    assert loan.centre == "Akhuwat Sialkot"


def test_a_loan_that_is_late_and_one_that_is_repaid(core):
    (late,) = core.loans.of(person(core, "19"))
    assert (late.standing, late.overdue, late.next_due, late.balance) == ("overdue", 6_000, 3_000, 21_000)
    assert late.overdue_since < clock.today() < late.next_on
    (repaid,) = core.loans.of(person(core, "18"))
    assert (repaid.standing, repaid.balance, repaid.next_on) == ("repaid", 0, None)


@pytest.mark.parametrize(
    ("ending", "outcome", "code"),
    [
        ("10", "enrolled", None),
        ("05", "may_apply", None),
        ("06", "not_eligible", "PMT_ABOVE"),
        ("03", "not_eligible", "AGE_OUTSIDE"),
        ("04", "not_eligible", "CNIC_EXPIRED"),
        ("09", "under_review", "UNDER_REVIEW"),
    ],
)
def test_who_may_have_one(core, ending, outcome, code):
    decision = core.eligibility.decide(person(core, ending), "loan")
    assert decision.outcome == outcome
    assert code is None or decision.code == code


def test_nobody_has_no_loan_and_terms_are_known(core):
    assert core.loans.of(987654) == ()
    assert (core.loans.terms().least, core.loans.terms().most) == (20_000, 75_000)
