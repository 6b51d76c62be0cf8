"""What reaches a caller from the staff's hands: texts, messages once more, calls, decisions. Shown before, sent once."""

import re

import pytest

from gateway.core.port import Asked
from gateway.messages.by_hand import MOST_A_DAY
from gateway.messages.values import Message
from tests.console.acting import act, preview
from tests.console.phones import person_of
from tests.transcripts.script import cast

READY = cast()["ready"]
PHONE = READY["phone"]


def numbered(gateway, body):
    """The number of a message in the outbox."""
    from sqlalchemy import text

    with gateway.services.database.reading() as connection:
        return (
            connection.execute(text("SELECT id FROM outbox WHERE body = :body"), {"body": body})
            .scalars()
            .first()
        )


def test_a_reviewed_text_is_sent_once_in_her_language(gateway, colleague):
    gateway.services.core.registry.choose_language(PHONE, "ur", "s1")
    her, before = colleague().sign_in("agent"), len(gateway.texts_to(PHONE))
    path = f"/persons/{person_of(gateway, READY)}/text"
    page, confirm = act(her, path, text="staff_documents", day="2026-11-30")
    assert [confirm().status_code, confirm().status_code] == [303, 303]
    assert gateway.texts_to(PHONE)[before:] == preview(page)
    assert "تحصیل دفتر" in preview(page)[0]
    entries = gateway.services.staff.audit.entries(act="message_sent")
    assert [each.detail for each in entries] == [{"text": "staff_documents"}]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"text": "staff_documents", "day": "2026-11-21"}, 400),
        ({"text": "staff_documents", "day": "soon"}, 400),
        ({"text": "staff_documents", "day": "2026-11-30", "phone": "7"}, 400),
        ({"text": "payment_ready"}, 200),  # no text of ours to send: the form again
    ],
)
def test_no_other_words_go_out_by_hand(gateway, colleague, form, status):
    her, before = colleague().sign_in("agent"), len(gateway.texts_to(PHONE))
    path = f"/persons/{person_of(gateway, READY)}/text"
    answer = her.send(path, seen_on="/me", **form, sure="1", key="0" * 32)
    assert answer.status_code == status
    assert len(gateway.texts_to(PHONE)) == before


def test_staff_and_other_systems_send_the_same_texts(gateway, colleague):
    shown = colleague().sign_in("agent").open(f"/persons/{person_of(gateway, READY)}/text").text
    offered = set(re.findall(r'name="text" value="(\w+)"', shown))
    document = gateway.client.get("/api/v1/openapi.json").json
    template = document["components"]["schemas"]["MessageToSend"]["properties"]["template"]
    assert offered == set(template["enum"]) == set(gateway.services.by_hand.texts())
    assert {"help", "details_how", "private_unlinked", "staff_survey"} < offered


def test_a_phone_gets_so_many_by_hand_in_a_day(gateway, colleague):
    her, path = colleague().sign_in("agent"), f"/persons/{person_of(gateway, READY)}/text"
    before = len(gateway.texts_to(PHONE))
    confirmations = [act(her, path, text="staff_scam")[1] for _ in range(MOST_A_DAY + 1)]
    for confirm in confirmations:
        confirm()
    assert her.send(path, seen_on="/me", text="staff_scam").status_code == 303  # not shown as if it would go
    assert len(gateway.texts_to(PHONE)) == before + MOST_A_DAY


def test_a_message_is_resent_as_a_message_of_its_own(gateway, colleague):
    alert = Message("pay:t:1", PHONE, "8171: money is ready.", "alert", "payment_ready", "en", "instalment:1")
    answer = Message("reply:t:1", PHONE, "Rs 13,500", "reply", "payments.latest", "en")
    with gateway.services.database.writing() as connection:
        gateway.services.outbox.put(connection, [alert, answer])
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    hers = her.open(f"/persons/{person}").text
    assert f"/messages/{numbered(gateway, alert.body)}/resend" in hers
    assert f"/messages/{numbered(gateway, answer.body)}/resend" not in hers
    assert "/resend" not in colleague("10.0.0.4").sign_in("auditor").open(f"/persons/{person}").text
    page, confirm = act(her, f"/messages/{numbered(gateway, alert.body)}/resend", person=str(person))
    assert confirm().location == f"/console/persons/{person}#messages"
    confirm()
    assert preview(page) == [alert.body]
    assert gateway.texts_to(PHONE).count(alert.body) == 2
    her.send(f"/messages/{numbered(gateway, answer.body)}/resend", seen_on="/me", sure="1", key="0" * 32)
    assert gateway.texts_to(PHONE).count(answer.body) == 1


def test_a_call_is_booked_told_and_settled(gateway, colleague):
    woman, man = colleague("10.0.0.5").sign_in("female"), colleague("10.0.0.6").sign_in("agent")
    path, before = f"/persons/{person_of(gateway, READY)}/call-back", len(gateway.texts_to(PHONE))
    page, confirm = act(woman, path, day="2026-11-23", window="morning", female="1")
    confirm(), confirm()
    assert gateway.texts_to(PHONE)[before:] == preview(page)
    call_backs = gateway.services.core.call_backs
    [booked] = call_backs.waiting(female=True)
    assert (booked.phone, booked.female, call_backs.waiting(female=False)) == (PHONE, True, ())
    assert "*501" not in man.open("/queues/call_backs").text
    assert act(man, f"/call-backs/{booked.id}/done")[1]().status_code == 404
    act(woman, f"/call-backs/{booked.id}/done")[1]()
    assert call_backs.waiting(female=True) == ()
    act(woman, f"/call-backs/{booked.id}/booked")[1]()  # undone
    assert call_backs.count(female=True) == 1


@pytest.mark.parametrize("day", ["2026-11-21", "2026-12-07"])
def test_no_call_is_promised_for_a_day_that_is_past_or_far(gateway, colleague, day):
    her, before = colleague().sign_in("agent"), len(gateway.texts_to(PHONE))
    act(her, f"/persons/{person_of(gateway, READY)}/call-back", day=day, window="evening")[1]()
    assert gateway.services.core.call_backs.count(female=True) == 0
    assert len(gateway.texts_to(PHONE)) == before


def test_an_officer_decides_and_she_is_told(gateway, colleague):
    person = person_of(gateway, READY)
    request = gateway.services.core.changes.report(person, "birth", PHONE, "k1", channel="ussd").request
    path, before = f"/requests/change/{request.reference}", len(gateway.texts_to(PHONE))
    agent, officer = colleague("10.0.0.7").sign_in("agent"), colleague("10.0.0.8").sign_in("officer")
    assert request.reference in agent.open("/queues/change").text
    assert agent.send(path, seen_on="/me", state="verified").status_code == 403
    page, confirm = act(officer, path, state="verified")
    confirm(), confirm()
    assert gateway.texts_to(PHONE)[before:] == preview(page)
    assert gateway.services.core.casework.request(Asked.CHANGE, request.reference)[0].state == "verified"
