"""The box that finds a caller: every spelling of a number, and nothing of it in an address, a title or a log."""

import re

import pytest
from sqlalchemy import func, select, update

from gateway.console.typed import Typed, read_typed
from gateway.messages.tables import outbox

PERSON = re.compile(r"^/console/persons/\d+$")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("35202-1234501-2", Typed("cnic", "3520212345012")),
        (" 35202 1234501 2 ", Typed("cnic", "3520212345012")),
        ("۳۵۲۰۲۱۲۳۴۵۰۱۲", Typed("cnic", "3520212345012")),
        ("+923001234501", Typed("phone", "+923001234501")),
        ("0300-1234501", Typed("phone", "+923001234501")),
        ("(0300) 123 45 01", Typed("phone", "+923001234501")),
        ("923001234501", Typed("phone", "+923001234501")),
        ("0092 300 1234501", Typed("phone", "+923001234501")),
        ("3001234501", Typed("phone", "+923001234501")),
        ("۰۳۰۰۱۲۳۴۵۰۱", Typed("phone", "+923001234501")),
        ("\u200e+254 711 000521", Typed("phone", "+254711000521")),
        ("2123 4567", Typed("reference", "21234567")),
        ("2123-4567", Typed("reference", "21234567")),
        ("ATUid_0a1b", Typed("token", "ATUid_0a1b")),
        (" ATXid_0a1b ", Typed("token", "ATXid_0a1b")),
        ("", Typed("nothing")),
        ("12", Typed("nothing")),
        ("35202-1234501", Typed("nothing")),
        ("35202-1234501-22", Typed("nothing")),
        ("call 03001234501", Typed("nothing")),
        ("'; --", Typed("nothing")),
    ],
)
def test_what_is_typed_is_understood(text, found):
    assert read_typed(text) == found


@pytest.mark.parametrize("text", ["35202-1234501-2", "0300 1234501", "۳۵۲۰۲۱۲۳۴۵۰۱۲"])
def test_one_hit_goes_straight_to_her(shared_gateway, colleagues, text):
    answer = colleagues("agent").send("/find", seen_on="/", q=text)
    assert answer.status_code == 303
    assert PERSON.match(answer.location)


def test_a_shared_phone_asks_who_is_speaking(colleagues):
    answer = colleagues("agent").send("/find", seen_on="/", q="+923001234515")
    assert answer.status_code == 303  # to a page that one can go back to
    page = colleagues("agent").open(answer.location.removeprefix("/console")).text
    assert "Ask who is speaking" in page
    assert len(re.findall(r'href="/console/persons/\d+"', page)) == 2
    assert "*****-****515-6" in page
    assert "*****-****516-8" in page
    assert "3001234515" not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("35202-9999999-2", "Nobody here has this CNIC"),
        ("29999999", "Nothing has this reference"),
        ("ATUid_none", "No session or message"),
        ("hm, hm", "nothing we know"),  # with a comma, which the page's random tokens never hold
    ],
)
def test_nothing_found_says_so_and_what_to_check(colleagues, text, said):
    answer = colleagues("agent").send("/find", seen_on="/", q=text)
    assert answer.status_code == 200
    assert said in answer.text
    assert (
        answer.text.count(text) == answer.text.count(f'value="{text}"') == 1
    )  # in the box, to be mended there
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_phone_of_nobody_shows_its_sessions(gateway, colleague):
    phone = gateway.phone("+923001234520")
    phone.dial()
    gateway.services.journal.drain()
    her = colleague().sign_in("agent")
    answer = her.send("/find", seen_on="/", q="0300 1234520")
    assert re.match(r"^/console/phones/[0-9a-f]{32}$", answer.location)
    page = her.open(answer.location.removeprefix("/console")).text
    assert "linked to nobody" in page
    assert "1234520" not in page
    session = gateway.services.journal.recent(1)[0].id
    found = her.send("/find", seen_on="/", q=session)
    assert found.status_code == 303


def test_a_case_leads_to_her_by_its_reference(gateway, colleague):
    case = gateway.services.core.cases.open("scam", "+923001234501", "test", channel="console", person=1).case
    found = (
        colleague()
        .sign_in("agent")
        .send("/find", seen_on="/", q=f"{case.reference[:4]} {case.reference[4:]}")
    )
    assert found.status_code == 303


def test_a_message_leads_to_her_by_its_reference(gateway, colleague):
    hers = outbox.c.phone_key == gateway.services.vault.phone_key("+923001234501")
    newest = select(func.max(outbox.c.id)).where(hers).scalar_subquery()
    with gateway.services.database.writing() as connection:
        connection.execute(update(outbox).where(outbox.c.id == newest).values(aggregator_id="ATXid_0a1b2c"))
    found = colleague().sign_in("agent").send("/find", seen_on="/", q="ATXid_0a1b2c")
    assert found.status_code == 303
    her = gateway.services.core.desk.person_of("3520212345012")
    assert found.location == f"/console/persons/{her}#messages"


def test_what_is_typed_is_in_no_line_of_the_log(gateway, colleague, capsys):
    her = colleague().sign_in("agent")
    for text in ("35202-1234501-2", "35202-9999999-2", "0300 1234501", "0300-1234599"):
        her.send("/find", seen_on="/", q=text)
    logged = re.sub(r"\D", "", "".join(capsys.readouterr()))
    for digits in ("12345012", "99999992", "3001234501", "3001234599"):
        assert digits not in logged


def test_who_may_not_see_confidential_cases_does_not_learn_that_there_is_one(gateway, colleague):
    case = gateway.services.core.cases.open(
        "protection", "+923001234501", "test", channel="console", person=1
    ).case
    agent, female = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("female")
    refused = agent.send("/find", seen_on="/", q=case.reference)
    assert "Nothing has this reference" in refused.text
    assert case.reference not in agent.open("/persons/1").text
    assert female.send("/find", seen_on="/", q=case.reference).status_code == 303
    assert case.reference in female.open("/persons/1").text


def test_each_look_up_is_in_the_audit_without_what_was_typed(shared_gateway, colleagues):
    colleagues("agent").send("/find", seen_on="/", q="35202-1234501-2")
    entry = shared_gateway.services.staff.audit.entries(act="looked_up", limit=1)[0]
    assert entry.subject == f"cnic:{shared_gateway.services.vault.cnic_key('3520212345012')}"


def test_a_member_who_reads_the_rolls_is_stopped(gateway, colleague):
    her, other = colleague().sign_in("agent"), colleague().sign_in("female")
    answers = [her.send("/find", seen_on="/", q="35202-1234501-2").status_code for _ in range(31)]
    assert answers == [303] * 30 + [429]
    assert other.send("/find", seen_on="/", q="35202-1234501-2").status_code == 303
