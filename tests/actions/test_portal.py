from datetime import date

import pytest

from gateway.core.port import Application, ApplicationState, Applied, Offer
from tests.actions.small_core import OFFICE, SmallApplications, ask, small_core

DAY = date(2026, 11, 22)
HERS = (
    Offer("kafaalat", "enrolled", 1),
    Offer("loan", "may_apply", 3),
    Offer("sehat", "open", 4),
    Offer("emergency", "not_eligible", 2, "NO_EVENT"),
)


def offering(*offers, answer=None):
    return small_core(applications=SmallApplications(offers, answer))


def application(programme="loan", subject=""):
    return Application("10000001", programme, subject, ApplicationState.RECEIVED, "", DAY, DAY)


def test_all_programmes_are_listed_in_the_order_of_the_core(run):
    rows = run("my_offers", offering(*HERS), ask()).values["offers"]
    assert [(row["id"], row["offered"]) for row in rows] == [
        ("kafaalat", "enrolled"),
        ("loan", "may_apply"),
        ("sehat", "open"),
        ("emergency", "not_eligible"),
    ]


def test_a_text_tells_what_she_may_have_with_the_number_to_apply_by(run):
    rows = run("my_offers", offering(*HERS), ask(medium="sms")).values["offers"]
    assert [(row["short"], row["offered"]) for row in rows] == [
        ("kafaalat", "enrolled"),
        ("loan", "may_apply:3"),
        ("sehat", "open"),
    ]


def test_a_text_of_nothing_but_refusals_still_lists_them(run):
    rows = run("my_offers", offering(HERS[-1]), ask(medium="sms")).values["offers"]
    assert [row["offered"] for row in rows] == ["not_eligible"]


@pytest.mark.parametrize(
    ("standing", "code", "outcome"),
    [
        ("enrolled", None, "enrolled"),
        ("applied", None, "applied"),
        ("may_apply", None, "may_apply"),
        ("open", None, "open"),
        ("under_review", "UNDER_REVIEW", "under_review"),
        ("survey_needed", "NOT_SURVEYED", "survey_needed"),
        ("survey_needed", "RESURVEY_DUE", "survey_needed"),
        ("not_eligible", "NOT_IN_PROGRAMME", "needs"),
        ("not_eligible", "CNIC_EXPIRED", "cnic"),
        ("not_eligible", "CNIC_BLOCKED", "cnic"),
        ("not_eligible", "NO_EVENT", "closed"),
        ("not_eligible", "NOT_OPEN", "closed"),
        ("not_eligible", "LIST_ONLY", "closed"),
        ("not_eligible", "PMT_ABOVE", "barred"),
        ("not_eligible", "AGE_OUTSIDE", "barred"),
        ("deceased", "DECEASED", "barred"),
    ],
)
def test_a_programme_picked_says_how_it_stands(run, standing, code, outcome):
    picked = Offer("loan", standing, 3, code, "10000001" if standing == "applied" else "", "kafaalat")
    told = run("picked_offer", offering(HERS[0], picked), ask(picked="loan"))
    assert told.name == outcome
    assert (told.values["programme"], told.values["number"]) == ("loan", 3)
    assert told.values["office"] == (OFFICE.name if outcome == "survey_needed" else "")
    assert told.values["reference"] == ("10000001" if standing == "applied" else "")


@pytest.mark.parametrize(
    ("answer", "outcome", "reference"),
    [
        (Applied("applied", application()), "applied", "10000001"),
        (Applied("already", application()), "already", "10000001"),
        (Applied("refused", code="PMT_ABOVE"), "refused", ""),
        (Applied("refused", code="ENROLLED"), "enrolled", ""),
        (Applied("refused", code="NOT_BY_PHONE"), "open", ""),
        (Applied("full"), "refused", ""),
    ],
)
def test_applying_is_for_the_programme_that_was_looked_at(run, answer, outcome, reference):
    core = offering(*HERS, answer=answer)
    kept = run("picked_offer", core, ask(picked="loan")).keep
    told = run("apply_offer", core, ask(kept=kept, key="k"))
    assert (told.name, told.values["reference"]) == (outcome, reference)
    assert core.applications.asked == [("loan", "", "k")]


def test_an_appeal_speaks_of_the_programme(run):
    assert run("picked_offer", offering(*HERS), ask(picked="loan")).keep["subject"] == "programme:loan"


@pytest.mark.parametrize(("typed", "programme"), [("3", "loan"), ("1", "kafaalat")])
def test_a_number_names_a_programme_wherever_it_stands_in_the_list(run, typed, programme):
    core = offering(*HERS, answer=Applied("applied", application(programme)))
    assert run("apply_number", core, ask(answer=typed, medium="sms")).name == "applied"
    assert core.applications.asked[0][0] == programme


def test_a_number_that_no_programme_has(run):
    core = offering(*HERS)
    assert run("apply_number", core, ask(answer="99")).name == "none"
    assert core.applications.asked == []
