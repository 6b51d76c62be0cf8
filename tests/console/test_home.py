"""The first page: what waits for her who sits here, and whom she opened today; and the box that finds, on every page."""

import re

import pytest

from tests.console.acting import act
from tests.console.phones import person_of
from tests.transcripts.script import cast

CAST = cast()
READY, DISABLED = CAST["ready"], CAST["disabled"]


def tiles(page):
    return {
        name: int(count) for name, count in re.findall(r'/queues/(\w+)"[^>]*><b class="\w*">(\d+)</b>', page)
    }


def test_her_cases_stand_there_by_what_is_due_first(gateway, colleague):
    her = colleague().sign_in("agent")
    assert set(tiles(her.open("/").text).values()) == {0}
    references = []
    for category in ("appeal", "scam", "biometric"):
        _, confirm = act(
            her, f"/persons/{person_of(gateway, READY)}/case", category=category, words="As she said."
        )
        references.append(confirm().location.rpartition("/")[2])
    for reference in references:
        act(her, f"/cases/{reference}/take")[1]()
    page = her.open("/").text
    assert tiles(page)["mine"] == tiles(page)["open"] == 3
    assert tiles(page)["unassigned"] == 0
    appeal, scam, biometric = references
    assert re.findall(r'/cases/(\d{8})"', page) == [scam, biometric, appeal]
    other = colleague("10.0.0.2").sign_in("supervisor").open("/").text
    assert references[0] not in other
    read = gateway.services.staff.audit.entries(act="queue_read", subject="queue:mine")
    assert len(read) == 1  # the page that named cases
    assert tiles(other)["open"] == 3


def test_callers_of_today_are_a_click_away_masked_and_hers_alone(gateway, colleague):
    her, other = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("female")
    first, second = person_of(gateway, READY), person_of(gateway, DISABLED)
    for person in (first, second, first):
        her.open(f"/persons/{person}")
    page = her.open("/").text
    assert re.findall(r'href="/console/persons/(\d+)"', page) == [str(first), str(second)]
    assert "*****-****501-2" in page
    assert READY["cnic"] not in page
    assert "/console/persons/" not in other.open("/").text


@pytest.mark.parametrize(
    ("name", "finds"), [("agent", True), ("officer", True), ("auditor", True), ("admin", False)]
)
def test_the_box_that_finds_is_on_every_page_of_who_may_find(colleagues, name, finds):
    her = colleagues(name)
    for path in ("/", "/me"):
        assert her.open(path).text.count('id="find"') == finds, path
    assert ("/console/queues/" in her.open("/").text) == finds


def test_every_form_and_confirming_page_says_for_whom_it_is_and_is_a_look_up(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    for path in ("case", "text", "call-back", "pay-point"):
        page = her.open(f"/persons/{person}/{path}").text
        assert '<p class="whom">' in page
        assert "*****-****501-2" in page
        noted = gateway.services.staff.audit.entries(limit=1)[0]
        assert (noted.act, noted.subject) == ("form_opened", f"person:{person}")
    refused = colleague("10.0.0.3").sign_in("auditor").open(f"/persons/{person}/text")
    assert refused.status_code == 403
    assert "*****-****501-2" not in refused.text
    assert her.open(f"/persons/{10**20}/case").status_code == 404
