"""The shipped programmes at the boundaries of their rules, on facts alone; and the rules that none of them uses yet."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.core.embedded.conditions import Attendance, LevelAge
from gateway.core.embedded.rules import Disability, InProgramme, Marital, OfSex, PmtScore, Region, judge
from gateway.core.embedded.rules.rule import Whom
from tests.core.test_rules import FITTING, PROGRAMMES, code_of

DAY = date(2026, 11, 22)
HERE = replace(FITTING, province="punjab", district="lahore")
FAMILY = replace(
    HERE,
    enrolled=frozenset({"kafaalat"}),
    family_enrolled=frozenset({"kafaalat"}),
    children=(date(2016, 3, 9),),
)


@pytest.mark.parametrize(
    ("score", "code"), [("0.00", None), ("40.00", None), ("40.01", "PMT_ABOVE"), (None, "UNDER_REVIEW")]
)
def test_the_score_for_a_loan(score, code):
    assert code_of(replace(HERE, score=score and Decimal(score)), "loan", DAY) == code


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(2008, 11, 23), "AGE_OUTSIDE"),  # 18 tomorrow
        (date(2008, 11, 22), None),  # 18 today
        (date(2008, 11, 21), None),
        (date(1966, 11, 23), None),  # 60 tomorrow
        (date(1966, 11, 22), None),  # 60 today
        (date(1966, 11, 21), None),  # 60 since yesterday
        (date(1965, 11, 23), None),  # 61 tomorrow
        (date(1965, 11, 22), "AGE_OUTSIDE"),  # 61 today
        (None, "AGE_OUTSIDE"),
    ],
)
def test_the_age_for_a_loan(born, code):
    assert code_of(replace(HERE, born=born), "loan", DAY) == code


@pytest.mark.parametrize(
    ("sex", "married"), [("M", "single"), ("F", "single"), ("X", "single"), ("M", "married")]
)
def test_a_loan_asks_for_no_sex_and_no_marriage(sex, married):
    assert code_of(replace(HERE, sex=sex, marital_status=married), "loan", DAY) is None


BEFORE, STOPPED, GAP, AGAIN = date(2024, 3, 30), date(2024, 3, 31), date(2026, 1, 15), date(2026, 1, 16)


@pytest.mark.parametrize(
    ("province", "district", "covered_on"),
    [
        ("kp", "swat", {BEFORE, STOPPED, GAP, AGAIN}),
        ("punjab", "lahore", {BEFORE, STOPPED, GAP, AGAIN}),
        ("sindh", "tharparkar", {BEFORE, STOPPED, GAP, AGAIN}),
        ("islamabad", "islamabad", {BEFORE, AGAIN}),
        ("ajk", "mirpur", {BEFORE, AGAIN}),
        ("gb", "gilgit", {BEFORE, AGAIN}),
        ("sindh", "larkana", set()),
        ("balochistan", "quetta", set()),
    ],
)
def test_the_health_card_by_province_and_day(province, district, covered_on):
    facts = replace(HERE, province=province, district=district)
    found = {day for day in (BEFORE, STOPPED, GAP, AGAIN) if code_of(facts, "sehat", day) is None}
    assert found == covered_on


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "REGION_OUTSIDE"),
        ({"disability": True}, None),
        ({"sex": "X"}, None),
        ({"score": Decimal(5)}, "REGION_OUTSIDE"),
    ],
)
def test_whom_the_health_card_covers_anywhere(change, code):
    facts = replace(HERE, province="balochistan", district="quetta", **change)
    assert code_of(facts, "sehat", DAY) == code


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(2022, 11, 23), "NO_CHILD"),  # 4 tomorrow
        (date(2022, 11, 22), None),
        (date(2003, 11, 23), None),  # 23 tomorrow
        (date(2003, 11, 22), "NO_CHILD"),
    ],
)
def test_a_child_for_school_money(born, code):
    assert code_of(replace(FAMILY, children=(born,)), "education", DAY) == code


@pytest.mark.parametrize("programme", ["education", "nashonuma", "skills"])
@pytest.mark.parametrize(
    ("own", "family", "code"),
    [
        ({"kafaalat"}, {"kafaalat"}, None),
        (set(), {"kafaalat"}, None),
        (set(), set(), "NOT_IN_PROGRAMME"),
        ({"emergency"}, {"loan"}, "NOT_IN_PROGRAMME"),
    ],
)
def test_what_hangs_on_kafaalat(programme, own, family, code):
    facts = replace(FAMILY, enrolled=frozenset(own), family_enrolled=frozenset(family))
    assert code_of(facts, programme, DAY) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"born": date(2011, 11, 23)}, "AGE_OUTSIDE"),
        ({"born": date(2011, 11, 22)}, None),
        ({"born": date(1976, 11, 23)}, None),
        ({"born": date(1976, 11, 22)}, "AGE_OUTSIDE"),
        ({"sex": "M"}, "SEX_OUTSIDE"),
    ],
)
def test_whom_nashonuma_is_for(change, code):
    assert code_of(replace(FAMILY, **change), "nashonuma", DAY) == code


@pytest.mark.parametrize(
    ("born", "children", "code"),
    [
        (date(2006, 1, 1), (), None),
        (date(1985, 1, 1), (date(2006, 1, 1),), None),
        (date(1985, 1, 1), (date(2016, 1, 1),), "NO_CHILD"),
        (None, (), "NO_CHILD"),
    ],
)
def test_a_scholarship_is_for_the_student_and_for_a_mother_of_one(born, children, code):
    assert code_of(replace(HERE, born=born, children=children), "scholarship", DAY) == code


# -- rates and conditions ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("programme", "day", "level", "sex", "province", "amount"),
    [
        ("sehat", DAY, "secondary", "", "punjab", 60_000),
        ("sehat", DAY, "priority", "", "punjab", 400_000),
        ("sehat", DAY, "priority", "F", "kp", 300_000),
        ("sehat", DAY, "priority", "", "", 300_000),
        ("education", date(2023, 12, 31), "primary", "M", "", 1_500),
        ("education", date(2024, 1, 1), "primary", "M", "", 2_000),
        ("education", date(2023, 12, 31), "primary", "F", "sindh", 2_000),
        ("education", date(2024, 1, 1), "primary", "F", "sindh", 2_500),
        ("education", DAY, "secondary", "F", "", 3_500),
        ("education", DAY, "higher_secondary", "M", "", 4_000),
        ("education", DAY, "primary_completion", "F", "", 3_000),
        ("education", DAY, "primary_completion", "M", "", None),
        ("education", DAY, "", "F", "", None),
        ("nashonuma", DAY, "", "F", "", 2_000),
        ("nashonuma", DAY, "child", "M", "", 2_000),
        ("nashonuma", DAY, "child", "F", "", 2_500),
        ("loan", DAY, "most", "", "", 75_000),
        ("kafaalat", DAY, "", "F", "punjab", 13_500),
    ],
)
def test_rates_by_level_sex_and_province(programme, day, level, sex, province, amount):  # noqa: PLR0917
    assert PROGRAMMES[programme].rate_on(day, level, sex, province) == amount


def attendance():
    return next(each for each in PROGRAMMES["education"].conditions_on(DAY) if isinstance(each, Attendance))


@pytest.mark.parametrize(
    ("present", "days", "quarter", "met"),
    [
        (42, 60, 2, True),  # the seventieth percent exactly
        (41, 60, 2, False),
        (699, 1000, 2, False),
        (700, 1000, 2, True),
        (0, 60, 1, True),  # the quarter of the enrolment asks for none
        (0, 0, 1, True),
        (0, 0, 2, False),
        (60, 60, 2, True),
    ],
)
def test_attendance(present, days, quarter, met):
    assert attendance().met(present, days, quarter) is met


@pytest.mark.parametrize(
    ("level", "years", "met"),
    [
        ("primary", 3, False), ("primary", 4, True), ("primary", 12, True), ("primary", 13, False),
        ("secondary", 7, False), ("secondary", 8, True), ("secondary", 18, True), ("secondary", 19, False),
        ("higher_secondary", 12, False), ("higher_secondary", 13, True), ("higher_secondary", 22, True),
        ("higher_secondary", 23, False),
    ],
)  # fmt: skip
def test_ages_of_levels(level, years, met):
    ages = {
        each.level: each for each in PROGRAMMES["education"].conditions_on(DAY) if isinstance(each, LevelAge)
    }
    assert ages[level].met(years) is met


def test_conditions_are_in_force_from_their_day():
    education = PROGRAMMES["education"]
    first = education.conditions[0].opens
    assert education.conditions_on(first)
    assert education.conditions_on(date(first.year - 1, 12, 31)) == ()
    assert PROGRAMMES["loan"].conditions_on(DAY) == ()


# -- rules that the shipped programmes do not use ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "change", "code"),
    [
        (OfSex(rule="sex", one_of=("F", "X")), {"sex": "X"}, None),
        (OfSex(rule="sex", one_of=("F", "X")), {"sex": "M"}, "SEX_OUTSIDE"),
        (Marital(rule="marital", one_of=("widowed", "divorced")), {"marital_status": "widowed"}, None),
        (Marital(rule="marital", one_of=("widowed",)), {"marital_status": "married"}, "MARITAL_OUTSIDE"),
        (Disability(rule="disability"), {"disability": True}, "NOT_DISABLED"),
        (Disability(rule="disability"), {"disabled": True, "disability": True}, None),
        (Disability(rule="disability", of="household"), {"disability": True}, None),
        (InProgramme(rule="in_programme", programme="loan"), {"enrolled": frozenset({"loan"})}, None),
        (
            InProgramme(rule="in_programme", programme="loan"),
            {"family_enrolled": frozenset({"loan"})},
            "NOT_IN_PROGRAMME",
        ),
    ],
)
def test_rules_by_themselves(rule, change, code):
    assert rule.judge(replace(FITTING, **change), DAY).code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"score": Decimal("30.01")}, "PMT_ABOVE"),
        ({"score": Decimal("30.01"), "marital_status": "widowed"}, None),
        ({"score": Decimal("35.01"), "marital_status": "widowed"}, "PMT_ABOVE"),
        ({"score": Decimal("35.01"), "marital_status": "widowed", "disability": True}, None),
        ({"score": Decimal("35.01"), "disability": True}, "PMT_ABOVE"),
        ({"score": Decimal("40.01"), "marital_status": "widowed", "disability": True}, "PMT_ABOVE"),
    ],
)
def test_a_ceiling_for_who_has_all_that_an_exception_names(change, code):
    rule = PmtScore.model_validate(
        {
            "rule": "score",
            "at_most": "30.00",
            "except": [
                {"marital": ["widowed"], "at_most": "35.00"},
                {"marital": ["widowed"], "household": "disability", "at_most": "40.00"},
            ],
        }
    )
    (reason,) = judge([rule], replace(FITTING, **change), DAY)
    assert (None if reason.passed else reason.code) == code


def test_an_exception_that_names_nobody_is_refused():
    with pytest.raises(ValueError, match="an exception names"):
        Whom()
    with pytest.raises(ValueError, match="an exception names"):
        Region.model_validate({"rule": "region", "provinces": ["kp"], "except": [{}]})


def test_the_shipped_rules_name_provinces_that_there_are():
    with Path("config/demo/provinces.csv").open(encoding="utf-8") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    named = {
        province
        for programme in PROGRAMMES.entries.values()
        for rules in programme.rules
        for rule in rules.all
        if isinstance(rule, Region)
        for province in rule.provinces
    }
    named |= {rate.province for each in PROGRAMMES.entries.values() for rate in each.rates if rate.province}
    assert named <= known
