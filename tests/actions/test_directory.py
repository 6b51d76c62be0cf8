from dataclasses import replace

from tests.actions.small_core import OFFICE, SmallDirectory, ask, small_core


def test_her_own_office(run):
    outcome = run("nearest_office", small_core(), ask())
    assert (outcome.name, outcome.values["office"], outcome.values["hours"]) == (
        "found",
        OFFICE.name,
        OFFICE.hours,
    )


def test_no_office_known_for_her(run):
    assert run("nearest_office", small_core(directory=SmallDirectory(own=None)), ask()).name == "none"


def test_a_district_with_one_office_tells_it(run):
    outcome = run("find_offices", small_core(), ask(answer="Lahore"))
    assert (outcome.name, outcome.values["office"]) == ("found", OFFICE.name)


def test_several_offices_are_listed_and_the_one_picked_is_told(run):
    other = replace(OFFICE, name="BISP Model Town", address="Link Road")
    core = small_core(directory=SmallDirectory(known={"Lahore": (OFFICE, other)}))
    listed = run("find_offices", core, ask(answer="Lahore"))
    assert (listed.name, listed.values["district"]) == ("several", "Lahore")
    assert [row["office"] for row in listed.values["offices"]] == [OFFICE.name, other.name]
    picked = run("picked_office", core, ask(picked=other.name, kept=listed.keep))
    assert (picked.name, picked.values["address"]) == ("found", "Link Road")


def test_an_office_that_is_not_on_the_list(run):
    assert (
        run("picked_office", small_core(), ask(picked="BISP Nowhere", kept={"district": "Lahore"})).name
        == "none"
    )


def test_one_near_spelling_is_taken(run):
    assert run("find_offices", small_core(), ask(answer="lahor")).name == "found"


def test_several_near_spellings_are_offered_and_the_one_picked_counts(run):
    directory = SmallDirectory(spellings=("Lahore", "Larkana"))
    outcome = run("find_offices", small_core(directory=directory), ask(answer="la"))
    assert [row["id"] for row in outcome.values["places"]] == ["Lahore", "Larkana"]
    picked = run("find_offices", small_core(directory=directory), ask(answer="la", picked="Lahore"))
    assert picked.name == "found"


def test_a_tehsil_of_that_very_name_comes_before_districts_spelt_like_it(run):
    directory = SmallDirectory(
        known={"Model Town": (OFFICE,)}, spellings=("Multan", "Mardan"), tehsil_names=("Model Town",)
    )
    assert run("find_offices", small_core(directory=directory), ask(answer="model  town")).name == "found"
    outcome = run("find_offices", small_core(directory=directory), ask(answer="modl"))
    assert [row["id"] for row in outcome.values["places"]] == ["Multan", "Mardan", "Model Town"]


def test_a_district_nobody_knows(run):
    assert (
        run("find_offices", small_core(directory=SmallDirectory(spellings=())), ask(answer="zz")).name
        == "none"
    )


def test_a_district_without_an_office(run):
    assert (
        run("find_offices", small_core(directory=SmallDirectory(known={})), ask(answer="Lahore")).name
        == "none"
    )
