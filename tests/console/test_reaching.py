"""What reaches a caller from the staff's hands: texts, messages once more, calls, decisions. Shown before, sent once."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from gateway import clock
from gateway.core.port import Asked, Window
from gateway.messages.by_hand import MOST_A_DAY
from gateway.messages.values import Message
from tests.console.acting import act, preview
from tests.console.applying import applied
from tests.console.phones import person_of
from tests.parts.gateway import DAY
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


def test_nothing_is_shown_as_if_it_would_go_once_more(gateway, colleague):
    alert = Message("pay:t:1", PHONE, "8171: money is ready.", "alert", "payment_ready", "en", "instalment:1")
    reminder = Message("go_on:s1", PHONE, "8171: dial within 15 minutes.", "alert", "go_on", "en")
    with gateway.services.database.writing() as connection:
        gateway.services.outbox.put(connection, [alert, reminder])
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    again, over = (f"/messages/{numbered(gateway, one.body)}/resend" for one in (alert, reminder))
    hers = her.open(f"/persons/{person}").text
    assert [again in hers, over in hers] == [True, False]
    assert her.send(over, seen_on="/me").status_code == 303
    assert "true for some minutes only" in her.open("/queues").text
    by_hand = gateway.services.by_hand
    for number in range(MOST_A_DAY):
        by_hand.send(PHONE, by_hand.chosen("staff_scam", None), key=f"k{number}", subject="")
    assert her.send(again, seen_on="/me").status_code == 303
    assert "Ring her instead" in her.open("/queues").text


def test_a_text_begins_a_week_ahead_and_keeps_what_was_chosen(gateway, colleague):
    her, path = colleague().sign_in("agent"), f"/persons/{person_of(gateway, READY)}/text"
    assert 'value="2026-11-29"' in her.open(path).text
    back = her.send(path, seen_on="/me", text="staff_documents", day="2026-12-03", sure="1", again="1").text
    assert 'value="2026-12-03"' in back
    assert re.findall(r'id="text-(\w+)"[^>]* checked', back) == ["staff_documents"]


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


@pytest.mark.parametrize(
    ("day", "window"),
    [("2026-11-21", "evening"), ("2026-12-07", "evening"), ("2026-11-22", "morning")],
)
def test_no_call_is_promised_for_a_time_that_is_over_or_far(gateway, colleague, day, window):
    her, before = colleague().sign_in("agent"), len(gateway.texts_to(PHONE))
    path = f"/persons/{person_of(gateway, READY)}/call-back"
    form = {"day": day, "window": window, "female": "1"}
    for more in ({}, {"sure": "1", "key": "0" * 32}):
        answer = her.send(path, seen_on="/me", **form, **more)
        assert "still ahead" in answer.text
        assert f'value="{day}"' in answer.text
        assert re.search(r'name="female"[^>]* checked', answer.text)
        assert f'<option value="{window}" selected>' in answer.text
    with pytest.raises(ValueError, match="promised"):
        gateway.services.core.call_backs.book(
            PHONE, clock.day_of(day), Window(window), by="staff:1", key="k1"
        )
    assert gateway.services.core.call_backs.count(female=True) == 0
    assert len(gateway.texts_to(PHONE)) == before


@pytest.mark.parametrize(
    ("hours", "day", "window"),
    [(0, "22", "afternoon"), (3, "22", "evening"), (5.9, "22", "evening"), (6, "23", "morning")],
)
def test_a_call_is_offered_for_the_next_time_that_is_ahead(gateway, colleague, hours, day, window):
    with time_machine.travel(DAY + timedelta(hours=hours), tick=False):
        her = colleague().sign_in("agent")
        shown = her.open(f"/persons/{person_of(gateway, READY)}/call-back").text
    assert f'value="2026-11-{day}" required' in shown
    assert f'<option value="{window}" selected>' in shown


def test_a_form_taken_back_keeps_what_was_typed(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    form = {"day": "2026-11-25", "window": "evening", "female": "1"}
    page, _ = act(her, f"/persons/{person}/call-back", **form)
    assert 'name="again"' in page.text
    back = her.send(f"/persons/{person}/call-back", seen_on="/me", **form, sure="1", again="1").text
    assert 'value="2026-11-25"' in back
    assert '<option value="evening" selected>' in back
    assert re.search(r'name="female"[^>]* checked', back)


def test_the_queue_of_calls_can_be_worked(gateway, colleague):
    woman, man = colleague("10.0.0.5").sign_in("female"), colleague("10.0.0.6").sign_in("agent")
    person, call_backs = person_of(gateway, READY), gateway.services.core.call_backs
    day = clock.today() + timedelta(days=1)
    for number, (whose, female) in enumerate(((person, False), (None, False), (person, True))):
        phone = PHONE if whose else "+923001234520"
        call_backs.book(
            phone, day, Window.EVENING, by="staff:1", key=f"k{number}", person=whose, female=female
        )
    hers, _, secret = (call.id for call in call_backs.waiting(female=True))
    queue = man.open("/queues/call_backs").text
    key = gateway.services.vault.phone_key("+923001234520")
    assert [f"/persons/{person}" in queue, f"/phones/{key}" in queue] == [True, True]
    assert f"/call-backs/{secret}/" not in queue
    assert [PHONE in queue, "+923001234520" in queue] == [False, False]
    shown = man.send(f"/call-backs/{hers}/number", seen_on="/me")
    assert (shown.status_code, shown.text.count(PHONE)) == (200, 1)
    assert "+923001234520" not in shown.text
    assert man.send(f"/call-backs/{secret}/number", seen_on="/me").status_code == 404
    assert woman.send(f"/call-backs/{secret}/number", seen_on="/me").text.count(PHONE) == 1
    assert PHONE not in woman.open("/queues/call_backs").text
    noted = gateway.services.staff.audit.entries(act="call_back_number_shown")
    assert sorted(each.subject for each in noted) == [f"call_back:{hers}", f"call_back:{secret}"]
    for who, promised in ((man, 1), (woman, 2)):
        page = who.open(f"/persons/{person}").text
        assert page.count("A call is promised") == promised
        assert "evening, 3 to 6" in page


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


def test_an_officer_sees_whom_and_what_she_decides_about(gateway, colleague):
    person, phone, application = applied(gateway)
    officer, path = colleague("10.0.0.8").sign_in("officer"), f"/requests/application/{application.reference}"
    shown = officer.open(path).text
    assert f'href="/console/persons/{person}"' in shown
    assert phone not in shown
    assert "by dial" in shown
    [judged] = [
        one for one in gateway.services.core.desk.judged(person) if one.programme == application.programme
    ]
    for rule in judged.reasons:
        assert rule.rule in unescape(shown)
        assert rule.seen in unescape(shown)
    assert shown.count('class="tag good">passed') >= sum(rule.passed for rule in judged.reasons)
    refused = officer.send(path, seen_on="/me", state="rejected")
    assert refused.status_code == 303
    page, confirm = act(officer, path, state="approved", reason="PMT_ABOVE")
    assert "reason" not in page.text.lower().split("she receives")[0].partition("<h1>")[2]
    confirm()
    row, _ = gateway.services.core.casework.request(Asked.APPLICATION, application.reference)
    assert (row.state, row.reason) == ("approved", "")
    assert 'name="reason"' not in officer.open(path).text
