"""The cast's health cards."""

import pytest


def cover(core, ending):
    return core.health.cover(core.registry.persons_on(f"+9230012345{ending}")[0].id)


@pytest.mark.parametrize(
    ("ending", "standing", "secondary", "priority"),
    [
        ("11", "active", 40_000, 400_000),
        ("01", "active", 60_000, 400_000),
        ("04", "active", 60_000, 125_000),
        ("06", "ended", 60_000, 300_000),
    ],
)
def test_what_is_left(core, ending, standing, secondary, priority):
    found = cover(core, ending)
    assert (found.standing, found.secondary_left, found.priority_left) == (standing, secondary, priority)


def test_an_open_admission_may_pass_the_limit(core):
    found = cover(core, "02")
    assert (found.secondary_used, found.secondary_limit, found.secondary_left) == (67_000, 60_000, 0)
    assert found.admitted_at == "Lahore General Hospital"
    assert found.admitted_on is not None


def test_who_has_no_cover(core):
    assert cover(core, "12") is None
    assert core.health.cover(987654) is None
