"""Her children at school: who is a student, how often each was there, and what that brings."""

from dataclasses import dataclass
from typing import Protocol

from gateway.core.port.payments import Instalment

SCHOOL_LEVELS = ("primary", "secondary", "higher_secondary")
# The admission slip: given to her, stamped by the school, back at the office.
SLIP_STATUSES = ("issued", "stamped", "accepted")


@dataclass(frozen=True, slots=True)
class Attendance:
    """One quarter at school.

    needed      percent of the school's days that the child has to be there
    standing    `free` (a quarter that is paid on enrolment), `met` or `failed`
    """

    quarter: str
    days_open: int
    days_present: int
    needed: int
    standing: str

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that what fails never reads as enough. A school that never opened counts as 100."""
        return 100 if self.days_open == 0 else self.days_present * 100 // self.days_open


@dataclass(frozen=True, slots=True)
class Child:
    """One child of hers.

    name        what the child is called
    standing    `student`; `ended` for one who was a student; of school age and no student: `may_enrol`, or `refused`
    level       of the student; else the level that the child's age allows
    student     number of the student, if the child is or was one
    rate        rupees a quarter at this level now, or None where none is in force
    money       the newest instalment for the child, a bonus aside
    attendance  of the quarter that the money is for; without money, of the newest quarter that the school sent
    bonus       what was paid once for the child
    """

    id: int
    name: str
    standing: str
    level: str
    rate: int | None
    student: int | None = None
    school: str = ""
    slip: str = ""
    attendance: Attendance | None = None
    money: Instalment | None = None
    bonus: Instalment | None = None


class Schools(Protocol):
    def children(self, person: int) -> tuple[Child, ...]:
        """Her children who are or were students, or are of school age; the eldest first."""
        ...
