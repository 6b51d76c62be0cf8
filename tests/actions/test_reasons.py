"""Every reason for which money is held, in three languages through the real book: its own words, its one thing to do."""

import pytest

from gateway.actions.perform import Performer
from gateway.actions.registry import REGISTRY
from gateway.clock import deadline
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine, Run
from gateway.conversation.session import Opening, Session
from gateway.core.port import LinkedPerson, Unpaid
from tests.actions.small_core import ROOT, SmallPayments, SmallRegistry, instalment, small_core

HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)

# Reason -> (where its option leads, remedy in English, in Roman Urdu, in Urdu)
REMEDIES = {
    Unpaid.NOT_SURVEYED: ("survey.new", "Book a survey", "Survey ka token lein", "سروے کا ٹوکن"),
    Unpaid.RESURVEY_DUE: ("survey.new", "Book a survey", "Survey ka token lein", "سروے کا ٹوکن"),
    Unpaid.UNDER_REVIEW: (None, "Wait for the SMS", "SMS ka intezar", "میسج کا انتظار"),
    Unpaid.PMT_ABOVE: ("cases.appeal", "Appeal", "Appeal", "اپیل"),
    Unpaid.FILTERED: ("cases.appeal", "Appeal", "Appeal", "اپیل"),
    Unpaid.CNIC_EXPIRED: (None, "Renew it at NADRA", "NADRA se naya banwayein", "نادرا سے نیا بنوائیں"),
    Unpaid.CNIC_BLOCKED: (None, "NADRA to open it", "NADRA se khulwayein", "نادرا سے کھلوائیں"),
    Unpaid.CNIC_NOT_UPDATED: ("survey.cnic", "Update it at NADRA", "NADRA se durust", "نادرا سے درست"),
    Unpaid.BIOMETRIC_FAILED: (
        None,
        "again at NADRA",
        "NADRA mein angutha dobara",
        "نادرا میں انگوٹھا دوبارہ",
    ),
    Unpaid.DUPLICATE_FAMILY: ("cases.record", "Live apart? Tell us", "Alag rehti hain", "الگ رہتی ہیں"),
    Unpaid.DECEASED: ("cases.kin", "Appeal", "Appeal", "اپیل"),
    Unpaid.NOT_RELEASED_IN_DISTRICT: (None, "Wait for the SMS", "SMS ka intezar", "میسج کا انتظار"),
    Unpaid.ACCOUNT_INACTIVE: (None, "Go to your bank branch", "bank branch jayein", "بینک برانچ جائیں"),
    Unpaid.SIM_NOT_OWN: (None, "Get a free SIM", "muft SIM lein", "مفت سم لیں"),
    Unpaid.ALREADY_WITHDRAWN: ("cases.taken", "Not me: tell us", "Main ne nahin li", "میں نے نہیں لی"),
    Unpaid.CONDITION_NOT_MET: (None, "send the record", "record bhijwayein", "ریکارڈ بھجوائیں"),
}
LANGUAGES = ("en", "ur_Latn", "ur")


@pytest.fixture(scope="module")
def engine():
    return Engine(Book.load(ROOT / "menus", ROOT / "config", REGISTRY, "africastalking", False))


class Answer:
    """The page a reason leads to, all of it, and the same as one text."""

    def __init__(self, engine, reason, language):
        registry, payments = SmallRegistry((HER,)), SmallPayments((instalment("held", reason),))
        perform = Performer(
            small_core(registry=registry, payments=payments),
            2,
            languages=engine.book.language_names(),
            pin_mark=lambda session, pin: "mark",
        )
        run = Run("+923001234501", perform, deadline(5), 0)
        session, _ = engine.open("s", "key", Opening(language=language, screen="payments.why"), run)
        turn = engine.take_turn(session, "4821", run)
        self.first, self.screen, self.text = turn.page.text, turn.page.screen, turn.page.text
        while "98 " in turn.page.text:
            turn = engine.take_turn(session, "98", run)
            self.text += "\n" + turn.page.text
        by_sms = Session("sms:1", "key", language, medium="sms")
        by_sms.person = HER.id
        by_sms.granted |= {"phone", "person", "pin"}
        self.sms = engine.text(by_sms, "payments.why", None, run).page.text
        perform.close()


def test_every_reason_stands_in_the_table():
    assert set(REMEDIES) == set(Unpaid)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Unpaid)
def test_every_reason_is_told_with_its_remedy(engine, reason, language):
    target, *remedies = REMEDIES[reason]
    answer = Answer(engine, reason, language)
    assert remedies[LANGUAGES.index(language)] in answer.text.replace("\n", " ").replace("98 آگے 0 واپس ", "")
    assert ("13,500" in answer.first.splitlines()[0]) is (reason is not Unpaid.DECEASED)
    options = getattr(engine.book.screens[answer.screen], "options", {})
    assert [option.to for option in options.values()] == ([target] if target else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_reasons_read_alike(engine, language):
    told = {reason: Answer(engine, reason, language).text for reason in Unpaid}
    assert len(set(told.values())) == len(told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Unpaid)
def test_a_text_says_how_to_go_on_and_numbers_no_options(engine, reason, language):
    target, *_ = REMEDIES[reason]
    sms = Answer(engine, reason, language).sms
    assert not any(line.startswith("1 ") for line in sms.splitlines())
    assert ("*8171*" in sms) or not target
