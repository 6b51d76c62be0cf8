from datetime import date

import pytest

from gateway.actions.payments import STANDINGS
from gateway.core.port import Application, ApplicationState, Coarse, CoarseAnswer, EventStanding, Unpaid
from tests.actions.small_core import (
    SmallApplications,
    SmallEligibility,
    SmallPayments,
    ask,
    instalment,
    small_core,
)

UNTIL = date(2026, 12, 31)


def listed(standing, unpaid=None, code="flood"):
    money = instalment(standing, unpaid, programme="emergency", period=code, amount=25_000)
    return EventStanding(code, "Flood relief", "listed", UNTIL, money)


def standing(name, code="flood", reason=None):
    return EventStanding(code, "Flood relief", name, UNTIL, reason=reason)


def at(*events):
    return small_core(payments=SmallPayments(standings=events))


@pytest.mark.parametrize("name", STANDINGS)
def test_who_is_listed_hears_how_her_money_stands(run, name):
    unpaid = Unpaid.CNIC_BLOCKED if name == "held" else None
    outcome = run("event_standing", at(listed(name, unpaid)), ask())
    assert outcome.name == name
    assert (outcome.values["amount"], outcome.values["last_day"]) == (25_000, "2026-12-31")


def test_the_last_day_of_her_own_money_counts_before_the_events(run):
    money = instalment("ready", programme="emergency", until=date(2026, 12, 15))
    outcome = run("event_standing", at(EventStanding("flood", "Flood", "listed", UNTIL, money)), ask())
    assert outcome.values["last_day"] == "2026-12-15"


@pytest.mark.parametrize("name", ["may_apply", "not_listed", "closed"])
def test_who_is_not_listed_hears_so(run, name):
    assert run("event_standing", at(standing(name)), ask()).name == name


def test_listed_without_an_instalment_yet(run):
    assert run("event_standing", at(standing("listed")), ask()).name == "listed"


def test_money_that_waits_comes_before_any_other_event(run):
    outcome = run("event_standing", at(standing("may_apply", "new"), listed("ready")), ask())
    assert outcome.name == "ready"


@pytest.mark.parametrize("reason", ["REGION_OUTSIDE", "NOT_OPEN"])
def test_an_event_for_others_is_none_for_her(run, reason):
    far = standing("not_listed", "far", reason)
    assert run("event_standing", at(far), ask()).name == "none"
    assert run("event_standing", at(far, standing("closed")), ask()).name == "closed"
    assert (
        run("event_standing", at(far, standing("not_listed", reason="PMT_ABOVE")), ask()).name == "not_listed"
    )


def test_no_event_at_all(run):
    assert run("event_standing", at(), ask()).name == "none"


@pytest.mark.parametrize(("emergency", "name"), [(True, "listed"), (False, "not_listed")])
def test_a_cnic_is_on_the_list_or_not_and_nothing_else_is_told(run, emergency, name):
    core = small_core(eligibility=SmallEligibility(CoarseAnswer(Coarse.PAYMENT_READY, emergency=emergency)))
    outcome = run("check_emergency", core, ask(answer="4530212345144"))
    assert (outcome.name, dict(outcome.values)) == (name, {})


@pytest.mark.parametrize(
    ("programme", "subject", "state", "outcome"),
    [
        ("emergency", "flood", "received", "applied"),
        ("emergency", "flood", "rejected", "applied"),
        ("emergency", "flood", "withdrawn", "may_apply"),
        ("emergency", "quake", "received", "may_apply"),
        ("loan", "flood", "received", "may_apply"),
    ],
)
def test_who_applied_to_the_event_hears_her_number(run, programme, subject, state, outcome):
    made = Application("10000001", programme, subject, ApplicationState(state), "", UNTIL, UNTIL)
    core = small_core(
        payments=SmallPayments(standings=(standing("may_apply"),)),
        applications=SmallApplications(standing=(made,)),
    )
    told = run("event_standing", core, ask())
    assert told.name == outcome
    assert told.values.get("reference", "") == ("10000001" if outcome == "applied" else "")


def test_applying_is_for_the_event_that_was_told(run):
    told = run("event_standing", at(standing("may_apply", "flood")), ask())
    assert (told.keep["offer"], told.keep["offer_within"]) == ("emergency", "flood")


def test_who_may_apply_hears_what_the_event_pays(run):
    event = EventStanding("flood", "Flood relief", "may_apply", UNTIL, amount=25_000)
    assert run("event_standing", at(event), ask()).values["amount"] == 25_000
