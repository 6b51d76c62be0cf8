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
