"""What a caller says is wrong: whom the case is about, and what."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from gateway.actions.cases import CATEGORIES
from gateway.core.port import Case, CaseState, LinkedPerson, Opened
from tests.actions.small_core import SmallRegistry, ask, small_core

LIVING = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
ALSO_LIVING = LinkedPerson(8, "5168", has_pin=True, details_by_sms=False)
DEAD = LinkedPerson(9, "5132", has_pin=False, details_by_sms=False, alive=False)


@dataclass
class SmallCases:
    outcome: str = "opened"
    opened: list[dict] = field(default_factory=list)

    def open(self, category, phone, key, **more):
        self.opened.append({"category": category, "phone": phone, "key": key, **more})
        day = date(2026, 12, 7)
        return Opened(
            self.outcome,
            Case("21234567", category, more["subject"], CaseState.NEW, False, day, day, day, day),
        )


@pytest.fixture
def report(run):
    """Run a verb over the persons linked to the phone; what was opened."""

    def open_one(verb, linked=(), **facts):
        cases = SmallCases()
        outcome = run(verb, small_core(registry=SmallRegistry(linked), cases=cases), ask(**facts))
        assert outcome.name == "opened"
        assert outcome.values == {"reference": "21234567", "target_on": "2026-12-07"}
        (opened,) = cases.opened
        return opened

    return open_one


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_verb_for_each_category(report, category):
    opened = report(f"report_{category}", kept={"subject": "instalment:12"})
    assert opened == {
        "category": category, "phone": "+923001234501", "key": "session/screen/1", "channel": "ussd", "person": 7,
        "subject": "instalment:12", "session": "session",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("linked", "person"),
    [((), None), ((LIVING,), 7), ((LIVING, DEAD), 7), ((LIVING, ALSO_LIVING), None), ((DEAD,), None)],
)
def test_without_a_gate_a_case_is_about_the_only_living_person_of_the_phone(report, linked, person):
    opened = report("report_not_received", linked, person=None)
    assert (opened["person"], opened["subject"]) == (person, "")


@pytest.mark.parametrize(
    ("linked", "person"), [((), None), ((DEAD,), 9), ((LIVING, DEAD), 9), ((LIVING,), None)]
)
def test_a_next_of_kin_appeals_for_the_dead_and_nothing_looked_at_before_counts(report, linked, person):
    opened = report("report_next_of_kin", linked, person=None, kept={"subject": "instalment:12"})
    assert (opened["category"], opened["subject"], opened["person"]) == ("appeal", "deceased", person)


def test_she_who_is_recorded_as_deceased_appeals_for_herself(report):
    assert report("report_next_of_kin", (LIVING,), person=7)["person"] == 7


def test_what_was_told_already_says_so(run):
    core = small_core(cases=SmallCases("already"))
    assert run("report_appeal", core, ask()).name == "already"


def test_what_she_looked_at_before_is_forgotten_at_the_list_of_complaints(run):
    assert run("about_nothing", small_core(), ask(kept={"subject": "instalment:12"})).keep == {"subject": ""}
