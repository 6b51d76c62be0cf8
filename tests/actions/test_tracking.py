from datetime import date

import pytest

from gateway.core.port import Asked, LinkedPerson, Tracked
from tests.actions.small_core import SmallApplications, SmallRegistry, SmallTracking, ask, small_core

DAY = date(2026, 11, 22)
HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
OTHER = LinkedPerson(9, "5168", has_pin=True, details_by_sms=False)


def tracked(asked=Asked.APPLICATION, topic="loan", state="received", **more):
    return Tracked("10000001", asked, topic, state, DAY, **more)


def following(*known, linked=(HER,), taken_back="withdrawn"):
    return small_core(
        registry=SmallRegistry(linked),
        tracking=SmallTracking({each.reference: each for each in known}),
        applications=SmallApplications(taken_back=taken_back),
    )


@pytest.mark.parametrize(
    ("found", "outcome", "what"),
    [
        (tracked(), "application", "short.loan"),
        (tracked(state="under_review"), "application", "short.loan"),
        (tracked(state="needs_documents"), "papers", "short.loan"),
        (tracked(state="approved"), "decided", "short.loan"),
        (tracked(state="rejected"), "decided", "short.loan"),
        (tracked(state="withdrawn"), "decided", "short.loan"),
        (tracked(Asked.CASE, "scam", "new", target_on=DAY), "waiting", "topic.case"),
        (tracked(Asked.CASE, "protection", "assigned", target_on=DAY), "waiting", "topic.case"),
        (tracked(Asked.CASE, "scam", "escalated", target_on=DAY), "waiting", "topic.case"),
        (tracked(Asked.CASE, "scam", "resolved", target_on=DAY), "decided", "topic.case"),
        (tracked(Asked.CHANGE, "birth", "new"), "waiting", "topic.change"),
        (tracked(Asked.BOOKING, "survey", "new", target_on=DAY, place="BISP"), "booked", "topic.booking"),
    ],
)
def test_a_request_is_told_as_it_stands_and_a_case_by_its_kind_alone(run, found, outcome, what):
    told = run("track_request", following(found), ask(answer="10000001"))
    assert (told.name, told.values["what"]) == (outcome, what)
    assert (told.values["state"], told.values["moved_on"]) == (found.state, "2026-11-22")


def test_a_number_that_is_not_hers_is_unknown(run):
    told = run("track_request", following(tracked()), ask(answer="10000002"))
    assert (told.name, dict(told.values)) == ("unknown", {})


@pytest.mark.parametrize(
    ("linked", "granted", "outcome"),
    [
        ((), frozenset(), "application"),
        ((HER,), frozenset(), "application"),
        ((HER, OTHER), frozenset({"phone", "person"}), "gated"),
        ((HER, OTHER), frozenset({"phone", "person", "pin"}), "application"),
    ],
)
def test_a_shared_phone_needs_the_pin(run, linked, granted, outcome):
    core = following(tracked(), linked=linked)
    assert run("track_request", core, ask(answer="10000001", granted=granted)).name == outcome


@pytest.mark.parametrize(
    ("facts", "linked", "outcome"),
    [
        ({}, (HER,), "mine"),
        ({}, (), "by_number"),
        ({}, (LinkedPerson(7, "5012", True, True, alive=False),), "by_number"),
        ({"medium": "sms"}, (HER,), "by_number"),
        ({"medium": "sms", "answer": "my loan"}, (HER,), "by_number"),
        ({"medium": "sms", "answer": "1000-0001"}, (HER,), "application"),
        ({"medium": "sms", "answer": "10000002"}, (HER,), "unknown"),
        ({"medium": "sms", "answer": "10000001"}, (HER, OTHER), "gated"),
    ],
)
def test_the_way_in(run, facts, linked, outcome):
    assert run("follow_request", following(tracked(), linked=linked), ask(**facts)).name == outcome


def test_hers_are_listed_and_one_more_row_leads_to_any_number(run):
    core = following(tracked(), tracked(Asked.CASE, "scam", "new"))
    rows = run("open_requests", core, ask()).values["requests"]
    assert [row["what"] for row in rows] == ["topic.case", "topic.another"]
    assert run("picked_request", core, ask(picked="another")).name == "by_number"
    assert run("picked_request", core, ask(picked="10000001")).name == "waiting"
    assert len(run("open_requests", core, ask(medium="sms")).values["requests"]) == 1
    assert run("open_requests", following(), ask()).name == "none"


@pytest.mark.parametrize("answer", ["withdrawn", "decided", "unknown"])
def test_the_application_looked_at_is_taken_back(run, answer):
    core = following(tracked(), taken_back=answer)
    kept = run("track_request", core, ask(answer="10000001")).keep
    told = run("withdraw_request", core, ask(kept=kept))
    assert (told.name, told.values["reference"]) == (answer, "10000001")
    assert core.applications.asked == [("10000001", "", "")]
