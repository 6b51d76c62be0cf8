"""Places near her: which verb answers what, over a directory of a few places."""

from dataclasses import dataclass

import pytest

from gateway.actions.places import CHOICES, KINDS
from gateway.core.port import SERVICES, Facility, LinkedPerson
from tests.actions.small_core import SmallRegistry, ask, small_core

HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
OTHER = LinkedPerson(9, "5168", has_pin=True, details_by_sms=False)


def place(code, kind="hospital", near="tehsil", services=(), **facts):
    return Facility(
        code, kind, f"Place {code}", "Main Road", "Sialkot", "Sialkot", services=services, near=near, **facts
    )


@dataclass
class Places:
    facilities_: tuple[Facility, ...] = ()
    home: str | None = "Sialkot"
    spelt: tuple[str, ...] = ("Sialkot",)

    def tehsil_of(self, person):
        return self.home if person in {7, 9} else None

    def tehsils(self, like, limit=5):
        return self.spelt

    def facilities(self, kind, tehsil, service="", limit=6):
        fitting = [each for each in self.facilities_ if each.kind == kind]
        return tuple(each for each in fitting if not service or service in each.services)[:limit]

    def facility(self, code):
        return next((each for each in self.facilities_ if each.code == code), None)


def ids(outcome, rows="places"):
    return [row["id"] for row in outcome.values[rows]]


def test_places_near_her_own_tehsil_end_with_the_way_to_another(run):
    core = small_core(directory=Places((place("a"), place("b"))))
    assert ids(run("near_hospital", core, ask())) == ["a", "b", "elsewhere"]


def test_at_most_six_rows_whatever_there_is(run):
    core = small_core(directory=Places(tuple(place(str(number)) for number in range(9))))
    assert len(ids(run("near_hospital", core, ask()))) == 6
    assert len(ids(run("find_hospital", core, ask(answer="sialkot")))) == 6


def test_a_text_offers_no_row_that_needs_a_key(run):
    core = small_core(directory=Places((place("a"),)))
    assert ids(run("near_hospital", core, ask(medium="sms"))) == ["a"]


def test_places_of_the_province_only_where_none_is_nearer(run):
    far = place("far", near="province")
    assert ids(run("near_clinic", small_core(directory=Places((place("c", "clinic", "province"),))), ask())) == [
        "c",
        "elsewhere",
    ]  # fmt: skip
    core = small_core(directory=Places((place("district", near="district"), far)))
    assert ids(run("near_hospital", core, ask())) == ["district", "elsewhere"]


@pytest.mark.parametrize(
    ("linked", "person", "name"),
    [
        ((HER,), None, "listed"),
        ((HER, OTHER), None, "untold"),
        ((HER, OTHER), 9, "listed"),
        ((), None, "untold"),
        ((LinkedPerson(7, "5012", has_pin=True, details_by_sms=True, alive=False),), None, "untold"),
    ],
)
def test_whose_tehsil_counts(run, linked, person, name):
    core = small_core(registry=SmallRegistry(linked), directory=Places((place("a"),)))
    assert run("near_hospital", core, ask(person=person)).name == name


def test_the_service_picked_holds_for_the_tehsil_typed_next(run):
    core = small_core(directory=Places((place("a"), place("h", services=("heart",))), home=None))
    untold = run("near_hospital", core, ask(picked="heart"))
    assert (untold.name, untold.keep) == ("untold", {"service": "heart"})
    assert ids(run("find_hospital", core, ask(answer="sialkot", kept=untold.keep))) == ["h"]
    any_help = run("near_hospital", core, ask(picked="any", kept=untold.keep))
    assert any_help.keep == {"service": ""}


@pytest.mark.parametrize(
    ("spelt", "name"), [(("Sialkot",), "listed"), (("Lyari", "Lahore City"), "similar"), ((), "unknown")]
)
def test_what_was_typed(run, spelt, name):
    outcome = run("find_hospital", small_core(directory=Places((place("a"),), spelt=spelt)), ask(answer="x"))
    assert outcome.name == name
    if name == "similar":
        assert ids(outcome, "tehsils") == ["Lyari", "Lahore City"]


@pytest.mark.parametrize("verb", ["near_clinic", "find_clinic"])
def test_no_such_place(run, verb):
    assert run(verb, small_core(directory=Places((place("a"),))), ask(answer="sialkot")).name == "none"


@pytest.mark.parametrize(
    ("picked", "name"), [("a", "found"), ("elsewhere", "elsewhere"), ("c", "none"), ("gone", "none")]
)
def test_the_one_picked(run, picked, name):
    core = small_core(directory=Places((place("a", phone="052-1"), place("c", "clinic"))))
    outcome = run("picked_hospital", core, ask(picked=picked))
    assert outcome.name == name
    if name == "found":
        assert outcome.values == {
            "place": "Place a",
            "address": "Main Road",
            "town": "Sialkot",
            "contact": "052-1",
        }


@pytest.mark.parametrize("kind", CHOICES)
def test_services_to_choose_from_are_those_that_files_may_name(run, kind):
    outcome = run(f"{kind}_services", small_core(), ask())
    assert set(ids(outcome, "services")) <= {*SERVICES, "any"}
    assert len(ids(outcome, "services")) <= 6
    assert kind in KINDS
