"""The caller's page: what it says, what it hides, what it costs."""

import re
from datetime import timedelta

import pytest
import time_machine
from prometheus_client import REGISTRY

from tests.parts.console import Colleague
from tests.parts.gateway import DAY

# The sitting, its renewal and the audit's row are the frame's; the rest is the page's own, whoever the caller is.
MOST_STATEMENTS = 20


def person_of(gateway, cnic):
    return gateway.services.core.desk.person_of(cnic.replace("-", ""))


def statements():
    return REGISTRY.get_sample_value("gateway_sql_statements_total")


def test_one_page_answers_the_call(shared_gateway, colleagues):
    her = person_of(shared_gateway, "35202-1234501-2")
    page = colleagues("agent").open(f"/persons/{her}").text
    for said in ("*****-****501-2", "S... B...", "Rs 13,500", "HBL Konnect Mozang", "ready to collect", "Lahore",
                 "+92*******501", "SIM in her name", "poverty score", "kafaalat@", "passed", "has a PIN"):  # fmt: skip
        assert said in page
    for hidden in ("Shazia", "35202-1234501-2", "3520212345012", "3001234501", "Mozang, street", "street 3"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("cnic", "said"),
    [
        ("42101-1234503-6", "ready at the branch"),
        ("17301-1234504-8", "CNIC expired"),
        ("17102-1234513-2", "recorded as dead"),
        ("35202-1234507-6", "not eligible"),
        ("38403-1234509-2", "under review"),
        ("15602-1234515-6", "shared phone"),
        ("61101-1234519-6", "SIM not in her name"),
    ],
)
def test_each_of_the_cast_is_told_apart(shared_gateway, colleagues, cnic, said):
    assert said in colleagues("agent").open(f"/persons/{person_of(shared_gateway, cnic)}").text


def test_a_session_and_a_message_stand_there(gateway, colleague):
    phone = gateway.phone("+923001234501")
    phone.dial()
    gateway.reply_to(phone, "35202-1234501-2")
    gateway.services.journal.drain()
    page = colleague().sign_in("agent").open(f"/persons/{person_of(gateway, '35202-1234501-2')}").text
    assert "Last session" in page
    assert "waiting to go out" in page
    assert "8171:" in page


def test_it_costs_a_bounded_number_of_statements(gateway, colleague):
    her = colleague().sign_in("agent")
    for cnic in ("35202-1234501-2", "35202-1234502-4", "36302-1234508-8"):
        person = person_of(gateway, cnic)
        before = statements()
        her.open(f"/persons/{person}" if person else "/phones/" + "0" * 32)
        assert statements() - before <= MOST_STATEMENTS


@pytest.mark.parametrize("name", ["admin"])
def test_who_may_not_see_callers_guesses_ids_in_vain(shared_gateway, colleagues, name):
    her = colleagues(name)
    for path in ("/persons/1", "/persons/999999", "/phones/" + "0" * 32):
        answer = her.open(path)
        assert answer.status_code == 403
        assert "*****" not in answer.text


def test_an_auditor_reads_and_is_offered_no_reveal(shared_gateway, colleagues):
    page = colleagues("auditor").open("/persons/1").text
    assert "Rs" in page
    assert 'action="/console/persons/1/reveal"' not in page


def test_titles_name_nobody(shared_gateway, colleagues):
    for path in ("/persons/1", "/phones/" + "0" * 32):
        title = re.search("<title>(.*?)</title>", colleagues("agent").open(path).text)[1]
        assert not re.search(r"\d{3}-\d|\.\.\.|\*\*\*|\+92", title)


REASON = {"field": "name", "kind": "identity", "words": "she cannot say her number"}


def test_a_reveal_shows_one_field_to_who_asked_for_ten_minutes(gateway, colleague):
    person = person_of(gateway, "35202-1234501-2")
    with time_machine.travel(DAY, tick=False) as clock:
        agent, other = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("female")
        asked = agent.send(f"/persons/{person}/reveal", seen_on=f"/persons/{person}", **REASON)
        assert (asked.status_code, asked.location) == (303, f"/console/persons/{person}")
        page = agent.open(f"/persons/{person}").text
        assert "Shazia Bibi" in page
        assert "3520212345012" not in page
        assert "Shazia" not in other.open(f"/persons/{person}").text
        clock.shift(timedelta(minutes=10))
        assert "Shazia" not in agent.open(f"/persons/{person}").text


@pytest.mark.parametrize(
    ("field", "shown"), [("cnic", "3520212345012"), ("phone", "+923001234501"), ("address", "House 14, street 3, Mozang")]
)  # fmt: skip
def test_each_field_can_be_asked_for(gateway, colleague, field, shown):
    person = person_of(gateway, "35202-1234501-2")
    her = colleague().sign_in("agent")
    her.send(f"/persons/{person}/reveal", seen_on=f"/persons/{person}", **REASON | {"field": field})
    assert shown in her.open(f"/persons/{person}").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"words": "short"}, 422),
        ({"words": " " * 30}, 422),
        ({"field": "pin"}, 404),
        ({"kind": "curious"}, 404),
    ],
)
def test_without_a_reason_nothing_is_shown(gateway, colleague, form, status):
    person = person_of(gateway, "35202-1234501-2")
    her = colleague().sign_in("agent")
    answer = her.send(f"/persons/{person}/reveal", seen_on=f"/persons/{person}", **REASON | form)
    assert answer.status_code == status
    assert "Shazia" not in her.open(f"/persons/{person}").text


def test_a_second_person_must_agree_where_the_setting_says_so(gateway_on, store_url):
    gateway = gateway_on(store_url, reveal_second_person=True)
    person = person_of(gateway, "35202-1234501-2")
    app = gateway.client.application
    agent = Colleague(app.test_client()).sign_in("agent")
    boss = Colleague(app.test_client(), "10.0.0.2").sign_in("supervisor")
    here = f"/persons/{person}"
    agent.send(f"{here}/reveal", seen_on=here, **REASON)
    boss.send(f"{here}/reveal", seen_on=here, **REASON)
    page = agent.open(here).text
    assert "waits for a supervisor" in page
    assert "Shazia" not in page
    queue = boss.open("/reveals").text
    assert REASON["words"] in queue
    hers, own = (one.id for one in gateway.services.staff.reveals.waiting())
    assert f"/reveals/{own}/grant" not in queue
    assert boss.send(f"/reveals/{own}/grant", seen_on="/reveals").status_code == 409
    assert boss.send(f"/reveals/{hers}/grant", seen_on="/reveals").status_code == 303
    assert "Shazia Bibi" in agent.open(here).text
    assert "Shazia" not in boss.open(here).text
    assert agent.open("/reveals").status_code == 403
