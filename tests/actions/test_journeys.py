"""The real menus with the real verbs, over a small core: what each of the demo's situations hears."""

from datetime import date

import pytest

from gateway.actions.perform import Performer
from gateway.actions.registry import REGISTRY
from gateway.clock import deadline
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine, Run
from gateway.conversation.session import Opening, Session
from gateway.core.port import Coarse, CoarseAnswer, EventStanding, LinkedPerson, Office, PinAnswer, Unpaid
from tests.actions.small_core import (
    ROOT,
    SmallEligibility,
    SmallPayments,
    SmallPins,
    SmallRegistry,
    decision,
    instalment,
    small_core,
)

PHONE = "+923001234501"
HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
LANGUAGES = ("en", "ur_Latn", "ur")


@pytest.fixture(scope="module")
def engine():
    return Engine(Book.load(ROOT / "menus", ROOT / "config", REGISTRY, "africastalking", False))


class Caller:
    """One dial over a core of a few values."""

    def __init__(self, engine, core, language="en"):
        self.engine, self.language = engine, language
        self.perform = Performer(
            core, 2, languages=engine.book.language_names(), pin_mark=lambda s, p: f"{s} {hash(p)}"
        )

    def dial(self, screen=None):
        opening = Opening(language=self.language, screen=screen)
        self.session, turn = self.engine.open("s", "key", opening, self._run())
        return self._see(turn)

    def send(self, *keys):
        for key in keys:
            self._see(self.engine.take_turn(self.session, key, self._run()))
        return self

    def text(self, cnic):
        session = Session("sms:1", "key", self.language, medium="sms")
        return self._see(self.engine.text(session, "check.cnic", cnic, self._run()))

    def whole(self):
        """The page with all that `98` still brings."""
        text = self.page.text
        while "98 " in self.page.text:
            text += "\n" + self.send("98").page.text
        return text

    def _see(self, turn):
        self.page = turn.page
        assert turn.page.screen != "common.trouble"
        return self

    def _run(self):
        return Run(PHONE, self.perform, deadline(5), 0)


@pytest.fixture
def caller(engine):
    made = []

    def call(language="en", **subjects):
        core = small_core(**{"registry": SmallRegistry((HER,)), **subjects})
        made.append(Caller(engine, core, language))
        return made[-1]

    yield call
    for each in made:
        each.perform.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_money_that_is_ready_is_heard_behind_the_pin_and_not_before(caller, language):
    her = caller(language, payments=SmallPayments((instalment("ready"),)))
    her.dial().send("1", "1")
    assert her.page.screen == "gate.enter_pin"
    assert "13,500" not in her.page.text
    assert her.send("4821").page.screen == "payments.ready"
    assert "13,500" in her.page.text
    assert "HBL Shop" in her.whole()


def test_the_booked_branch_is_named_with_its_day(caller):
    booked = instalment("branch", place="HBL Saddar", place_on=date(2026, 12, 3))
    her = caller(payments=SmallPayments((booked,))).dial("payments.latest").send("7716")
    assert "HBL Saddar, 3 Dec 2026" in her.page.text
    assert "No thumb" in her.page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Unpaid)
def test_every_reason_is_heard_with_what_to_do(caller, language, reason):
    held = instalment("held", reason)
    her = caller(language, payments=SmallPayments((held,))).dial("payments.latest").send("4821")
    group = her.page.screen
    assert group.startswith("payments.")
    if reason is not Unpaid.DECEASED:
        assert "13,500" in her.page.text


def test_several_amounts_are_listed_one_a_programme_and_each_can_be_opened(caller):
    flood = instalment("ready", id=2, programme="emergency", period="flood", amount=25_000, place="Camp 4")
    her = caller(payments=SmallPayments((instalment("ready"), flood))).dial("payments.latest").send("4821")
    assert "1 Rs 13,500 Kafaalat\n2 Rs 25,000 Emergency" in her.page.text
    assert "Camp 4" in her.send("2").page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_no_instalment_hears_of_her_eligibility_at_once(caller, language):
    above = decision("not_eligible", "PMT_ABOVE", score="44.20")
    her = caller(language, eligibility=SmallEligibility(decision=above)).dial("payments.latest").send("1592")
    assert her.page.screen == "eligibility.above"
    assert "44.20" in her.whole()
    assert her.send("1").page.screen == "portal.list"


def test_the_filter_is_named_behind_the_pin(caller):
    filtered = decision("not_eligible", "FILTERED", "spouse X_GOVT_EMP")
    her = caller(eligibility=SmallEligibility(decision=filtered)).dial("eligibility.mine").send("6535")
    assert "a government job in the family" in her.page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_flood_list_tells_amount_place_and_last_day(caller, language):
    money = instalment("ready", programme="emergency", amount=25_000, until=date(2026, 12, 31))
    flood = EventStanding("flood", "Flood relief", "listed", date(2026, 12, 31), money)
    her = caller(language, payments=SmallPayments(standings=(flood,))).dial("emergency.mine").send("3279")
    whole = her.whole()
    assert all(part in whole for part in ("25,000", "HBL Shop", "31 ", "2026", "Flood relief"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_phone_asks_which_of_the_two_by_four_digits(caller, language):
    other = LinkedPerson(9, "5168", has_pin=True, details_by_sms=False)
    her = caller(
        language, registry=SmallRegistry((HER, other)), payments=SmallPayments((instalment("ready"),))
    )
    her.dial("payments.latest")
    assert "1 ..5012\n2 ..5168" in her.page.text
    assert her.send("2").page.screen == "gate.enter_pin"
    assert "13,500" in her.send("8419").page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_of_nobody_is_told_what_it_can_do(caller, language):
    her = caller(language, registry=SmallRegistry()).dial("payments.latest")
    assert her.page.screen == "gate.unlinked"
    her.whole()
    assert her.send("1").page.screen == "check.cnic"


def test_a_first_pin_is_chosen_on_the_way_to_her_money(caller):
    pins = SmallPins()
    new = LinkedPerson(7, "5012", has_pin=False, details_by_sms=True)
    her = caller(registry=SmallRegistry((new,)), pins=pins, payments=SmallPayments((instalment("ready"),)))
    her.dial("payments.latest").send("1234")
    assert "Too easy" in her.page.text
    assert her.send("7391", "7392").page.screen == "gate.pin_differs"
    her.send("1", "7391", "7391")
    assert "13,500" in her.page.text
    assert [(person, pin) for person, pin, _ in pins.chosen] == [(7, "7391")]


def test_a_pin_is_changed_only_behind_the_old_one(caller):
    pins = SmallPins()
    her = caller(pins=pins).dial("pins.home")
    assert her.page.screen == "gate.enter_pin"
    assert her.send("4821").page.screen == "pins.change"
    assert her.send("7391", "7391").page.screen == "pins.chosen"
    assert [pin for _, pin, _ in pins.chosen] == ["7391"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_pin_is_counted_and_a_locked_one_tells_the_minutes(caller, language):
    pins = SmallPins(PinAnswer("wrong", tries_left=2))
    her = caller(language, pins=pins).dial("payments.latest").send("1111")
    assert (her.page.screen, "2" in her.page.text.splitlines()[0]) == ("gate.enter_pin", True)
    pins.answer = PinAnswer("locked", minutes=30)
    her.send("1111")
    assert (her.page.screen, her.page.end, "30" in her.page.text) == ("gate.locked", True, True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("result", [each for each in Coarse if each is not Coarse.RATE_LIMITED])
def test_a_texted_cnic_gets_a_coarse_answer_that_is_complete(caller, language, result):
    office = Office("BISP Shujabad", "Main Road", "Multan", "Shujabad")
    answer = CoarseAnswer(result, office=office, emergency=True)
    reply = caller(language, eligibility=SmallEligibility(answer)).text("3520212345012").page
    assert reply.screen == f"check.{result}"
    assert reply.text.startswith("8171: ")
    assert "*8171*" in reply.text.splitlines()[-1]
    assert "Rs" not in reply.text
    assert ("*8171*5#" in reply.text) == (result is not Coarse.DECEASED)
    assert ("BISP Shujabad" in reply.text) == (result is Coarse.SURVEY_NEEDED)


def test_the_language_is_asked_first_and_can_be_changed_from_the_root(engine, caller):
    registry = SmallRegistry()
    her = caller(None, registry=registry).dial()
    names = list(engine.book.language_names())
    her.send(str(names.index("en") + 1))
    assert (her.page.screen, registry.languages[PHONE]) == ("common.home", ("en", "s"))
    her.send("0", str(names.index("ur_Latn") + 1))
    assert "Meri raqam" in her.page.text
    assert registry.languages[PHONE] == ("ur_Latn", "s")


def test_a_district_typed_leads_to_its_office(caller):
    her = caller().dial("offices.home").send("2", "Lahore")
    assert "GT Road" in her.page.text


@pytest.mark.parametrize(("key", "opted_out"), [("1", False), ("2", True)])
def test_alerts_are_switched_by_two_plain_choices(caller, key, opted_out):
    registry = SmallRegistry((HER,))
    caller(registry=registry).dial().send("6", "4", "3", key)
    assert registry.opted_out == {PHONE: opted_out}
