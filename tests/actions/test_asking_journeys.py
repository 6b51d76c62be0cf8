"""What is asked for by dial, through the real gateway with the demo cast: references, days, and what is stored and told."""

import re
from datetime import timedelta

import pytest
import time_machine

from gateway.conversation.screens import Show
from gateway.core.port import CaseState, Change, ChangeState
from tests.parts.gateway import DAY

READY, DECEASED, WALLET, RESURVEY = "+923001234501", "+923001234513", "+923001234519", "+923001234518"
STRANGER, UNSURVEYED, ABOVE = "+923001234520", "+923001234508", "+923001234506"


@pytest.fixture
def caller(gateway):
    """A phone that speaks English, just dialled."""

    def dial(number, code, pin=None):
        gateway.services.core.registry.choose_language(number, "en", "before")
        phone = gateway.phone(number)
        phone.dial(code)
        if pin:
            phone.send(pin)
        return phone

    return dial


def whole(phone):
    """The page with all that `98` still brings."""
    text = phone.screen
    while "98 " in phone.screen:
        text += "\n" + phone.send("98")
    return text


def reference_on(phone):
    return re.search(r"\b([1-4]\d{7})\b", phone.screen)[1]


def person_on(gateway, number):
    return gateway.services.core.registry.persons_on(number)[0].id


def test_less_money_than_was_paid_becomes_a_case_about_that_payment(gateway, caller):
    her = caller(READY, "*8171*3#", "4821")
    her.press("paid")
    her.sees("was withdrawn").press("I got less")
    reference = reference_on(her)
    her.sees("29 Nov 2026")
    (case,) = gateway.services.core.cases.of(person_on(gateway, READY))
    assert (case.reference, case.category, case.subject[:11]) == (reference, "short_payment", "instalment:")
    her.send("0")
    her.press("I got less")
    her.sees("already", reference)
    her.send("0")
    her.press("Not me")
    assert reference_on(her) != reference


def test_who_dials_again_after_a_case_is_not_led_into_opening_another(gateway, caller):
    her = caller(READY, "*8171*3#", "4821")
    her.press("paid")
    her.press("Not me")
    her.hang_up()
    her.dial()
    her.press("Continue")
    her.send("4821")
    her.sees("Your payments")
    assert len(gateway.services.core.cases.of(person_on(gateway, READY))) == 1


def test_a_complaint_from_the_list_is_about_nothing_seen_before(gateway, caller):
    her = caller(READY, "*8171*3#", "4821")
    her.press("paid")
    her.send("00")
    her.press("Complaint")
    her.press("Something is wrong")
    her.press("Money not received")
    (case,) = gateway.services.core.cases.of(person_on(gateway, READY))
    assert (case.category, case.subject) == ("not_received", "")


@pytest.mark.parametrize("code", ["*8171*1#", "*8171*2#", "*8171*4#"])
def test_the_next_of_kin_appeals_from_the_phone_of_the_dead(gateway, caller, code):
    kin = caller(DECEASED, code)
    kin.sees("recorded as deceased").press("Next of kin")
    kin.sees("22 Dec 2026")
    (case,) = gateway.services.core.cases.of(person_on(gateway, DECEASED))
    assert (case.reference, case.category, case.subject) == (reference_on(kin), "appeal", "deceased")
    kin = caller(DECEASED, code)
    kin.press("Next of kin")
    kin.sees("already", case.reference)


def test_the_next_of_kin_appeals_from_any_phone(gateway, caller):
    kin = caller(STRANGER, "*8171*7#")
    kin.send("17102-1234513-2")
    kin.press("Next of kin")
    followed = gateway.services.core.tracking.track(reference_on(kin), STRANGER)
    assert (followed.topic, followed.state) == ("appeal", "new")


def test_who_is_refused_appeals_once(gateway, caller):
    her = caller(ABOVE, "*8171*4#", "1592")
    her.press("Appeal")
    reference = reference_on(her)
    again = caller(ABOVE, "*8171*20#")
    again.press("Appeal")
    again.sees("already", reference)


def test_the_opener_is_told_when_a_case_moves_and_when_it_goes_to_the_ombudsman(gateway, caller):
    her = caller(ABOVE, "*8171*4#", "1592")
    her.press("Appeal")
    reference = reference_on(her)
    gateway.services.core.cases.move(reference, CaseState.ASSIGNED, "amina")
    with time_machine.travel(DAY + timedelta(days=30)):
        gateway.services.core.cases.escalate()
    given, escalated = gateway.texts_to(ABOVE)
    assert f"{reference}: given to an officer" in given
    assert f"{reference}: with the Federal Ombudsman" in escalated


def test_a_change_is_reported_and_a_token_booked_and_cancelled(gateway, caller):
    core = gateway.services.core
    her = caller(READY, "*8171*16#", "4821")
    her.sees("Surveyed 22 Sep 2025", "22 Sep 2027").press("Report a change")
    her.press("A birth")
    change = reference_on(her)
    her.sees("the child's B-form", "BISP Lahore City").press("Book a token")
    token = reference_on(her)
    her.sees("Token 1: 23 Nov 2026, BISP Lahore City")
    sms = gateway.texts_to(READY)[-1]
    assert all(part in sms for part in (token, "23 Nov 2026", "BISP Lahore City", "B-forms"))
    person = person_on(gateway, READY)
    assert {each.reference for each in core.tracking.open_of(person)} == {change, token}
    core.changes.move(change, ChangeState.VERIFIED, "amina")
    assert f"{change}: confirmed" in gateway.texts_to(READY)[-1]
    her.press("Cancel")
    her.sees("cancelled")
    assert [each.reference for each in core.tracking.open_of(person)] == [change]
    assert core.changes.of(person)[0].change is Change.BIRTH


def test_a_survey_before_its_day_is_refused_and_one_that_nser_asks_for_is_booked(caller):
    her = caller(READY, "*8171*16#", "4821")
    assert "Book a survey" not in whole(her)
    due = caller(RESURVEY, "*8171*4#", "3993")
    due.sees("Give a new survey by 21 Jan 2027").press("Book a survey")
    due.sees("Token 1: 23 Nov 2026, BISP Faisalabad City")


def test_a_phone_that_speaks_for_nobody_books_at_the_office_it_names(gateway, caller):
    unknown = caller(UNSURVEYED, "*8171*16#")
    unknown.press("Book a survey")
    unknown.sees("Your district or tehsil").send("Lahor")
    unknown.sees("Which place?").press("Lahore")
    unknown.sees("Offices in Lahore").press("BISP Model Town")
    unknown.sees("Token 1: 23 Nov 2026, BISP Model Town")
    token = reference_on(unknown)
    assert token in gateway.texts_to(UNSURVEYED)[0]
    again = caller(UNSURVEYED, "*8171*16#")
    again.press("Book a survey")
    again.sees("You have token 1 already", token)


def test_a_district_nobody_knows_is_asked_again(caller):
    stranger = caller(STRANGER, "*8171*16#")
    stranger.press("Book CNIC")
    stranger.send("Atlantis")
    stranger.sees("No office found under that name.", "Your district or tehsil")


def test_the_wallet_tells_whose_sim_it_is_and_a_lost_one_is_a_case(gateway, caller):
    her = caller(WALLET, "*8171*15#", "7510")
    her.sees("JazzCash wallet +92*******519", "the SIM is not in your name").press("SIM lost")
    (case,) = gateway.services.core.cases.of(person_on(gateway, WALLET))
    assert (case.category, case.subject[:8], case.reference) == ("account", "account:", reference_on(her))
    her.sees("2 Dec 2026")


def test_nothing_of_an_account_is_told_before_the_pin(caller):
    her = caller(READY, "*8171*15#")
    assert "HBL" not in her.screen
    her.send("4821")
    her.sees("HBL account ****4501 works")


def test_no_screen_that_writes_can_be_entered_anew(book):
    writing = {
        name
        for name, screen in book.screens.items()
        if isinstance(screen, Show) and screen.do and book.verbs[screen.do].writes
    }
    assert {"cases.taken", "survey.new", "survey.birth", "survey.cancel"} <= writing
    assert not writing & book.flow.afresh
    assert not writing & set(book.shortcuts.values())
