"""What a mother hears of her visits and of the money that follows them."""

from dataclasses import dataclass
from datetime import date

import pytest

from gateway.core.port import Care, Facility, Unpaid, Visit
from tests.actions.small_core import SmallDirectory, ask, instalment, small_core

NEXT = Visit("antenatal", date(2026, 12, 1), "Nashonuma Larkana")
LATE = Visit("vaccine", date(2026, 11, 19), "Nashonuma Larkana", late=True)


@dataclass
class SmallNutrition:
    mine: tuple[Care, ...] = ()
    welcome: bool = True

    def cases(self, person):
        return self.mine

    def may_register(self, person):
        return self.welcome


class Centres(SmallDirectory):
    def tehsil_of(self, person):
        return "Larkana"

    def facilities(self, kind, tehsil, service="", limit=6):
        assert (kind, tehsil) == ("nutrition_centre", "Larkana")
        return (Facility("n", kind, "Nashonuma Larkana", "Bunder Road", tehsil, "Larkana", hours="8-2"),)


def care(**facts):
    given = {
        "id": 5, "name": "", "stage": "pregnant", "standing": "active", "centre": "Nashonuma Larkana",
        "quarter": "2026Q4", "condition": "to_come", "amount": 2000, "visit": NEXT,
    }  # fmt: skip
    return Care(**given | facts)


def told(run, *cases, verb="her_visits", welcome=True, **facts):
    return run(verb, small_core(nutrition=SmallNutrition(cases, welcome)), ask(**facts))


def test_the_next_visit_with_day_centre_and_money(run):
    outcome = told(run, care(packet=Visit("food", date(2026, 12, 2), "Nashonuma Larkana")))
    assert outcome.name == "next"
    assert outcome.values == {
        "who": "", "amount": 2000, "quarter": "2026Q4", "stipend": "to_come", "visit": "antenatal",
        "due_on": "2026-12-01", "centre": "Nashonuma Larkana", "packet": "2026-12-02",
    }  # fmt: skip
    assert outcome.keep == {"nutrition_case": "5"}


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"visit": LATE, "condition": "overdue"}, "overdue"),
        ({"visit": None, "condition": "met"}, "done"),
        ({"standing": "ended"}, "ended"),
    ],
)
def test_as_the_case_stands(run, facts, name):
    assert told(run, care(**facts)).name == name


@pytest.mark.parametrize(
    ("condition", "money", "stipend"),
    [
        ("to_come", None, "to_come"),
        ("overdue", None, "overdue"),
        ("met", None, "met"),
        ("to_come", "coming", "to_come"),  # generated, and waits for the visit
        ("overdue", "coming", "overdue"),
        ("met", "coming", "coming"),
        ("overdue", "ready", "ready"),
        ("met", "withdrawn", "withdrawn"),
        ("met", "held", "held"),
    ],
)
def test_the_money_is_told_by_its_own_state_or_by_the_visits(run, condition, money, stipend):
    paid = instalment(money, Unpaid.CONDITION_NOT_MET if money == "held" else None) if money else None
    assert told(run, care(condition=condition, money=paid)).values["stipend"] == stipend


def test_mother_and_child_are_asked_apart_and_what_ended_is_left_out(run):
    cases = (care(), care(id=6, name="Zoya", stage="child", visit=None), care(id=7, standing="ended"))
    rows = told(run, *cases).values["cases"]
    assert [(row["who"], row["due_on"]) for row in rows] == [("", "2026-12-01"), ("Zoya", "")]
    assert told(run, *cases, verb="picked_case", picked="6").values["who"] == "Zoya"
    assert told(run, *cases, verb="picked_case", picked="8").name == "none"


@pytest.mark.parametrize(("welcome", "name"), [(True, "may_register"), (False, "refused")])
def test_without_a_case(run, welcome, name):
    assert told(run, welcome=welcome).name == name


def test_the_nearest_centre(run):
    outcome = run("nearest_centre", small_core(directory=Centres()), ask())
    assert (outcome.name, outcome.values["centre"]) == ("found", "Nashonuma Larkana")


def test_a_report_is_about_the_case_just_shown(run):
    noted = run("about_visits", small_core(), ask(kept={"nutrition_case": "5"}))
    assert noted.keep == {"subject": "nutrition_case:5"}
