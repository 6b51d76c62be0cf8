"""Courses: trades and reading and writing, taught at a centre from a day on, with seats that run out."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gateway.core.port.requests import Applied

# Programme -> what is taught under it; a term `trade.<code>` names each. Where it is taught: `COURSE_CENTRES`.
TRADES = {
    "skills": (
        "hospitality",
        "graphic_design",
        "gems",
        "beautician",
        "nursing_care",
        "plumbing",
        "tailoring",
        "electrician",
        "mobile_repair",
        "computer",
    ),
    "learning": ("literacy", "numeracy"),
}
COURSE_CENTRES = {"skills": "training_centre", "learning": "learning_centre"}


@dataclass(frozen=True, slots=True)
class Course:
    """One course. sex `F`, `M`, `X`, or empty for anybody; ages in full years on the day it starts, both included.

    left        seats that nobody holds; apply_until the last day to apply
    """

    code: str
    programme: str
    trade: str
    centre: str
    tehsil: str
    starts_on: date
    ends_on: date
    apply_until: date
    left: int
    sex: str
    age_from: int
    age_to: int


@dataclass(frozen=True, slots=True)
class Learner:
    """A child of hers whom a course is for; age on the day it starts."""

    person: int
    sex: str
    age: int


class Courses(Protocol):
    def near(self, programme: str, tehsil: str, limit: int = 6) -> tuple[Course, ...]:
        """Courses to apply for now, nearest to a tehsil first, within its province; those with seats before those without."""
        ...

    def course(self, code: str) -> Course | None: ...

    def children(self, person: int, code: str) -> tuple[Learner, ...]:
        """The children of her family whom a course is for, oldest first."""
        ...

    def apply(  # noqa: PLR0913 - what an application is made of
        self, person: int, code: str, phone: str, key: str, *, channel: str, child: int | None = None
    ) -> Applied:
        """Apply for herself or a child of hers, and hold a seat. One key is one application, and so is one learner.

        `refused` with `NOT_OPEN` (too late, or no such course), `UNFIT` (age, sex, no child of hers), or the
        programme's reason; `full` where no seat is left.
        """
        ...
