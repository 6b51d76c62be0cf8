"""Her family's health card, and the hospital that a case is about."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from gateway.core.port import Cover
from tests.actions.small_core import SmallEligibility, ask, decision, small_core
from tests.actions.test_places import Places, place

COVER = Cover(4, "punjab", "active", date(2026, 5, 6), date(2027, 5, 5), 60_000, 20_000, 400_000, 0)


@dataclass
class Health:
    hers: Cover | None = None

    def cover(self, person):
        return self.hers


ADMITTED = {"admitted_at": "Mayo Hospital", "admitted_on": date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("facts", "name", "secondary"),
    [
        ({}, "covered", 40_000),
        ({"secondary_used": 60_000}, "covered", 0),
        ({"secondary_used": 60_000, "priority_used": 400_000}, "spent", 0),
        ({"secondary_used": 67_000, **ADMITTED}, "admitted", 0),
        ({"standing": "ended"}, "ended", 40_000),
        ({"standing": "ended", **ADMITTED}, "admitted", 40_000),
        ({"standing": "coming", "secondary_used": 0}, "coming", 60_000),
    ],
)
def test_how_the_cover_stands(run, facts, name, secondary):
    outcome = run("my_cover", small_core(health=Health(replace(COVER, **facts))), ask())
    assert (outcome.name, outcome.values["secondary"]) == (name, secondary)
    assert ("hospital" in outcome.values) == (name == "admitted")


@pytest.mark.parametrize(
    ("outcome", "code", "name"),
    [
        ("may_apply", None, "entitled"),
        ("enrolled", None, "entitled"),
        ("not_eligible", "REGION_OUTSIDE", "no_scheme"),
        ("not_eligible", "CNIC_BLOCKED", "cnic_issue"),
        ("survey_needed", "NOT_SURVEYED", "survey_needed"),
        ("under_review", "UNDER_REVIEW", "under_review"),
        ("deceased", "DECEASED", "deceased"),
        ("not_eligible", "NOT_OPEN", "not_covered"),
    ],
)
def test_why_there_is_no_cover(run, outcome, code, name):
    core = small_core(health=Health(), eligibility=SmallEligibility(decision=decision(outcome, code)))
    assert run("my_cover", core, ask()).name == name


def test_the_hospital_that_refused_is_named_by_her(run):
    core = small_core(directory=Places((place("mayo"), place("c", "clinic"))))
    listed = run("refusing_hospitals", core, ask())
    assert [row["id"] for row in listed.values["places"]] == ["mayo", "other"]
    named = run("name_hospital", core, ask(picked="mayo", kept={"subject": "loan:3"}))
    assert named.keep == {"subject": "hospital:mayo"}


@pytest.mark.parametrize("picked", ["other", "c", "gone", None])
def test_any_other_hospital_leaves_the_case_without_one(run, picked):
    core = small_core(directory=Places((place("mayo"), place("c", "clinic"))))
    assert run("name_hospital", core, ask(picked=picked, kept={"subject": "loan:3"})).keep == {"subject": ""}


@pytest.mark.parametrize("directory", [Places(), Places((place("mayo"),), home=None)])
def test_without_a_hospital_near_the_case_is_opened_at_once(run, directory):
    outcome = run("refusing_hospitals", small_core(directory=directory), ask(kept={"subject": "loan:3"}))
    assert (outcome.name, outcome.keep) == ("unlisted", {"subject": ""})
