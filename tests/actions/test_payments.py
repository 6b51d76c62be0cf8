import pytest

from gateway.actions.payments import REASONS, STANDINGS
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


@pytest.mark.parametrize("verb", ["latest_payment", "why_unpaid", "payment_history"])
def test_no_instalment_at_all(run, verb):
    assert run(verb, paying(), ask()).name == "none"


def test_every_reason_has_words_of_its_own():
    assert set(REASONS) == set(Unpaid)
    assert len(set(REASONS.values())) == len(Unpaid)


@pytest.mark.parametrize("reason", Unpaid)
def test_why_unpaid_tells_the_reason_and_keeps_what_a_case_would_be_about(run, reason):
    outcome = run("why_unpaid", paying(instalment("held", reason, id=12)), ask())
    assert (outcome.name, outcome.keep) == (REASONS[reason], {"subject": "instalment:12"})


def test_a_case_from_her_newest_payment_is_about_that_payment(run):
    assert run("latest_payment", paying(instalment("withdrawn", id=5)), ask()).keep == {
        "subject": "instalment:5"
    }


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


def test_history_keeps_quarters_together_and_programmes_apart(run):
    flood = instalment("withdrawn", id=3, programme="emergency", period="flood", amount=25_000)
    core = paying(instalment("ready", id=2), instalment("withdrawn", id=1, period="2026Q3"), flood)
    rows = run("payment_history", core, ask()).values["payments"]
    assert [(row["quarter"], row["short"], row["amount"]) for row in rows] == [
        ("2026Q4", "kafaalat", 13_500),
        ("2026Q4", "emergency", 25_000),
        ("2026Q3", "kafaalat", 13_500),
    ]


def test_what_is_listed_in_a_history_can_be_opened(run):
    core = paying(*(instalment("withdrawn", id=number) for number in range(1, 31)))
    rows = run("payment_history", core, ask()).values["payments"]
    assert len(rows) > 12
    assert run("picked_payment", core, ask(picked=rows[-1]["id"])).name == "withdrawn"
