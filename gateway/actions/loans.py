"""Her interest-free loan: what is left, due and late, what was paid; may she have one; on what terms."""

from collections.abc import Mapping
from typing import Any

from gateway.actions.cases import REFERENCE, SUBJECT
from gateway.actions.kinds import LAST_DAY, OFFICE, text_or
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import COUNT, DAY, MONEY, SCORE, Kind
from gateway.conversation.values import term as term_of
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Application, ApplicationState, Decision, Loan, Repayment

PROGRAMME = "loan"

_DECIDED = frozenset({ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN})
# Of several loans she hears first of the one that is late, then of one that runs.
_ORDER = ("overdue", "running", "unscheduled", "repaid")
# Code of the first failed rule -> outcome. What is not here is `not_eligible` without more.
_REFUSED = {
    "PMT_ABOVE": "above",
    "AGE_OUTSIDE": "age",
    "CNIC_EXPIRED": "cnic_issue",
    "CNIC_BLOCKED": "cnic_issue",
    "RESURVEY_DUE": "resurvey_due",
    "NOT_SURVEYED": "survey_needed",
    "UNDER_REVIEW": "under_review",
    "DECEASED": "deceased",
}
_MAY_I = ("may_apply", *dict.fromkeys(_REFUSED.values()), "not_eligible")

FIGURES: Mapping[str, Kind] = {
    "balance": MONEY,
    "principal": MONEY,
    "repaid": MONEY,
    "next_due": MONEY,
    "next_on": LAST_DAY,
    "overdue": MONEY,
    "since": DAY,
    "centre": text_or(24, "place.loan_centre"),
}


@verb(
    "my_loan",
    (*_ORDER, "last_overdue", "applied", "enrolled", *_MAY_I),
    values={**FIGURES, "reference": REFERENCE, "state": term_of("asked"), "score": SCORE, "office": OFFICE},
)
def my_loan(ask: Ask, means: Means) -> Outcome:
    """Her loan if she has one to pay back, else what she asked for, else whether she may have one.

    `last_overdue`: late, and no instalment comes after.
    """
    person = person_of(ask)
    told = _told(means.core.loans.of(person))
    if told is not None and told.standing != "repaid":
        name = "last_overdue" if told.standing == "overdue" and told.next_on is None else told.standing
        return Outcome(name, figures_of(told), keep={SUBJECT: f"loan:{told.id}"})
    if asked := _asked(means.core.applications.of(person)):
        return Outcome("applied", {"reference": asked.reference, "state": str(asked.state)})
    if told is not None:
        return Outcome("repaid", figures_of(told), keep={SUBJECT: f"loan:{told.id}"})
    decision = means.core.eligibility.decide(person, PROGRAMME)
    return Outcome(_may_i(decision), _reasons_of(decision))


@verb("apply_loan", ("applied", "already", "refused"), values={"reference": REFERENCE}, writes=True)
def apply_loan(ask: Ask, means: Means) -> Outcome:
    """Ask for a loan. Asking again while it is open gives the same reference."""
    applied = means.core.applications.apply(person_of(ask), PROGRAMME, ask.phone, ask.key, channel=ask.medium)
    if applied.application is None:
        return Outcome("refused")
    return Outcome(applied.outcome, {"reference": applied.application.reference})


@verb(
    "loan_receipts",
    ("listed", "none"),
    values={"repaid": MONEY},
    lists={"receipts": {"paid_on": DAY, "paid": MONEY}},
)
def loan_receipts(ask: Ask, means: Means) -> Outcome:
    """What was paid of the loan that she hears of, newest first."""
    loan = _told(means.core.loans.of(person_of(ask)))
    paid = _paid(loan)
    if loan is None or not paid:
        return Outcome("none")
    rows = tuple(
        {"id": str(each.id), "paid": each.paid, "paid_on": each.paid_on.isoformat() if each.paid_on else ""}
        for each in paid
    )
    return Outcome("listed", {"repaid": loan.repaid, "receipts": rows})


@verb(
    "picked_receipt",
    ("found", "none"),
    values={"paid": MONEY, "paid_on": DAY, "due": MONEY, "due_on": DAY, "number": COUNT},
)
def picked_receipt(ask: Ask, means: Means) -> Outcome:
    """The receipt picked, in full; what is wrong with it can be told next."""
    paid = _paid(_told(means.core.loans.of(person_of(ask))))
    one = next((each for each in paid if str(each.id) == ask.picked), None)
    if one is None or one.paid_on is None:
        return Outcome("none")
    values = {
        "paid": one.paid,
        "paid_on": one.paid_on.isoformat(),
        "due": one.due,
        "due_on": one.due_on.isoformat(),
        "number": one.number,
    }
    return Outcome("found", values, keep={SUBJECT: f"repayment:{one.id}"})


@verb(
    "loan_terms",
    ("open", "closed"),
    values={"least": MONEY, "most": MONEY, "score": SCORE, "age_from": COUNT, "age_to": COUNT},
)
def loan_terms(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - the same for everybody
    """On what terms anybody may have a loan; no identity is needed."""
    terms = means.core.loans.terms()
    if terms is None:
        return Outcome("closed")
    values = {"least": terms.least, "most": terms.most, "score": terms.score}
    return Outcome("open", {**values, "age_from": terms.age_from, "age_to": terms.age_to})


def figures_of(loan: Loan) -> dict[str, Any]:
    """The values of one loan, as `FIGURES` declares them; a day that there is none of stays out."""
    values: dict[str, Any] = {
        "balance": loan.balance,
        "principal": loan.principal,
        "repaid": loan.repaid,
        "next_due": loan.next_due,
        "next_on": loan.next_on.isoformat() if loan.next_on else "",
        "overdue": loan.overdue,
        "centre": loan.centre,
    }
    return values | ({"since": loan.overdue_since.isoformat()} if loan.overdue_since else {})


def _told(loans: tuple[Loan, ...]) -> Loan | None:
    """Loans come newest first; of several that stand alike the newest is told."""
    return min(loans, key=lambda loan: _ORDER.index(loan.standing), default=None)


def _asked(applications: tuple[Application, ...]) -> Application | None:
    hers = (each for each in applications if each.programme == PROGRAMME and each.state not in _DECIDED)
    return next(hers, None)


def _paid(loan: Loan | None) -> list[Repayment]:
    """Newest payment first."""
    paid = [each for each in loan.repayments if each.paid_on is not None] if loan else []
    return sorted(paid, key=lambda each: (each.paid_on, each.number), reverse=True)


def _may_i(decision: Decision) -> str:
    if decision.outcome in {"may_apply", "enrolled"}:
        return decision.outcome
    return _REFUSED.get(decision.code or "", "not_eligible")


def _reasons_of(decision: Decision) -> dict[str, Any]:
    office = decision.office.name if decision.office else ""
    return {"score": decision.score or "", "office": office, "centre": ""}
