import pytest


def test_the_office_of_her_tehsil(core):
    her = core.registry.persons_on("+923001234502")[0].id
    office = core.directory.office_of(her)
    assert (office.name, office.district, office.tehsil) == ("BISP Model Town", "Lahore", "Model Town")
    assert office.address
    assert office.hours


def test_nobody_has_no_office(core):
    assert core.directory.office_of(987654) is None


def test_all_offices_of_a_district(core):
    assert [each.tehsil for each in core.directory.offices("lahore")] == ["Lahore City", "Model Town"]
    assert core.directory.offices("Atlantis") == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lahore", ("Lahore",)),
        (" lahore ", ("Lahore",)),
        ("lahor", ("Lahore",)),
        ("karachi south", ("Karachi South",)),
        ("nowshero feroz", ("Naushahro Feroze",)),
        ("xyzzy", ()),
        ("", ()),
    ],
)
def test_districts_by_what_people_type(core, typed, found):
    assert core.directory.districts(typed) == found


def test_a_part_of_several_names_offers_them_all(core):
    assert set(core.directory.districts("karachi")) == {"Karachi Central", "Karachi South"}
    assert len(core.directory.districts("karachi", limit=1)) == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Sheikhupura", ("Sheikhupura",)),
        ("shekhupura", ("Sheikhupura",)),
        ("lyary", ("Lyari",)),
        ("swat", ("Babuzai",)),  # a district's name stands for its tehsils
        ("karachi", ("Liaquatabad", "Lyari")),
        ("xyzzy", ()),
        ("", ()),
    ],
)
def test_tehsils_by_what_people_type(core, typed, found):
    assert core.directory.tehsils(typed) == found


def test_the_tehsil_where_she_lives(core):
    her = core.registry.persons_on("+923001234511")[0].id
    assert core.directory.tehsil_of(her) == "Sheikhupura"
    assert core.directory.tehsil_of(987654) is None


def test_places_nearest_first_and_of_her_province_alone(core):
    found = core.directory.facilities("hospital", "model town")
    assert [each.near for each in found][:2] == ["tehsil", "district"]
    assert [each.code for each in found][:2] == ["lgh-lahore", "mayo-lahore"]
    assert {each.near for each in found[2:]} == {"province"}
    assert len(found) == 6
    assert core.directory.facilities("hospital", "Atlantis") == ()


def test_places_that_offer_a_service(core):
    found = core.directory.facilities("hospital", "Sheikhupura", "cancer")
    assert {each.code for each in found} == {"allied-faisalabad", "nishtar-multan"}
    assert core.directory.facilities("hospital", "Quetta City", "tb") == ()


@pytest.mark.parametrize("kind", ["hospital", "clinic", "loan_centre"])
def test_every_demo_tehsil_has_one_of_each(core, kind):
    for tehsil in ("Lahore City", "Model Town", "Sialkot", "Lyari", "Kandiaro", "Babuzai", "Islamabad"):
        assert core.directory.facilities(kind, tehsil, limit=1)[0].near == "tehsil"


def test_one_place_by_its_code(core):
    place = core.directory.facility("dhq-sheikhupura")
    assert (place.name, place.kind, place.tehsil) == ("DHQ Hospital Sheikhupura", "hospital", "Sheikhupura")
    assert core.directory.facility("nowhere") is None
