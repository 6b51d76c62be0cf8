"""The portal dialled and texted through the whole gateway on the demo registry."""

import re

import pytest
from sqlalchemy import update

from gateway import clock
from gateway.conversation.engine import Run
from gateway.conversation.session import Session
from gateway.core.embedded.tables import event
from gateway.core.port import ApplicationState
from gateway.messages.replies import performer
from tests.core.test_demo_cast import people

PEOPLE = people()


@pytest.fixture
def dial(gateway):
    """Dial a code as one of the cast, with her PIN where it is asked."""

    def dial(key, code, language="en"):
        phone = gateway.phone(PEOPLE[key]["phone"])
        gateway.services.core.registry.choose_language(phone.number, language, "before")
        phone.dial(code)
        if PEOPLE[key]["pin"]:
            phone.send(PEOPLE[key]["pin"])
        return phone

    return dial


def read_on(phone):
    """The screen with all that `98` still brings."""
    text = phone.screen
    while "98 " in phone.screen:
        text += "\n" + phone.send("98")
    return text


def number_on(phone):
    return re.search(r"\b1\d{7}\b", phone.screen)[0]


def hers(gateway, key):
    linked = gateway.services.core.registry.persons_on(PEOPLE[key]["phone"])
    return linked[0].id


def follow_by_text(gateway, number, session, body, screen="track.reference"):
    run = Run(number, performer(gateway.services), clock.deadline(10), 0)
    return gateway.services.engine.text(session, screen, body, run).page


def test_all_she_may_get_is_behind_the_pin(gateway):
    phone = gateway.phone(PEOPLE["disabled"]["phone"])
    gateway.services.core.registry.choose_language(phone.number, "en", "before")
    phone.dial("*8171*9#")
    assert "Loan" not in phone.screen
    phone.send("1111")
    assert "Loan" not in phone.screen
    phone.send("3141")
    phone.sees("All you have and may get:", "1 Kafaalat: may apply", "2 Loan: may apply")


@pytest.mark.parametrize("language", ["en", "ur_Latn", "ur"])
def test_every_programme_of_the_list_can_be_opened_by_everybody_of_the_cast(dial, language):
    for key in ("ready", "above", "filtered", "review", "loan", "flood", "transgender", "resurvey"):
        phone = dial(key, "*8171*9#", language)
        last = read_on(phone).splitlines()
        assert len([line for line in last if re.match(r"\d .+: ", line)]) == 9
        for number in range(1, 10):
            answer = phone.send(str(number))
            assert not phone.ended
            assert not set(last) & set(answer.splitlines()[:1])
            phone.send("0")


HEARD = [
    ("ready", "Kafaalat", ["You have Ehsaas/Benazir Kafaalat", "*8171*1#"]),
    ("disabled", "Health card", ["Sehat Sahulat card is open to you", "Your CNIC is the card"]),
    ("above", "Kafaalat", ["not now", "the poverty score is over the limit", "appeal"]),
    ("above", "Nashonuma", ["only for families in Kafaalat"]),
    ("above", "Emergency", ["Ehsaas Emergency Cash", "not now"]),
    ("loan", "Nashonuma", ["the sex on the CNIC does not fit"]),
    ("review", "Kafaalat", ["being checked"]),
    ("flood", "Emergency", ["You have Ehsaas Emergency Cash", "*8171*5#"]),
    ("wallet", "Reading", ["Reading and writing is open to you.", "*8171*17#"]),
]


@pytest.mark.parametrize(("key", "label", "heard"), HEARD)
def test_a_programme_picked_says_why_or_what_to_do(dial, key, label, heard):
    phone = dial(key, "*8171*9#")
    phone.press(label)
    whole = read_on(phone)
    assert [each for each in heard if each not in whole] == [], whole


def test_applied_twice_followed_and_taken_back(gateway, dial):
    phone = dial("disabled", "*8171*9#")
    phone.press("Kafaalat")
    phone.sees("you may apply").press("apply now")
    reference = number_on(phone.sees("Applied: Kafaalat", "*8171*8#"))

    phone = dial("disabled", "*8171*9#")
    phone.sees("1 Kafaalat: applied").send("1")
    phone.sees("You applied already", reference)

    phone = dial("disabled", "*8171*4#")
    phone.press("apply now")
    phone.sees("You applied already", reference)

    phone = dial("disabled", "*8171*8#")
    phone.sees("1 Kafaalat: received", "2 Another: by its number").send("1")
    phone.sees(f"Kafaalat {reference}: received, 22 Nov 2026").press("Take it back")
    phone.sees(f"Take back Kafaalat, number {reference}?").press("Yes")
    phone.sees(f"{reference} is taken back")

    phone = dial("disabled", "*8171*8#")
    phone.sees("8 digits").send(reference)
    phone.sees("taken back", "22 Nov 2026")
    made = gateway.services.core.applications.of(hers(gateway, "disabled"))
    assert [each.state for each in made] == ["withdrawn"]


def test_one_hop_posted_twice_is_one_application(gateway, dial):
    phone = dial("transgender", "*8171*9#")
    phone.press("Kafaalat")
    phone.press("apply now")
    first = phone.screen
    assert phone.hop() == first
    assert len(gateway.services.core.applications.of(hers(gateway, "transgender"))) == 1


def test_a_lost_session_walked_again_is_one_application(gateway, dial):
    phone = dial("transgender", "*8171*9#")
    phone.press("Kafaalat")
    phone.press("apply now")
    reference = number_on(phone)
    gateway.services.sessions.forget(gateway.services.vault.phone_key(phone.number))
    assert number_on(phone) == reference
    phone.send("0")
    assert len(gateway.services.core.applications.of(hers(gateway, "transgender"))) == 1


def test_somebody_elses_number_is_as_unknown_as_none(dial):
    phone = dial("disabled", "*8171*9#")
    phone.press("Kafaalat")
    phone.press("apply now")
    reference = number_on(phone)
    answers = []
    for number in (reference, "19999999"):
        stranger = dial("stranger", "*8171*8#")
        stranger.sees("8 digits").send(number)
        answers.append(stranger.screen)
    assert answers[0] == answers[1]
    assert "No request of yours" in answers[0]
    other = dial("above", "*8171*8#")
    assert other.send(reference) == answers[0]


def test_two_women_on_one_phone_see_each_her_own(gateway, dial):
    phone = gateway.phone(PEOPLE["shared-a"]["phone"])
    gateway.services.core.registry.choose_language(phone.number, "en", "before")
    phone.dial("*8171*9#")
    phone.walk("1", "5028")
    phone.press("Loan")
    phone.press("apply now")
    reference = number_on(phone)
    phone.dial("*8171*8#")
    phone.sees("Whose?").walk("2", "8419")
    phone.sees("8 digits").send(reference)
    phone.sees("No request of yours")
    text = Session("sms:1", gateway.services.vault.phone_key(phone.number), "en", medium="sms")
    told = follow_by_text(gateway, phone.number, text, reference)
    assert told.screen == "track.gated"
    assert reference not in told.text


def test_a_text_follows_a_number_and_applies_by_one(gateway, dial):
    number = PEOPLE["disabled"]["phone"]
    person = hers(gateway, "disabled")

    def session(name):
        made = Session(f"sms:{name}", gateway.services.vault.phone_key(number), "en", medium="sms")
        made.person = person
        made.granted.update({"phone", "person", "pin"})
        return made

    listed = follow_by_text(gateway, number, session("1"), None, "portal.all").text
    assert "Kafaalat: may apply (APPLY 1)" in listed
    assert "Nashonuma" not in listed
    applied = follow_by_text(gateway, number, session("2"), "1", "portal.apply_number").text
    assert "Applied: Kafaalat" in applied
    reference = re.search(r"\b1\d{7}\b", applied)[0]
    again = follow_by_text(gateway, number, session("3"), "1", "portal.apply_number").text
    assert "You applied already" in again
    assert reference in again
    assert "received" in follow_by_text(gateway, number, session("4"), reference).text
    assert (
        "No programme has that number"
        in follow_by_text(gateway, number, session("5"), "99", "portal.apply_number").text
    )


def test_each_move_is_told_to_her_phone(gateway, dial):
    phone = dial("disabled", "*8171*9#")
    phone.press("Loan")
    phone.press("apply now")
    reference = number_on(phone)
    gateway.services.core.applications.move(reference, ApplicationState.NEEDS_DOCUMENTS, "officer")
    assert any(reference in text and "papers" in text for text in gateway.texts_to(phone.number))
    phone = dial("disabled", "*8171*8#")
    phone.press("Loan")
    assert "Bring CNIC and B-forms" in read_on(phone)


def test_a_refusal_can_be_appealed(gateway, dial):
    phone = dial("filtered", "*8171*9#")
    phone.press("Kafaalat")
    phone.sees("job, travel or property rule").press("appeal")
    (case,) = gateway.services.core.cases.of(hers(gateway, "filtered"))
    assert (case.category, case.subject) == ("appeal", "programme:kafaalat")
    phone.sees(case.reference)


def test_emergency_cash_is_applied_for_while_the_event_is_open(gateway, dial):
    with gateway.services.database.writing() as connection:
        connection.execute(update(event).values(districts=["quetta"]))
    phone = dial("disabled", "*8171*5#")
    phone.sees("Rs 25,000 Flood Relief Cash: you may apply until 17 Dec 2026").press("apply now")
    reference = number_on(phone.sees("Applied: Emergency"))
    dial("disabled", "*8171*5#").sees("you applied", reference)
    (made,) = gateway.services.core.applications.of(hers(gateway, "disabled"))
    assert (made.programme, made.subject) == ("emergency", "flood-relief")
