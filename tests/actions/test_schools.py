"""What each situation of a child is told, and what a report about it is said to be about."""

from dataclasses import dataclass
from datetime import date

import pytest

from gateway.actions.schools import TOLD
from gateway.core.port import Attendance, Child, Unpaid
from tests.actions.small_core import ask, instalment, small_core


@dataclass
class SmallSchools:
    mine: tuple[Child, ...] = ()

    def children(self, person):
        return self.mine


def attendance(present=42, standing="met", quarter="2026Q3"):
    return Attendance(quarter, 50, present, 70, standing)


def stipend(standing="ready", unpaid=None, **facts):
    given = {"programme": "education", "period": "2026Q3", "amount": 2000, "child": 3, "child_name": "Hamza"}
    return instalment(standing, unpaid, **given | facts)


def child(**facts):
    given = {
        "id": 3, "name": "Hamza", "standing": "student", "level": "primary", "rate": 2000, "student": 12,
        "slip": "accepted", "attendance": attendance(), "money": stipend(),
    }  # fmt: skip
    return Child(**given | facts)


def told(run, *children, verb="her_children", **facts):
    return run(verb, small_core(schools=SmallSchools(children)), ask(**facts))


SITUATIONS = {
    "ready": {},
    "branch": {"money": stipend("branch", place_on=date(2026, 12, 1))},
    "withdrawn": {"money": stipend("withdrawn")},
    "coming": {"money": stipend("coming")},
    "attendance": {
        "money": stipend("held", Unpaid.CONDITION_NOT_MET),
        "attendance": attendance(30, "failed"),
    },
    "held": {"money": stipend("held", Unpaid.CNIC_EXPIRED)},
    "gone": {"money": stipend("gone")},
    "slip": {"money": None, "slip": "issued"},
    "awaited": {"money": None, "attendance": None},
    "may_enrol": {"money": None, "student": None, "standing": "may_enrol", "attendance": None},
    "refused": {"money": None, "student": None, "standing": "refused", "attendance": None},
    "ended": {"money": stipend("withdrawn"), "standing": "ended"},
}


def test_every_outcome_has_its_situation():
    assert set(SITUATIONS) == set(TOLD)


@pytest.mark.parametrize("name", SITUATIONS)
def test_one_child_is_told_at_once_with_the_amount(run, name):
    outcome = told(run, child(**SITUATIONS[name]))
    assert outcome.name == name
    assert (outcome.values["child"], outcome.values["amount"]) == ("Hamza", 2000)


def test_why_it_is_held_is_told_in_percent(run):
    values = told(run, child(**SITUATIONS["attendance"])).values
    assert (values["percent"], values["needed"], values["quarter"]) == (60, 70, "2026Q3")


@pytest.mark.parametrize(
    ("seen", "written"), [(attendance(), "84"), (attendance(2, "free"), "free"), (None, "unknown")]
)
def test_attendance_as_it_counts(run, seen, written):
    assert told(run, child(attendance=seen)).values["attendance"] == written


def test_money_that_waits_is_told_even_where_a_child_has_left(run):
    assert told(run, child(standing="ended")).name == "ready"


def test_a_condition_without_a_record_is_told_by_its_reason(run):
    outcome = told(run, child(money=stipend("held", Unpaid.CONDITION_NOT_MET), attendance=None))
    assert (outcome.name, outcome.values["reason"]) == ("held", "CONDITION_NOT_MET")


def test_a_bonus_stands_beside_the_rest(run):
    values = told(run, child(bonus=stipend("withdrawn", kind="bonus", amount=3000))).values
    assert (values["amount"], values["bonus"]) == (2000, {"amount": 3000, "standing": "withdrawn"})


def test_several_children_are_listed_and_each_can_be_picked(run):
    two = (child(), child(id=4, name="Ayesha", level="secondary", **SITUATIONS["attendance"]))
    rows = told(run, *two).values["children"]
    assert [(row["child"], row["level"], row["stands"]) for row in rows] == [
        ("Hamza", "primary", "ready"),
        ("Ayesha", "secondary", "attendance"),
    ]
    assert told(run, *two, verb="picked_child", picked="4").name == "attendance"
    assert told(run, *two, verb="picked_child", picked="5").name == "none"
    assert told(run).name == "none"


@pytest.mark.parametrize(
    ("verb", "kept", "subject"),
    [
        ("about_school", {"student": "12", "school_quarter": "2026Q3"}, "student:12"),
        ("about_attendance", {"student": "12", "school_quarter": "2026Q3"}, "attendance:12:2026Q3"),
        ("about_attendance", {"student": "12"}, "attendance:12"),
    ],
)
def test_a_report_is_about_the_child_just_shown(run, verb, kept, subject):
    assert run(verb, small_core(), ask(kept=kept)).keep == {"subject": subject}


def test_the_child_shown_is_remembered(run):
    assert told(run, child()).keep == {"student": "12", "school_quarter": "2026Q3"}
    assert told(run, child(**SITUATIONS["may_enrol"])).keep == {"student": "", "school_quarter": ""}
