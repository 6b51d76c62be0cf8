"""Her loan: which of many situations is told, and what is noted for a case about it."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from gateway.core.port import Application, ApplicationState, Applied, Loan, LoanTerms, Repayment
from tests.actions.small_core import SmallEligibility, ask, decision, small_core

DAY = date(2026, 11, 22)


@dataclass
class Loans:
    hers: tuple[Loan, ...] = ()
    terms_: LoanTerms | None = None

    def of(self, person):
        return self.hers

    def terms(self):
        return self.terms_


@dataclass
class Applications:
    hers: tuple[Application, ...] = ()
    answer: Applied | None = None
    asked: list = field(default_factory=list)

    def of(self, person):
        return self.hers

    def apply(self, person, programme, phone, key, *, channel, subject=""):
        self.asked.append((person, programme, phone, key, channel))
        return self.answer


def loan(standing="running", **facts):
    return Loan(
        **{
            "id": 3,
            "principal": 40_000,
            "disbursed_on": date(2026, 6, 1),
            "standing": standing,
            "repaid": 16_665,
            "next_due": 3_333,
            "next_on": date(2026, 12, 2),
            "centre": "Akhuwat Sialkot",
            **facts,
        }
    )


def application(state, programme="loan"):
    return Application("10000001", programme, "", state, "", DAY, DAY)


def core_of(*loans, made=None, applications=()):
    return small_core(
        loans=Loans(loans),
        applications=Applications(applications),
        eligibility=SmallEligibility(decision=made or decision("may_apply")),
    )


def test_what_is_left_and_due_next(run):
    outcome = run("my_loan", core_of(loan()), ask())
    assert outcome.name == "running"
    assert outcome.values["balance"] == 23_335
    assert (outcome.values["next_due"], outcome.values["next_on"]) == (3_333, "2026-12-02")
    assert outcome.keep == {"subject": "loan:3"}


def test_what_is_late_comes_before_a_loan_that_runs(run):
    late = loan("overdue", id=5, overdue=6_000, overdue_since=date(2026, 10, 8))
    outcome = run("my_loan", core_of(loan(), late), ask())
    assert (outcome.name, outcome.values["overdue"], outcome.values["since"]) == (
        "overdue",
        6_000,
        "2026-10-08",
    )
    assert outcome.keep == {"subject": "loan:5"}


def test_the_last_instalment_late(run):
    late = loan("overdue", overdue=3_337, overdue_since=DAY, next_due=0, next_on=None)
    assert run("my_loan", core_of(late), ask()).name == "last_overdue"


def test_a_loan_that_runs_is_told_before_a_request_and_a_repaid_one_after(run):
    asked = (application(ApplicationState.UNDER_REVIEW),)
    assert run("my_loan", core_of(loan(), applications=asked), ask()).name == "running"
    outcome = run("my_loan", core_of(loan("repaid"), applications=asked), ask())
    assert (outcome.name, outcome.values["state"]) == ("applied", "under_review")
    assert run("my_loan", core_of(loan("repaid")), ask()).name == "repaid"


@pytest.mark.parametrize(
    "state", [ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN]
)
def test_a_request_that_was_decided_is_no_answer_any_more(run, state):
    asked = (application(state), application(ApplicationState.RECEIVED, "kafaalat"))
    assert run("my_loan", core_of(applications=asked), ask()).name == "may_apply"


@pytest.mark.parametrize(
    ("outcome", "code", "name"),
    [
        ("may_apply", None, "may_apply"),
        ("enrolled", None, "enrolled"),
        ("not_eligible", "PMT_ABOVE", "above"),
        ("not_eligible", "AGE_OUTSIDE", "age"),
        ("not_eligible", "CNIC_EXPIRED", "cnic_issue"),
        ("not_eligible", "CNIC_BLOCKED", "cnic_issue"),
        ("survey_needed", "NOT_SURVEYED", "survey_needed"),
        ("survey_needed", "RESURVEY_DUE", "resurvey_due"),
        ("under_review", "UNDER_REVIEW", "under_review"),
        ("deceased", "DECEASED", "deceased"),
        ("not_eligible", "REGION_OUTSIDE", "not_eligible"),
    ],
)
def test_may_i(run, outcome, code, name):
    assert run("my_loan", core_of(made=decision(outcome, code)), ask()).name == name


@pytest.mark.parametrize("outcome", ["applied", "already"])
def test_asking_is_done_under_the_key_of_the_step(run, outcome):
    applications = Applications(answer=Applied(outcome, application(ApplicationState.RECEIVED)))
    answer = run("apply_loan", small_core(applications=applications), ask(medium="ussd"))
    assert (answer.name, answer.values) == (outcome, {"reference": "10000001"})
    assert applications.asked == [(7, "loan", "+923001234501", "session/screen/1", "ussd")]


def test_asking_is_refused(run):
    applications = Applications(answer=Applied("refused", code="PMT_ABOVE"))
    assert run("apply_loan", small_core(applications=applications), ask()).name == "refused"


PAID = (
    Repayment(11, 1, date(2026, 7, 5), 3_333, 3_333, date(2026, 7, 5)),
    Repayment(12, 2, date(2026, 8, 4), 3_333, 1_000, date(2026, 8, 2)),
    Repayment(13, 3, date(2026, 9, 3), 3_333),
)


def test_receipts_newest_first_and_one_in_full(run):
    core = core_of(loan("overdue", repayments=PAID, repaid=4_333))
    outcome = run("loan_receipts", core, ask())
    assert outcome.values["repaid"] == 4_333
    assert [(row["id"], row["paid"]) for row in outcome.values["receipts"]] == [("12", 1_000), ("11", 3_333)]
    one = run("picked_receipt", core, ask(picked="12"))
    assert (one.values["paid"], one.values["due"], one.values["number"]) == (1_000, 3_333, 2)
    assert one.keep == {"subject": "repayment:12"}


@pytest.mark.parametrize("picked", ["13", "99", None])
def test_no_receipt_for_what_was_not_paid_or_is_not_hers(run, picked):
    assert run("picked_receipt", core_of(loan(repayments=PAID)), ask(picked=picked)).name == "none"


def test_nothing_paid_yet(run):
    assert run("loan_receipts", core_of(loan(repayments=PAID[2:], repaid=0)), ask()).name == "none"
    assert run("loan_receipts", core_of(), ask()).name == "none"


def test_terms_are_for_everybody(run):
    terms = LoanTerms(20_000, 75_000, "40.00", 18, 60)
    outcome = run("loan_terms", small_core(loans=Loans(terms_=terms)), ask(person=None))
    assert (outcome.name, outcome.values["most"], outcome.values["age_to"]) == ("open", 75_000, 60)
    assert run("loan_terms", small_core(loans=Loans()), ask(person=None)).name == "closed"
