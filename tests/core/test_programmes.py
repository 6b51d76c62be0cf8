"""`config/programmes.yaml`: what stands in it, and that a fault names its place."""

from datetime import date
from pathlib import Path

import pytest

from gateway import clock
from gateway.core.embedded.programmes import load_programmes
from gateway.errors import FileFault

SHIPPED = Path("config/programmes.yaml")

GOOD = """\
kafaalat:
  name: Kafaalat
  rules:
    - from: 2020-01-01
      all:
        - rule: score
          at_most: 32.00
  rates:
    - {from: 2020-01-01, amount: 13500}
"""


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2008, 6, 30), None),
        (date(2008, 7, 1), 3000),
        (date(2022, 12, 31), 7000),
        (date(2023, 1, 1), 8500),
        (date(2023, 3, 31), 8500),
        (date(2023, 4, 1), 8750),
        (date(2023, 7, 1), 9000),
        (date(2024, 1, 1), 10500),
        (date(2024, 12, 31), 10500),
        (date(2025, 1, 1), 13500),
        (date(2026, 1, 1), 13500),
    ],
)
def test_kafaalat_rates_by_date(day, amount):
    assert load_programmes(SHIPPED)["kafaalat"].rate_on(day) == amount


def test_a_rule_set_counts_from_its_day_to_its_last(tmp_path):
    file = tmp_path / "programmes.yaml"
    file.write_text(GOOD.replace("- from: 2020-01-01\n", "- from: 2020-01-01\n      until: 2020-12-31\n", 1))
    programmes = load_programmes(file)
    assert programmes["kafaalat"].rules_on(date(2019, 12, 31)) is None
    assert programmes["kafaalat"].rules_on(date(2020, 12, 31)) is not None
    assert programmes["kafaalat"].rules_on(date(2021, 1, 1)) is None


def test_a_changed_rule_is_another_version(tmp_path):
    file, today = tmp_path / "programmes.yaml", clock.today()
    file.write_text(GOOD)
    first = load_programmes(file).version("kafaalat", today)
    assert first == load_programmes(file).version("kafaalat", today)
    file.write_text(GOOD.replace("32.00", "33.00"))
    second = load_programmes(file).version("kafaalat", today)
    assert first.partition("#")[0] == second.partition("#")[0] == "kafaalat@2020-01-01"
    assert first != second


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rule: score", "rule: ghost", ":6: kafaalat.rules[0].all[0]: "),
        ("32.00", "132.00", ":7: kafaalat.rules[0].all[0].at_most: "),
        ("32.00", "32.001", ":7: kafaalat.rules[0].all[0].at_most: "),
        ("13500", "-1", ":9: kafaalat.rates[0].amount: "),
        ("13500", "many", ":9: kafaalat.rates[0].amount: "),
        ("- from: 2020-01-01", "- from: 2020-02-30", ":4: kafaalat.rules[0].from: "),
        ("          at_most: 32.00\n", "", ":6: kafaalat.rules[0].all[0].at_most: "),
        ("name: Kafaalat", "name: Kafaalat\n  name: Again", ":3: kafaalat.name: given twice"),
        ("name: Kafaalat", "nmae: Kafaalat", ":2: kafaalat.nmae: "),
        ("kafaalat:", "Kafaalat Programme:", ":2: Kafaalat Programme: "),
        ("amount: 13500}", "amount: 1}\n    - {from: 2020-01-01, amount: 2}", ":2: kafaalat: two rates"),
        ("kafaalat:", "kafaalat: [", ":"),
        (GOOD, "", ":1: holds no programme"),
        (GOOD, "- a list", ":1: file: "),
    ],
)
def test_a_fault_names_its_place(tmp_path, old, new, fault):
    file = tmp_path / "programmes.yaml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(FileFault) as caught:
        load_programmes(file)
    assert any(line.startswith(f"{file}{fault}") for line in caught.value.faults), caught.value.faults


def test_every_fault_is_told_at_once(tmp_path):
    file = tmp_path / "programmes.yaml"
    file.write_text(GOOD.replace("32.00", "132").replace("13500", "0"))
    with pytest.raises(FileFault) as caught:
        load_programmes(file)
    assert len(caught.value.faults) == 2


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(FileFault, match="cannot be read"):
        load_programmes(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (
            "{rule: in_programme, programme: ghost}",
            ":7: kafaalat.rules[0].all[0].programme: `ghost` is no programme",
        ),
        ("{rule: in_programme, programme: kafaalat, of: roof}", ":7: kafaalat.rules[0].all[0].of: "),
        (
            "{rule: region, provinces: [kp], except: [{sex: Q}]}",
            ":7: kafaalat.rules[0].all[0].except[0].sex: ",
        ),
        (
            "{rule: region, provinces: [kp], except: [{}]}",
            ":7: kafaalat.rules[0].all[0].except[0]: an exception",
        ),
        ("{rule: child, at_least: 9, at_most: 4}", ":7: kafaalat.rules[0].all[0]: at_least is above"),
        ("{rule: marital, one_of: [engaged]}", ":7: kafaalat.rules[0].all[0].one_of[0]: "),
        ("{rule: disability, of: cousin}", ":7: kafaalat.rules[0].all[0].of: "),
        ("{rule: sex, one_of: []}", ":7: kafaalat.rules[0].all[0].one_of: "),
    ],
)
def test_a_faulty_rule_names_its_place(tmp_path, rule, fault):
    file = tmp_path / "programmes.yaml"
    file.write_text(
        GOOD.replace("        - rule: score\n          at_most: 32.00\n", f"        -\n          {rule}\n")
    )
    with pytest.raises(FileFault) as caught:
        load_programmes(file)
    assert any(line.startswith(f"{file}{fault}") for line in caught.value.faults), caught.value.faults


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("{condition: attendance, at_least: 101}", ".all[0].at_least: "),
        ("{condition: attendance, at_least: 0}", ".all[0].at_least: "),
        ("{condition: homework}", ".all[0]: "),
        ("{condition: age, level: primary, at_least: 12, at_most: 4}", ".all[0]: at_least is above"),
        ("{condition: visit, stage: pregnant, kinds: [spa]}", ".all[0].kinds[0]: "),
    ],
)
def test_a_faulty_condition_names_its_place(tmp_path, condition, fault):
    file = tmp_path / "programmes.yaml"
    file.write_text(f"{GOOD}  conditions:\n    - from: 2020-01-01\n      all:\n        - {condition}\n")
    with pytest.raises(FileFault) as caught:
        load_programmes(file)
    where = f"{file}:13: kafaalat.conditions[0]{fault}"
    assert any(line.startswith(where) for line in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("what", ["rules", "conditions"])
def test_a_set_does_not_end_before_it_begins(tmp_path, what):
    file = tmp_path / "programmes.yaml"
    more = "  conditions:\n    - from: 2020-01-01\n      all: [{condition: attendance, at_least: 70}]\n"
    head, _, tail = f"{GOOD}{more}".partition(f"  {what}:\n    - from: 2020-01-01\n")
    file.write_text(f"{head}  {what}:\n    - from: 2020-01-01\n      until: 2019-12-31\n{tail}")
    with pytest.raises(FileFault, match=rf"kafaalat\.{what}\[0\]: ends before it begins"):
        load_programmes(file)


def test_rates_may_begin_on_one_day_for_different_people(tmp_path):
    file = tmp_path / "programmes.yaml"
    file.write_text(
        f"{GOOD}    - {{from: 2020-01-01, sex: F, amount: 1}}\n    - {{from: 2020-01-01, province: kp, amount: 2}}\n"
    )
    programme = load_programmes(file)["kafaalat"]
    day = date(2026, 1, 1)
    assert [programme.rate_on(day, "", *who) for who in (("M", "punjab"), ("F", "punjab"), ("F", "kp"))] == [
        13500,
        1,
        2,
    ]
