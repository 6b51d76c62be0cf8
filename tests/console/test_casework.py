"""Cases at the console: opened, taken, answered, shared out; she is told at each step, once, in her language."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import text

from gateway import clock
from gateway.messages.by_hand import MOST_A_DAY
from tests.console.acting import act, preview
from tests.console.phones import person_of
from tests.parts.gateway import DAY
from tests.transcripts.script import cast

CAST = cast()
READY = CAST["ready"]


def opened(her, gateway, category="short_payment", **more):
    page, confirm = act(
        her, f"/persons/{person_of(gateway, READY)}/case", category=category, words="She got less.", **more
    )
    answer = confirm()
    assert answer.status_code == 303
    return page, answer.location.rpartition("/")[2], confirm


def test_a_case_is_opened_once_and_she_gets_its_reference(gateway, colleague):
    her = colleague().sign_in("agent")
    before = len(gateway.texts_to(READY["phone"]))
    page, reference, confirm = opened(her, gateway)
    assert "2XXXXXXX" in page.text
    assert "29 Nov 2026" in page.text
    assert READY["phone"] not in page.text
    assert confirm().location.endswith(reference)
    sent = gateway.texts_to(READY["phone"])[before:]
    assert len(sent) == 1
    assert reference in sent[0]
    shown = her.open(f"/cases/{reference}").text
    assert "She got less." in shown
    assert READY["phone"] not in shown
    acts = [each.act for each in gateway.services.staff.audit.entries(subject=f"case:{reference}")]
    assert acts == ["case_opened", "case_entered"]


def test_an_answer_given_twice_is_one_step_and_one_sms(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    before = len(gateway.texts_to(READY["phone"]))
    page, confirm = act(her, f"/cases/{reference}/answer", state="resolved", note="The shop paid the rest.")
    assert [confirm().status_code, confirm().status_code] == [303, 303]
    assert gateway.texts_to(READY["phone"])[before:] == preview(page)
    steps = gateway.services.core.casework.file(reference, confidential=False).steps
    assert [(str(each.state), each.note) for each in steps] == [
        ("new", ""),
        ("resolved", "The shop paid the rest."),
    ]
    with gateway.services.database.reading() as connection:
        kept = connection.execute(
            text("SELECT note_sealed FROM case_event ORDER BY id DESC LIMIT 1")
        ).scalar_one()
    assert "shop" not in kept


def test_an_answer_carries_a_text_in_one_act(gateway, colleague):
    gateway.services.core.registry.choose_language(READY["phone"], "ur", "s1")
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    before = len(gateway.texts_to(READY["phone"]))
    path, form = f"/cases/{reference}", {"state": "resolved", "text": "staff_documents", "day": "2026-11-30"}
    page, confirm = act(her, f"{path}/answer", **form, note="The office asks for her papers.")
    told = preview(page)
    assert [reference in told[0], "تحصیل دفتر" in told[1]] == [True, True]
    assert len(gateway.texts_to(READY["phone"])) == before
    assert [confirm().status_code, confirm().status_code] == [303, 303]
    assert gateway.texts_to(READY["phone"])[before:] == told
    steps = gateway.services.core.casework.file(reference, confidential=False).steps
    assert [str(each.state) for each in steps] == ["new", "resolved"]
    [entry] = gateway.services.staff.audit.entries(act="case_answered")
    assert entry.detail == {"state": "resolved", "text": "staff_documents"}
    shown = unescape(her.open(path).text)
    assert [body in shown for body in told] == [True, True]
    assert shown.count("waiting to go out") == 3  # its reference when it was opened, and these two


def test_a_text_too_many_leaves_the_case_as_it_was_and_the_note_in_the_form(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    form = {"state": "resolved", "text": "staff_thumb", "note": "She tried twice."}
    _, late = act(her, f"/cases/{reference}/answer", **form)
    by_hand = gateway.services.by_hand
    for number in range(MOST_A_DAY):
        by_hand.send(READY["phone"], by_hand.chosen("staff_scam", None), key=f"k{number}", subject="")
    before = len(gateway.texts_to(READY["phone"]))
    for answer in (late(), her.send(f"/cases/{reference}/answer", seen_on="/me", **form)):
        assert "Answer without a text, or ring her." in answer.text
        assert "She tried twice." in answer.text
    file = gateway.services.core.casework.file(reference, confidential=False)
    assert (file.row.state, len(file.steps)) == ("new", 1)
    assert len(gateway.texts_to(READY["phone"])) == before
    act(her, f"/cases/{reference}/answer", **{**form, "text": ""})[1]()
    assert gateway.services.core.casework.file(reference, confidential=False).row.state == "resolved"


def test_an_answer_taken_back_is_in_the_form_to_be_changed(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    path, form = (
        f"/cases/{reference}/answer",
        {"state": "resolved", "text": "staff_cnic", "note": "Rang twice."},
    )
    page, _ = act(her, path, **form)
    assert 'name="again"' in page.text
    back = her.send(path, seen_on="/me", **form, sure="1", key="0" * 32, again="1").text
    assert "Rang twice." in back
    assert re.findall(r'<option value="(\w+)"[^>]* selected', back) == ["resolved", "staff_cnic"]
    assert gateway.services.core.casework.file(reference, confidential=False).row.state == "new"


def test_a_note_may_carry_a_text_and_tells_no_state(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    before = len(gateway.texts_to(READY["phone"]))
    page, confirm = act(her, f"/cases/{reference}/answer", text="staff_cnic", note="Her CNIC is old.")
    confirm(), confirm()
    assert gateway.texts_to(READY["phone"])[before:] == preview(page)
    assert len(preview(page)) == 1
    assert gateway.services.core.casework.file(reference, confidential=False).row.state == "new"


@pytest.mark.parametrize(
    ("name", "form", "status"),
    [
        ("officer", {"text": "staff_scam"}, 403),
        ("agent", {"text": "payment_ready"}, 400),
        ("agent", {"text": "staff_documents", "day": "2026-11-21"}, 200),  # the form again
        ("agent", {"text": "staff_documents", "day": "soon"}, 200),
    ],
)
def test_no_other_text_goes_with_an_answer(gateway, colleague, name, form, status):
    agent, her = colleague("10.0.0.2").sign_in("agent"), colleague("10.0.0.3").sign_in(name)
    _, reference, _ = opened(agent, gateway)
    before = len(gateway.texts_to(READY["phone"]))
    assert ('name="text"' in her.open(f"/cases/{reference}").text) is (name == "agent")
    wanted = {"state": "resolved", "note": "So.", "sure": "1", "key": "0" * 32, **form}
    assert her.send(f"/cases/{reference}/answer", seen_on="/me", **wanted).status_code == status
    assert gateway.services.core.casework.file(reference, confidential=False).row.state == "new"
    assert len(gateway.texts_to(READY["phone"])) == before


def test_a_note_sends_nothing(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    before = len(gateway.texts_to(READY["phone"]))
    page, confirm = act(her, f"/cases/{reference}/answer", state="", note="Rang the shop.")
    assert "Nothing is sent to her." in page.text
    confirm()
    assert len(gateway.texts_to(READY["phone"])) == before
    assert "Rang the shop." in her.open(f"/cases/{reference}").text


def test_taken_given_back_closed_and_opened_again(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    casework = gateway.services.core.casework
    act(her, f"/cases/{reference}/take")[1]()
    file = casework.file(reference, confidential=False)
    assert (file.row.state, file.steps[-1].assigned_to) == ("assigned", file.row.assigned_to)
    assert reference in her.open("/queues/mine").text
    assert reference not in her.open("/queues/unassigned").text
    act(her, f"/cases/{reference}/give_back")[1]()
    assert reference in her.open("/queues/unassigned").text
    assert her.send(f"/cases/{reference}/give_back", seen_on="/me").status_code == 403
    act(her, f"/cases/{reference}/close")[1]()
    assert reference not in her.open("/queues/open").text
    act(her, f"/cases/{reference}/reopen")[1]()
    assert reference in her.open("/queues/open").text


def test_a_move_that_cannot_follow_is_refused(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    _, late = act(her, f"/cases/{reference}/answer", state="in_progress", note="I ask.")
    act(her, f"/cases/{reference}/close")[1]()
    sent = len(gateway.texts_to(READY["phone"]))
    late()
    assert gateway.services.core.casework.file(reference, confidential=False).row.state == "closed"
    assert len(gateway.texts_to(READY["phone"])) == sent


def test_what_is_told_in_confidence_stays_with_those_who_may_see_it(gateway, colleague):
    woman, man = colleague("10.0.0.2").sign_in("female"), colleague("10.0.0.3").sign_in("agent")
    before = len(gateway.texts_to(READY["phone"]))
    _, reference, _ = opened(woman, gateway, "protection")
    path = f"/cases/{reference}/answer"
    assert woman.send(path, seen_on="/me", state="resolved", text="staff_scam").status_code == 403
    act(woman, path, state="resolved", note="She is safe.")[1]()
    for body in gateway.texts_to(READY["phone"])[before:]:
        assert not re.search("harass|protect|confiden|safe", body, re.IGNORECASE)
    act(woman, f"/cases/{reference}/reopen")[1]()
    assert reference in woman.open("/queues/confidential").text
    assert man.open("/queues/confidential").status_code == 403
    assert reference not in man.open("/queues/open").text
    assert man.open(f"/cases/{reference}").status_code == 404
    assert man.send(f"/cases/{reference}/answer", seen_on="/me", state="resolved").status_code == 404
    assert "In confidence" not in man.open("/queues").text
    assert man.open(f"/cases/{reference}?queue=confidential").status_code == 404
    tiles = [
        dict(re.findall(r'/queues/(\w+)"[^>]*><b class="\w*">(\d+)</b>', her.open("/").text))
        for her in (woman, man)
    ]
    assert [each.get("confidential") for each in tiles] == ["1", None]
    assert int(tiles[0]["open"]) == int(tiles[1]["open"]) + 1
    counts = [
        gateway.services.core.casework.counts("staff:0", confidential=each)["open"] for each in (True, False)
    ]
    assert counts[0] == counts[1] + 1


def test_a_supervisor_shares_out_many_at_once(gateway, colleague):
    her = colleague("10.0.0.4").sign_in("agent")
    references = [opened(her, gateway, category)[1] for category in ("loan", "scam", "other")]
    casework = gateway.services.core.casework
    keep = {"case": references, "to": str(gateway.services.staff.accounts.named("agent").id)}
    refused = her.send("/queues/assign", seen_on="/me", **keep)
    assert refused.status_code == 403
    key = "0" * 32
    supervisor = gateway.services.staff.accounts.named("supervisor")
    agent = gateway.services.staff.accounts.named("agent")
    done = [
        casework.assign(
            references, agent.mark, by=supervisor.mark, key=f"{supervisor.mark}:{key}", confidential=True
        )
        for _ in range(2)
    ]
    assert done == [3, 0]
    rows = casework.queue("mine", agent.mark, confidential=False).rows
    assert [row.reference for row in rows] == [
        references[1],
        references[0],
        references[2],
    ]  # urgent, then by day
    first = casework.queue("mine", agent.mark, confidential=False, limit=2)
    rest = casework.queue("mine", agent.mark, confidential=False, limit=2, after=first.after)
    assert [row.reference for row in (*first.rows, *rest.rows)] == [row.reference for row in rows]
    assert rest.after == ""


def test_a_row_says_how_late_how_old_and_by_which_way(gateway, colleague):
    her = colleague().sign_in("agent")
    with time_machine.travel(DAY - timedelta(days=9), tick=False):
        late = gateway.services.core.cases.open("short_payment", READY["phone"], "k1", channel="ussd")
    _, reference, _ = opened(her, gateway, "loan")
    rows = {
        shown: " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for shown, row in re.findall(
            r'<tr [^>]*id="case-(\d+)"(.*?)</tr>', her.open("/queues/open").text, re.DOTALL
        )
    }
    for part in ("Paid less than the amount", "2 days late", "received", "nobody", "9 days ago · by dial"):
        assert part in rows[late.case.reference]
    assert "in 10 days" in rows[reference]
    assert "today · by the call centre" in rows[reference]


def test_after_an_answer_the_next_case_of_her_queue_is_offered(gateway, colleague):
    her = colleague().sign_in("agent")
    scam, loan, other = (opened(her, gateway, category)[1] for category in ("scam", "loan", "other"))

    def offered(page):
        found = re.search(r'href="/console/cases/(\d+)\?queue=open" data-key="n"( autofocus)?', page.text)
        return found and (found[1], bool(found[2]))

    assert f"/cases/{loan}?queue=open" in her.open("/queues/open").text
    assert offered(her.open(f"/cases/{loan}?queue=open")) == (other, False)
    back = act(her, f"/cases/{loan}/answer", state="resolved", note="Seen to.", queue="open")[1]()
    assert back.location == f"/console/cases/{loan}?queue=open"
    after = her.client.get(back.location, environ_overrides=her.environ)
    assert offered(after) == (other, True)
    assert f"/console/queues/open#case-{loan}" in after.text
    assert offered(her.open(f"/cases/{other}?queue=open")) == (scam, False)
    for beside in ("", "?queue=nothing", "?queue=confidential"):
        assert 'data-key="n"' not in her.open(f"/cases/{other}{beside}").text


@pytest.mark.parametrize("after", ["x", "1.2", "1.20261199.3"])
def test_a_place_that_no_page_gave_is_nowhere(gateway, colleague, after):
    assert colleague().sign_in("agent").open(f"/queues/open?after={after}").status_code == 404


def test_a_case_leads_back_to_the_session_it_came_from(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    phone = gateway.phone(READY["phone"])
    gateway.services.core.registry.choose_language(READY["phone"], "en", "before")
    phone.dial("*8171*20#")
    phone.press("less money")
    gateway.services.journal.drain()
    (reported,) = gateway.services.core.cases.of(person)
    assert f'href="/console/sessions/{phone.session}"' in her.open(f"/cases/{reported.reference}").text

    replay = her.open(f"/sessions/{phone.session}").text
    path = re.search(rf'href="/console(/persons/{person}/case\?session=[^"]+)"', replay)[1]
    assert "From the session of" in her.open(path).text
    _, confirm = act(her, path, category="biometric", words="As on her third screen.", session=phone.session)
    reference = confirm().location.rpartition("/")[2]
    assert f'href="/console/sessions/{phone.session}"' in her.open(f"/cases/{reference}").text

    stranger = gateway.phone("+923001234520")
    stranger.dial()
    gateway.services.journal.drain()
    for session in (stranger.session, "none"):
        assert her.open(f"/persons/{person}/case?session={session}").status_code == 400
    gateway.services.journal.purge(clock.now() + timedelta(days=1))
    assert "/console/sessions/" not in her.open(f"/cases/{reference}").text


def test_what_names_a_case_in_confidence_is_not_there_for_who_may_not_see_it(gateway, colleague):
    woman, man = colleague("10.0.0.5").sign_in("female"), colleague("10.0.0.6").sign_in("agent")
    person = person_of(gateway, READY)
    _, reference, _ = opened(woman, gateway, "protection")
    with gateway.services.database.reading() as connection:
        told = connection.execute(
            text("SELECT id FROM outbox WHERE subject = :about"), {"about": f"case:{reference}"}
        ).scalar_one()
    gateway.services.core.registry.choose_language(READY["phone"], "en", "before")
    phone = gateway.phone(READY["phone"])
    phone.dial("*8171*8#")
    phone.walk(READY["pin"], "1")  # she follows it herself
    assert reference in phone.screen
    assert reference in gateway.reply_to(phone, f"TRACK {reference}")
    gateway.services.journal.drain()
    for path in (f"/persons/{person}", f"/phones/{gateway.services.vault.phone_key(READY['phone'])}"):
        assert reference in woman.open(path).text
        for her in (man, colleague("10.0.0.7").sign_in("auditor")):
            assert reference not in her.open(path).text
    for session in [one.id for one in gateway.services.journal.recent(2)]:
        assert woman.open(f"/sessions/{session}").status_code == 200
        assert man.open(f"/sessions/{session}").status_code == 404
    assert man.send(f"/messages/{told}/resend", seen_on="/me").status_code == 404
    assert woman.send(f"/messages/{told}/resend", seen_on="/me").status_code == 200


def options(page, name):
    [select] = re.findall(rf'<select id="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)<', select)


def test_what_is_open_already_is_shown_with_her_words_to_be_noted(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    _, reference, _ = opened(her, gateway)
    before = len(gateway.texts_to(READY["phone"]))
    form = {"category": "short_payment", "words": "The shop refuses to pay."}
    page = her.send(f"/persons/{person}/case", seen_on="/me", **form).text
    assert "open already" in page
    assert "She receives" not in page
    assert f'action="/console/cases/{reference}/answer"' in page
    assert re.search(r"<textarea[^>]*>The shop refuses to pay\.</textarea>", page)
    assert len(gateway.texts_to(READY["phone"])) == before
    act(her, f"/cases/{reference}/close", note="Paid.")[1]()
    act(her, f"/persons/{person}/case", **form)


def test_a_form_taken_back_keeps_what_she_said(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    path = f"/persons/{person}/case"
    shown = her.open(path).text
    first, *rest = options(shown, "category")
    assert first == ("", "", "choose")
    assert re.search(r'<select id="category"[^>]* required', shown)
    assert "protection" in [code for code, _, _ in rest]
    subject, _, about = options(shown, "subject")[1]
    assert re.fullmatch(r"Kafaalat \w+-\w+ 2026, Rs [\d,]+", about)
    form = {"category": "loan", "subject": subject, "words": "She paid it back."}
    page, _ = act(her, path, **form)
    assert about in page.text
    back = her.send(path, seen_on="/me", **form, sure="1", again="1").text
    assert "She paid it back." in back
    assert re.findall(r'<option value="([^"]+)" selected', back) == ["loan", subject]
    reference = act(her, path, **form)[1]().location.rpartition("/")[2]
    case = her.open(f"/cases/{reference}").text
    assert [about in case, subject in case] == [True, False]


def test_who_may_not_read_it_files_in_confidence(gateway, colleague):
    man, woman = colleague("10.0.0.2").sign_in("agent"), colleague("10.0.0.3").sign_in("female")
    person, casework = person_of(gateway, READY), gateway.services.core.casework
    path = f"/persons/{person}/case"
    for number, words in enumerate(("He waits at the shop.", "He came again.")):
        page, confirm = act(man, path, category="protection", words=words)
        assert ["In confidence" in page.text, "open already" in page.text] == [True, False]
        for _ in range(2):
            assert confirm().location == f"/console/persons/{person}"
        assert "Filed in confidence" in man.open(f"/persons/{person}").text
        [row] = casework.queue("confidential", "", confidential=True).rows
        steps = casework.file(row.reference, confidential=True).steps
        assert [step.note for step in steps] == ["", "He came again."][: number + 1]
    assert man.open(f"/cases/{row.reference}").status_code == 404
    assert "He waits at the shop." in woman.open(f"/cases/{row.reference}").text
    [entry] = gateway.services.staff.audit.entries(act="case_entered")
    assert entry.detail == {}


def test_a_case_is_closed_with_what_the_form_holds(gateway, colleague):
    her = colleague().sign_in("agent")
    _, reference, _ = opened(her, gateway)
    shown = her.open(f"/cases/{reference}").text
    form = re.search(r'<form[^>]*/answer"[^>]*>(.*?)</form>', shown, re.DOTALL)[1]
    assert f'formaction="/console/cases/{reference}/close" formnovalidate' in form
    before = len(gateway.texts_to(READY["phone"]))
    path, typed = f"/cases/{reference}/close", {"note": "Twice the same.", "text": "staff_scam", "state": ""}
    back = her.send(path, seen_on="/me", **typed, sure="1", key="0" * 32, again="1").text
    assert "Twice the same." in back
    page, confirm = act(her, path, **typed)
    confirm(), confirm()
    assert gateway.texts_to(READY["phone"])[before:] == preview(page)
    assert len(preview(page)) == 2
    steps = gateway.services.core.casework.file(reference, confidential=False).steps
    assert [(str(each.state), each.note) for each in steps] == [("new", ""), ("closed", "Twice the same.")]
    act(her, f"/cases/{reference}/reopen", note="She rang.")[1]()
    assert "She rang." in her.open(f"/cases/{reference}").text


def test_the_steps_say_who_was_given_a_case_and_when_it_was_given_back(gateway, colleague):
    her, supervisor = colleague().sign_in("agent"), colleague("10.0.0.4").sign_in("supervisor")
    _, reference, _ = opened(her, gateway)
    for path in ("answer", "close", "reopen"):
        act(her, f"/cases/{reference}/{path}", state="in_progress", note="So.")[1]()
    act(her, f"/cases/{reference}/take")[1]()
    act(her, f"/cases/{reference}/give_back")[1]()
    agent = gateway.services.staff.accounts.named("agent")
    page, confirm = act(supervisor, "/queues/assign", case=reference, to=str(agent.id))
    assert f"Give the case to {agent.display_name}" in page.text
    confirm()
    shown = re.search(r'<ol class="steps">(.*?)</ol>', her.open(f"/cases/{reference}").text, re.DOTALL)[1]
    assert re.findall(r"<b>([^<]+)</b>", shown)[-2:] == [
        "given back to the team",
        f"given to {agent.display_name}",
    ]


def test_a_case_in_confidence_is_given_to_nobody_who_may_not_see_it(gateway, colleague):
    woman, supervisor = colleague("10.0.0.2").sign_in("female"), colleague("10.0.0.4").sign_in("supervisor")
    _, reference, _ = opened(woman, gateway, "protection")
    agent = gateway.services.staff.accounts.named("agent")
    answer = supervisor.send("/queues/assign", seen_on="/me", case=reference, to=str(agent.id))
    assert answer.status_code == 303
    assert "she may not see it" in supervisor.open("/queues").text
    assert gateway.services.core.casework.file(reference, confidential=True).row.assigned_to is None


def test_numbers_of_persons_are_not_kept_in_words_and_notes(gateway, colleague):
    her = colleague().sign_in("agent")
    typed = "Call 0300 1234567 or +923001234567, CNIC 35202-1234567-1, Rs 13500."
    path = f"/persons/{person_of(gateway, READY)}/case"
    page, confirm = act(her, path, category="loan", words=typed)
    masked = "Call [hidden] or [hidden], CNIC [hidden], Rs 13500."
    assert masked in page.text
    reference = confirm().location.rpartition("/")[2]
    act(her, f"/cases/{reference}/answer", state="", note=typed)[1]()
    file = gateway.services.core.casework.file(reference, confidential=False)
    assert [file.words, file.steps[-1].note] == [masked, masked]


def test_one_day_is_one_day(gateway, colleague):
    shown = colleague().sign_in("agent").open(f"/persons/{person_of(gateway, READY)}/case").text
    labels = [label for _, _, label in options(shown, "category")]
    assert not [label for label in labels if label.endswith(", 1 days")]
    assert [label for label in labels if label.endswith(", 1 day")]
