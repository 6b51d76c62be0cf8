import pytest

from gateway.actions.payments import GROUPS, STANDINGS
from gateway.core.port import Unpaid
from tests.actions.small_core import SmallPayments, ask, instalment, small_core


def paying(*instalments):
    return small_core(payments=SmallPayments(instalments))


@pytest.mark.parametrize("standing", STANDINGS)
def test_the_newest_instalment_is_told_as_it_stands(run, standing):
    outcome = run("latest_payment", paying(instalment(standing)), ask())
    assert outcome.name == standing
    assert (outcome.values["amount"], outcome.values["place"]) == (13_500, "HBL Shop")


def test_money_that_waits_comes_before_a_newer_instalment_on_its_way(run):
    core = paying(instalment("coming", id=2), instalment("ready", id=1, period="2026Q3"))
    outcome = run("latest_payment", core, ask())
    assert (outcome.name, outcome.values["quarter"]) == ("ready", "2026Q3")


def test_each_programme_tells_its_own_amount(run):
    flood = instalment("ready", id=2, programme="emergency", period="flood_2026", amount=25_000)
    outcome = run("latest_payment", paying(instalment("ready"), flood), ask())
    assert outcome.name == "several"
    assert [(row["short"], row["amount"]) for row in outcome.values["payments"]] == [
        ("kafaalat", 13_500),
        ("emergency", 25_000),
    ]


def test_emergency_money_alone_is_told_too(run):
    flood = instalment("ready", programme="emergency", period="flood_2026", amount=25_000)
    outcome = run("latest_payment", paying(flood), ask())
    assert (outcome.name, outcome.values["programme"]) == ("ready", "emergency")
    assert outcome.values["quarter"] == "2026Q4"


def test_a_programme_without_a_word_of_its_own_still_has_a_name(run):
    outcome = run("latest_payment", paying(instalment("ready", programme="newcomer")), ask())
    assert outcome.values["programme"] == "other"


@pytest.mark.parametrize("verb", ["latest_payment", "why_unpaid", "payment_history"])
def test_no_instalment_at_all(run, verb):
    assert run(verb, paying(), ask()).name == "none"


def test_every_reason_has_a_group():
    assert set(GROUPS) == set(Unpaid)


@pytest.mark.parametrize("reason", Unpaid)
def test_why_unpaid_gives_the_reason_and_its_one_remedy(run, reason):
    outcome = run("why_unpaid", paying(instalment("held", reason)), ask())
    assert (outcome.name, outcome.values["reason"]) == (GROUPS[reason], reason)


@pytest.mark.parametrize("standing", [each for each in STANDINGS if each != "held"])
def test_why_unpaid_of_money_that_is_not_held_says_how_it_stands(run, standing):
    assert run("why_unpaid", paying(instalment(standing)), ask()).name == standing


def test_the_instalment_picked_is_told_in_full(run):
    core = paying(instalment("ready", id=2), instalment("held", Unpaid.SIM_NOT_OWN, id=1, period="2026Q3"))
    outcome = run("picked_payment", core, ask(picked="1"))
    assert (outcome.name, outcome.values["quarter"]) == ("sim", "2026Q3")
    assert run("picked_payment", core, ask(picked="2")).name == "ready"


def test_an_instalment_of_somebody_else_cannot_be_picked(run):
    assert run("picked_payment", paying(instalment("ready", id=2)), ask(picked="3")).name == "none"


def test_history_is_listed_newest_first(run):
    core = paying(instalment("ready", id=2), instalment("withdrawn", id=1, period="2026Q3"))
    rows = run("payment_history", core, ask()).values["payments"]
    assert [(row["quarter"], row["standing"]) for row in rows] == [
        ("2026Q4", "ready"),
        ("2026Q3", "withdrawn"),
    ]
