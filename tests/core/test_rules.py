"""Each rule at its boundaries, on facts alone."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gateway import clock
from gateway.core.embedded.programmes import load_programmes
from gateway.core.embedded.rules import (
    Age,
    Dates,
    EventTerms,
    Facts,
    Region,
    Woman,
    age_on,
    judge,
    outcome_of,
)

PROGRAMMES = load_programmes(Path("config/programmes.yaml"))
TODAY = clock.today()

FITTING = Facts(
    alive=True,
    surveyed=True,
    checking=False,
    resurvey_by=None,
    sex="F",
    marital_status="married",
    born=date(1985, 5, 1),
    province="Punjab",
    district="Lahore",
    score=Decimal("24.10"),
    disability=False,
    flags=frozenset(),
    spouse_flags=frozenset(),
    cnic_status="valid",
)
FLOOD = EventTerms(
    code="flood",
    name="Flood",
    districts=frozenset({"Lahore"}),
    provinces=frozenset(),
    opens=TODAY - timedelta(days=5),
    closes=TODAY + timedelta(days=5),
    pmt_max=Decimal("38.00"),
    amount=25000,
    may_apply=True,
)


def code_of(facts, programme="kafaalat", day=TODAY):
    reasons = judge(PROGRAMMES[programme].rules_on(day).all, facts, day)
    return next((reason.code for reason in reasons if not reason.passed), None)


@pytest.mark.parametrize(
    ("score", "disability", "code"),
    [
        ("0", False, None),
        ("32.00", False, None),
        ("32.01", False, "PMT_ABOVE"),
        ("32.01", True, None),
        ("37.00", True, None),
        ("37.01", True, "PMT_ABOVE"),
        ("37.00", False, "PMT_ABOVE"),
        (None, False, "UNDER_REVIEW"),
    ],
)
def test_kafaalat_ceilings(score, disability, code):
    facts = replace(FITTING, score=score and Decimal(score), disability=disability)
    assert code_of(facts) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"alive": False}, "DECEASED"),
        ({"surveyed": False, "score": None}, "NOT_SURVEYED"),
        ({"checking": True}, "UNDER_REVIEW"),
        ({"cnic_status": "unverified"}, "UNDER_REVIEW"),
        ({"sex": "M"}, "NOT_A_WOMAN"),
        ({"sex": "M", "marital_status": "single"}, "NOT_A_WOMAN"),
        ({"marital_status": "single"}, "NEVER_MARRIED"),
        ({"sex": "X", "marital_status": "single"}, None),
        ({"flags": frozenset({"X_LAND"})}, "FILTERED"),
        ({"spouse_flags": frozenset({"X_GOVT_EMP"})}, "FILTERED"),
        ({"cnic_status": "expired"}, "CNIC_EXPIRED"),
        ({"cnic_status": "blocked"}, "CNIC_BLOCKED"),
        ({"resurvey_by": TODAY}, None),
        ({"resurvey_by": TODAY - timedelta(days=1)}, "RESURVEY_DUE"),
        # The first failed rule is the reason: who is above the limit is not sent to renew her card.
        ({"cnic_status": "expired", "score": Decimal(50)}, "PMT_ABOVE"),
    ],
)
def test_kafaalat_reasons(change, code):
    assert code_of(replace(FITTING, **change)) == code


def test_every_flag_of_the_filters_bars():
    rule = next(rule for rule in PROGRAMMES["kafaalat"].rules_on(TODAY).all if rule.rule == "not_flagged")
    assert len(rule.own) == len(rule.spouse) == 11
    for flag in rule.own:
        assert code_of(replace(FITTING, flags=frozenset({flag}))) == "FILTERED"
        assert code_of(replace(FITTING, spouse_flags=frozenset({flag}))) == "FILTERED"


@pytest.mark.parametrize(
    ("change", "event", "code"),
    [
        ({}, {}, None),
        ({"score": Decimal("38.00")}, {}, None),
        ({"score": Decimal("38.01")}, {}, "PMT_ABOVE"),
        ({"score": Decimal(90)}, {"pmt_max": None}, None),
        ({"score": None}, {}, "UNDER_REVIEW"),
        ({"district": "Multan"}, {}, "REGION_OUTSIDE"),
        ({"district": "Multan"}, {"provinces": frozenset({"Punjab"})}, None),
        ({"district": "Multan"}, {"districts": frozenset()}, None),
        ({}, {"opens": TODAY}, None),
        ({}, {"opens": TODAY + timedelta(days=1)}, "NO_EVENT"),
        ({}, {"closes": TODAY}, None),
        ({}, {"closes": TODAY - timedelta(days=1)}, "NO_EVENT"),
        ({"cnic_status": "expired"}, {}, None),
        ({"cnic_status": "blocked"}, {}, "CNIC_BLOCKED"),
        ({"sex": "M"}, {}, None),
    ],
)
def test_emergency_reasons(change, event, code):
    assert code_of(replace(FITTING, event=replace(FLOOD, **event), **change), "emergency") == code


def test_no_event_is_a_reason():
    assert code_of(FITTING, "emergency") == "NO_EVENT"


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 6, 15), date(2018, 6, 14), 17),
        (date(2000, 6, 15), date(2018, 6, 15), 18),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 2, 29), date(2020, 2, 29), 20),
        (date(2000, 12, 31), date(2001, 1, 1), 0),
    ],
)
def test_age_counts_full_years(born, day, years):
    assert age_on(born, day) == years


@pytest.mark.parametrize(
    ("born", "passed"),
    [
        (date(2008, 6, 15), True),  # 18 today
        (date(2008, 6, 16), False),  # 18 tomorrow
        (date(1966, 6, 15), True),  # 60 today
        (date(1965, 6, 16), True),  # 61 tomorrow
        (date(1965, 6, 15), False),  # 61 today
        (None, False),
    ],
)
def test_age_rule_takes_both_ends(born, passed):
    rule = Age(rule="age", at_least=18, at_most=60)
    assert (rule.judge(replace(FITTING, born=born), date(2026, 6, 15)).code is None) is passed


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_dates_take_a_quarters_first_and_last_day(day, passed):
    first, last = clock.quarter_bounds("2026Q2")
    rule = Dates.model_validate({"rule": "dates", "from": first, "to": last})
    assert (rule.judge(FITTING, day).code is None) is passed


def test_region_and_plain_woman():
    assert Region(rule="region", provinces=("Punjab",)).judge(FITTING, TODAY).code is None
    assert Region(rule="region", districts=("Multan",)).judge(FITTING, TODAY).code == "REGION_OUTSIDE"
    unmarried = replace(FITTING, marital_status="single")
    assert Woman(rule="woman").judge(unmarried, TODAY).code is None
    assert Woman(rule="woman").judge(replace(unmarried, sex="X"), TODAY).code == "NOT_A_WOMAN"


@pytest.mark.parametrize(
    ("change", "enrolled", "outcome"),
    [
        ({}, False, "may_apply"),
        ({}, True, "enrolled"),
        ({"cnic_status": "expired"}, True, "enrolled"),
        ({"cnic_status": "expired"}, False, "not_eligible"),
        ({"alive": False}, True, "deceased"),
        ({"surveyed": False}, False, "survey_needed"),
        ({"checking": True}, False, "under_review"),
        ({"score": Decimal(44)}, False, "not_eligible"),
        ({"resurvey_by": TODAY - timedelta(days=1)}, False, "survey_needed"),
    ],
)
def test_outcomes(change, enrolled, outcome):
    reasons = judge(PROGRAMMES["kafaalat"].rules_on(TODAY).all, replace(FITTING, **change), TODAY)
    assert outcome_of(reasons, enrolled=enrolled) == outcome
