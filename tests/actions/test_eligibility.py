from datetime import date

import pytest

from gateway.core.port import Coarse, CoarseAnswer
from tests.actions.small_core import OFFICE, SmallEligibility, ask, decision, small_core


def coarse(result, **facts):
    return small_core(eligibility=SmallEligibility(CoarseAnswer(result, **facts)))


@pytest.mark.parametrize("result", [each for each in Coarse if each is not Coarse.RATE_LIMITED])
def test_every_coarse_answer_is_an_outcome_of_its_own(run, result):
    assert run("check_cnic", coarse(result), ask(answer="3520212345012", person=None)).name == result


@pytest.mark.parametrize("result", [each for each in Coarse if each is not Coarse.SURVEY_NEEDED])
def test_where_somebody_lives_is_not_told(run, result):
    outcome = run("check_cnic", coarse(result, office=OFFICE), ask(answer="3520212345012"))
    assert OFFICE.name not in outcome.values.values()


def test_who_needs_a_survey_hears_of_the_office(run):
    outcome = run("check_cnic", coarse(Coarse.SURVEY_NEEDED, office=OFFICE), ask(answer="3520212345012"))
    assert outcome.values["office"] == OFFICE.name


def test_the_emergency_list_is_told_beside_the_answer(run):
    outcome = run("check_cnic", coarse(Coarse.NOT_ELIGIBLE, emergency=True), ask(answer="3520212345012"))
    assert (outcome.name, outcome.values["emergency"]) == ("not_eligible", True)


@pytest.mark.parametrize("verb", ["check_cnic", "check_emergency"])
@pytest.mark.parametrize(("notice", "name"), [(True, "rate_limited"), (False, "limited_again")])
def test_a_limit_is_told_once(run, verb, notice, name):
    assert run(verb, coarse(Coarse.RATE_LIMITED, notice=notice), ask(answer="3520212345012")).name == name


def test_a_look_up_counts_under_the_key_of_its_step(run):
    eligibility = SmallEligibility(CoarseAnswer(Coarse.MAY_APPLY))
    run("check_cnic", small_core(eligibility=eligibility), ask(answer="3520212345012", key="k"))
    assert eligibility.asked == [("3520212345012", "+923001234501", "k")]


@pytest.mark.parametrize(
    ("outcome", "code", "name"),
    [
        ("enrolled", None, "enrolled"),
        ("enrolled", "PMT_ABOVE", "enrolled"),
        ("enrolled", "CNIC_EXPIRED", "cnic_issue"),
        ("enrolled", "CNIC_BLOCKED", "cnic_issue"),
        ("enrolled", "CNIC_NOT_UPDATED", "cnic_issue"),
        ("may_apply", None, "may_apply"),
        ("not_eligible", "PMT_ABOVE", "above"),
        ("not_eligible", "FILTERED", "filtered"),
        ("not_eligible", "DUPLICATE_FAMILY", "duplicate"),
        ("not_eligible", "CNIC_EXPIRED", "cnic_issue"),
        ("not_eligible", "CNIC_BLOCKED", "cnic_issue"),
        ("not_eligible", "NOT_A_WOMAN", "women_only"),
        ("not_eligible", "NEVER_MARRIED", "women_only"),
        ("not_eligible", "REGION_OUTSIDE", "not_eligible"),
        ("survey_needed", "NOT_SURVEYED", "survey_needed"),
        ("survey_needed", "RESURVEY_DUE", "resurvey_due"),
        ("under_review", "UNDER_REVIEW", "under_review"),
        ("deceased", "DECEASED", "deceased"),
    ],
)
def test_her_own_standing_names_its_reason(run, outcome, code, name):
    core = small_core(eligibility=SmallEligibility(decision=decision(outcome, code)))
    assert run("my_standing", core, ask()).name == name


def test_a_resurvey_that_is_due_is_told_with_its_day(run):
    made = decision("enrolled", resurvey_by=date(2027, 1, 31), office=OFFICE)
    outcome = run("my_standing", small_core(eligibility=SmallEligibility(decision=made)), ask())
    assert outcome.name == "enrolled_resurvey"
    assert (outcome.values["resurvey_by"], outcome.values["office"]) == ("2027-01-31", OFFICE.name)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("spouse X_GOVT_EMP", "X_GOVT_EMP"),
        ("self X_LAND, spouse X_TRAVEL", "X_LAND"),
        ("something new", "OTHER"),
        ("self X_NEVER_HEARD_OF", "OTHER"),
    ],
)
def test_the_filter_that_decided_is_named(run, seen, told):
    core = small_core(eligibility=SmallEligibility(decision=decision("not_eligible", "FILTERED", seen)))
    assert run("my_standing", core, ask()).values["filter"] == told
