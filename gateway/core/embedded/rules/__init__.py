"""The closed vocabulary of eligibility rules: each is judged on the facts of a person and the day alone."""

from gateway.core.embedded.rules.dependence import InProgramme
from gateway.core.embedded.rules.facts import EventTerms, Facts
from gateway.core.embedded.rules.household import Checked, Child, NotFlagged, PmtScore, Resurvey, Surveyed
from gateway.core.embedded.rules.judging import AnyRule, judge, outcome_of
from gateway.core.embedded.rules.person import Age, Alive, Cnic, Disability, Marital, OfSex, Woman, age_on
from gateway.core.embedded.rules.region import Region
from gateway.core.embedded.rules.rule import Sex
from gateway.core.embedded.rules.window import Dates, Emergency

__all__ = [
    "Age",
    "Alive",
    "AnyRule",
    "Checked",
    "Child",
    "Cnic",
    "Dates",
    "Disability",
    "Emergency",
    "EventTerms",
    "Facts",
    "InProgramme",
    "Marital",
    "NotFlagged",
    "OfSex",
    "PmtScore",
    "Region",
    "Resurvey",
    "Sex",
    "Surveyed",
    "Woman",
    "age_on",
    "judge",
    "outcome_of",
]
