"""Interest-free loans: what is left, what is due next, what is late, and on what terms one is given."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Repayment:
    """One instalment of a loan, in whole rupees. paid so far, from 0 to `due`; paid_on the day of the last payment."""

    id: int
    number: int
    due_on: date
    due: int
    paid: int = 0
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan of hers, as it stands today.

    standing        `running`, `overdue`, `repaid`, or `unscheduled` while the lender's schedule is not known
    next_due        what is still to be paid of the next instalment, due on `next_on` (today or later); 0 where none is left
    overdue         what should have been paid before today, the oldest part since `overdue_since`
    centre          name of the loan centre that keeps it, or empty
    """

    id: int
    principal: int
    disbursed_on: date
    standing: str
    repayments: tuple[Repayment, ...] = ()
    repaid: int = 0
    next_due: int = 0
    next_on: date | None = None
    overdue: int = 0
    overdue_since: date | None = None
    centre: str = ""

    @property
    def balance(self) -> int:
        return self.principal - self.repaid


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """On what terms loans are given today: rupees from `least` to `most`, the highest PMT score, ages included."""

    least: int
    most: int
    score: str
    age_from: int
    age_to: int


class Loans(Protocol):
    def of(self, person: int) -> tuple[Loan, ...]:
        """Hers, newest first."""
        ...

    def terms(self) -> LoanTerms | None:
        """The terms in force, or None while no loans are given."""
        ...
