"""A hop happens exactly once: repeats, races, forgeries, lost stores and slow cores, on real parts."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import pytest
import redis
import time_machine
from sqlalchemy import text

from gateway import clock
from gateway.app import create_app
from gateway.messages.deferred import DeferredAnswers
from tests.phone import Phone
from tests.transcripts.script import cast

READY = "+923001234501"
PIN = "4821"
CNIC = "3520212345012"


@pytest.fixture
def phone(gateway):
    """The phone of `ready`, who chose English before."""
    gateway.services.core.registry.choose_language(READY, "en", "before")
    return gateway.phone(READY)


def drain(gateway):
    while gateway.services.journal.drain(1000):
        pass


def turns(gateway, phone):
    drain(gateway)
    return [recorded.turn for recorded in gateway.services.journal.turns(phone.session)]


def rows(gateway, sql):
    with gateway.services.database.reading() as connection:
        return connection.execute(text(sql)).scalar_one()


def flush(gateway):
    """What a failover to an empty replica looks like."""
    redis.Redis.from_url(gateway.services.settings.store_url).flushall()


# -- the trail ---------------------------------------------------------------------------------------------------------
def test_the_same_hop_again_gets_the_same_page_and_does_nothing(gateway, phone):
    phone.dial()
    page = phone.press("My money")
    for _ in range(3):
        assert phone.hop() == page
    assert [turn.number for turn in turns(gateway, phone)] == [1, 2]


def test_the_first_hop_again_is_the_first_page(gateway, phone):
    first = phone.dial()
    assert phone.hop() == first
    assert phone.dial(session=phone.session) == first


def test_a_shorter_trail_changes_nothing(phone):
    phone.dial()
    phone.press("My money")
    page = phone.press("This quarter")
    trail = phone.trail
    phone.trail = trail.split("*")[0]
    assert phone.hop() == page
    phone.trail = trail
    assert phone.walk(PIN) != page
    phone.sees("Rs 13,500")


def test_a_diverging_trail_changes_nothing(phone):
    phone.dial()
    page = phone.press("My money")
    phone.trail = "5*5*5"
    assert phone.hop() == page


def test_another_phone_gets_a_polite_end_and_no_page(gateway, phone):
    phone.dial()
    page = phone.walk("1", "1")
    stranger = gateway.phone("+923001234520")
    stranger.session, stranger.trail = phone.session, phone.trail
    assert stranger.hop() != page
    assert stranger.ended
    stranger.trail = ""
    stranger.hop()
    assert stranger.ended
    assert phone.hop() == page


def test_keys_typed_ahead_are_taken_one_by_one(phone):
    phone.dial()
    phone.send(f"1*1*{PIN}")
    phone.sees("Rs 13,500")


def test_an_empty_answer_says_why_and_is_counted(phone):
    home = phone.dial()
    phone.send("1")
    before = phone.screen
    phone.send("")
    assert before in phone.screen
    assert phone.screen != before
    assert home != before


@pytest.mark.parametrize("bad", ["7", "abc", "*", "#", "🙂", "11111111111111111111", " "])
def test_a_bad_answer_gives_the_reason_on_the_same_screen(phone, bad):
    home = phone.dial()
    phone.send(bad)
    assert home in phone.screen
    assert not phone.ended


def test_three_bad_answers_end_with_the_helpline(phone):
    phone.dial()
    phone.walk("9", "9", "9")
    assert phone.ended
    phone.sees("0800-26477")


def test_after_the_end_the_last_page_stays(phone):
    phone.dial()
    last = phone.walk("9", "9", "9")
    phone.trail += "*1"
    assert phone.hop() == last
    assert phone.ended


# -- races -------------------------------------------------------------------------------------------------------------
def at_once(gateway, phone, copies=6):
    def one(_):
        copy = Phone(gateway.client.application.test_client(), phone.number)
        copy.session, copy.trail = phone.session, phone.trail
        copy.hop()
        return copy.raw

    with ThreadPoolExecutor(copies) as threads:
        return list(threads.map(one, range(copies)))


def test_copies_at_once_get_one_page_and_one_turn(gateway, phone):
    phone.dial()
    phone.walk("1", "1")
    phone.trail += f"*{PIN}"
    answers = at_once(gateway, phone)
    assert len(set(answers)) == 1
    assert "Rs 13,500" in answers[0]
    assert [turn.number for turn in turns(gateway, phone)] == [1, 2, 3, 4]


def test_copies_of_a_wrong_pin_at_once_count_one_try(gateway, phone):
    phone.dial()
    phone.walk("1", "1")
    phone.trail += "*0007"
    answers = at_once(gateway, phone)
    assert len(set(answers)) == 1
    assert "2" in answers[0]
    assert rows(gateway, "select count(*) from pin_attempt") == 1


def test_copies_of_a_first_dial_at_once(gateway, phone):
    phone.session, phone.trail = "ATUid_" + "c" * 32, ""
    assert len(set(at_once(gateway, phone))) == 1
    assert [turn.number for turn in turns(gateway, phone)] == [1]


# -- lost sessions -----------------------------------------------------------------------------------------------------
# Neither drained nor labelled, a lone `1` is what the extension `*8171*1#` sends too; the label tells them apart.
@pytest.mark.parametrize(
    ("after", "drained", "labelled"),
    [case for case in product(range(1, 5), [True, False], [True, False]) if case != (1, False, False)],
)
def test_a_lost_session_goes_on(gateway, phone, after, drained, labelled):
    keys = ["1", "1", PIN, "0"]
    phone.dial()
    whole = [phone.send(key) for key in keys]
    flush(gateway)
    phone.dial()
    for step, key in enumerate(keys, 1):
        phone.send(key)
        if step == after:
            if drained:
                drain(gateway)
            flush(gateway)
            assert phone.hop(label=labelled) == whole[step - 1]
    assert phone.screen == whole[-1]
    numbers = [turn.number for turn in turns(gateway, phone)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_language_chosen_in_the_lost_session_is_walked_as_chosen(gateway):
    phone = gateway.phone("+923001234520")
    phone.dial()
    phone.press("English")
    page = phone.press("Skills, help")
    flush(gateway)
    assert phone.hop() == page
    flush(gateway)
    assert phone.hop(label=False) == page


def test_a_language_changed_in_the_lost_session_is_walked_as_changed(gateway, phone):
    phone.dial()
    phone.send("0")
    page = phone.send("2")
    flush(gateway)
    assert phone.hop() == page


def test_a_wrong_pin_in_a_lost_session_counts_once(gateway, phone):
    phone.dial()
    page = phone.walk("1", "1", "0007")
    for _ in range(4):
        flush(gateway)
        assert phone.hop() == page
    assert rows(gateway, "select count(*) from pin_attempt") == 1
    phone.send(PIN)
    phone.sees("Rs 13,500")


@pytest.mark.parametrize("drained", [True, False])
@pytest.mark.parametrize("choice", ["Continue", "Start again"])
def test_a_session_that_began_with_the_offer_and_is_lost_goes_on(gateway, phone, drained, choice):
    phone.dial()
    phone.walk("1", "1", PIN)
    phone.dial()
    phone.press(choice)
    page = phone.walk(PIN) if choice == "Continue" else phone.walk("1", "1", PIN)
    phone.sees("Rs 13,500")
    if drained:
        drain(gateway)
    flush(gateway)
    assert phone.hop() == page


def test_a_right_pin_does_not_vouch_for_another_one(gateway, phone):
    phone.dial()
    phone.walk("1", "1", PIN)
    phone.sees("Rs 13,500")
    flush(gateway)
    phone.trail = "1*1*0007"
    assert "Rs" not in phone.hop()


@pytest.mark.parametrize("trail", ["", "1", "1*1"])
def test_another_phone_cannot_take_over_a_lost_session(gateway, phone, trail):
    phone.dial()
    page = phone.walk("1", "1")
    drain(gateway)
    before = turns(gateway, phone)
    flush(gateway)
    stranger = gateway.phone("+923001234520")
    stranger.session, stranger.trail = phone.session, trail
    stranger.hop()
    drain(gateway)
    assert turns(gateway, phone) == before
    if trail:
        assert stranger.ended
        assert phone.hop() == page


# -- extensions, resuming, language ------------------------------------------------------------------------------------
def test_an_extension_opens_the_screen_it_names(phone):
    phone.dial("*8171*1#")
    phone.send(PIN)
    phone.sees("Rs 13,500")


def test_an_extension_on_a_new_phone_asks_the_language_first(gateway):
    phone = gateway.phone("+923001234520")
    phone.dial("*8171*7#")
    phone.sees("Language")
    phone.press("English")
    phone.sees("CNIC", "13")


@pytest.mark.parametrize("labelled", [True, False])
def test_a_lost_session_that_began_with_an_extension_goes_on(gateway, phone, labelled):
    phone.dial("*8171*1#")
    flush(gateway)
    phone.trail += f"*{PIN}"
    phone.hop(label=labelled)
    phone.sees("Rs 13,500")


@pytest.mark.parametrize(
    ("code", "seen"), [(f"*8171*1*{PIN}#", "Rs 13,500"), (f"*8171*7*{CNIC}#", "Payment is ready")]
)
def test_an_extension_may_go_on_into_its_screen(phone, code, seen):
    phone.dial(code)
    phone.sees(seen)


def test_an_unknown_extension_still_answers(phone):
    phone.dial("*8171*77*5#")
    assert phone.screen


def test_a_dropped_caller_is_asked_and_her_pin_again(phone):
    phone.dial()
    phone.walk("1", "1", PIN)
    phone.sees("Rs 13,500")
    phone.dial()
    phone.press("Continue")
    assert "Rs 13,500" not in phone.screen
    phone.send(PIN)
    phone.sees("Rs 13,500")


def test_a_caller_cut_on_the_offer_is_offered_again_while_the_time_lasts(gateway, phone):
    phone.dial()
    phone.press("My money")
    for _ in range(3):
        phone.dial()
        phone.sees("Continue")
    with time_machine.travel(clock.now().timestamp() + 10 * 60, tick=True):
        phone.dial()
        phone.sees("Continue")
    with time_machine.travel(clock.now().timestamp() + 16 * 60, tick=True):
        assert "Continue" not in phone.dial()


def test_who_hung_up_at_the_end_is_not_asked(phone):
    home = phone.dial()
    phone.walk("9", "9", "9")
    assert phone.dial() == home


def test_after_fifteen_minutes_she_starts_anew(gateway, phone):
    home = phone.dial()
    phone.press("My money")
    with time_machine.travel(clock.now().timestamp() + 16 * 60, tick=True):
        assert phone.dial() == home


def test_the_language_is_asked_once(gateway):
    phone = gateway.phone("+923001234520")
    phone.dial()
    home = phone.send("2")
    assert phone.dial() == home or "8171" in phone.screen
    flush(gateway)
    assert phone.dial() == home


# -- slow or absent parts ----------------------------------------------------------------------------------------------
class Asleep:
    """A part of the core that takes its time."""

    def __init__(self, real, seconds):
        self._real, self._seconds, self.awake = real, seconds, False

    def __getattr__(self, name):
        found = getattr(self._real, name)

        def slowly(*given):
            if not self.awake:
                time.sleep(self._seconds)
            return found(*given)

        return slowly


def before_a_sleeping_core(gateway):
    """Services with 0.6 seconds a hop whose core takes longer, the sleeping part, and a phone asked for a CNIC."""
    settings = gateway.services.settings.model_copy(update={"hop_seconds": 0.6})
    asleep = Asleep(gateway.services.core.eligibility, 1.5)
    slow = replace(
        gateway.services, settings=settings, core=replace(gateway.services.core, eligibility=asleep)
    )
    phone = Phone(create_app(slow).test_client(), "+923001234520")
    slow.core.registry.choose_language(phone.number, "en", "before")
    phone.dial("*8171*7#")
    return slow, asleep, phone


def test_a_core_that_sleeps_gives_an_honest_page_in_time_and_the_answer_by_sms(gateway):
    slow, asleep, phone = before_a_sleeping_core(gateway)
    began = time.monotonic()
    phone.send(CNIC)
    assert time.monotonic() - began < 1.4
    assert phone.ended
    phone.sees("SMS")
    asleep.awake = True
    time.sleep(1.2)
    owed = DeferredAnswers(slow, slow.database)
    assert owed.collect() == 1
    for _ in range(3):
        owed.collect()
        owed.ask()
    replies = gateway.texts_to(phone.number)
    assert len(replies) == 1
    assert "payment is ready" in replies[0]


def test_a_promise_of_an_sms_is_not_made_where_it_cannot_be_stored(gateway, monkeypatch):
    slow, _, phone = before_a_sleeping_core(gateway)
    monkeypatch.setattr(slow.sessions, "save", lambda *given: False)
    phone.send(CNIC)
    assert phone.screen == gateway.services.book.page("common.busy", "en").text
    assert turns(gateway, phone)[-1].keys == "*5012"


def test_a_journal_that_hangs_holds_no_hop_up(gateway_on, own_valkey, monkeypatch):
    gateway = gateway_on(own_valkey.url, hop_seconds=5.0)
    gateway.services.core.registry.choose_language(READY, "en", "before")
    phone = gateway.phone(READY)
    phone.dial()
    phone.send("1")
    os.kill(own_valkey.pid, signal.SIGKILL)
    for name in ("opening", "write"):
        monkeypatch.setattr(gateway.services.journal, name, lambda *given: time.sleep(8))
    began = time.monotonic()
    phone.send("1")
    assert time.monotonic() - began < 6
    phone.sees("PIN")


def test_a_verb_that_breaks_is_an_answer_by_sms_and_its_fault_is_not_told(gateway, capfd):
    class Broken:
        def __getattr__(self, name):
            raise RuntimeError(f"{CNIC} must not be told")

    broken = replace(gateway.services, core=replace(gateway.services.core, eligibility=Broken()))
    phone = Phone(create_app(broken).test_client(), "+923001234520")
    broken.core.registry.choose_language(phone.number, "ur_Latn", "before")
    phone.dial("*8171*7#")
    phone.send(CNIC)
    assert phone.ended
    assert phone.screen == gateway.services.book.page("common.by_sms", "ur_Latn").text
    assert CNIC not in capfd.readouterr().err


def test_with_valkey_gone_she_is_answered_and_with_it_back_she_goes_on(gateway_on, own_valkey):
    gateway = gateway_on(own_valkey.url)
    gateway.services.core.registry.choose_language(READY, "en", "before")
    phone = gateway.phone(READY)
    phone.dial()
    phone.press("My money")
    os.kill(own_valkey.pid, signal.SIGKILL)
    phone.press("This quarter")
    phone.send(PIN)
    phone.sees("Rs 13,500")
    again = gateway.phone(READY)
    again.dial()
    again.sees("My money")
    own_valkey.start()
    page = phone.screen
    assert phone.hop() == page
    phone.send("00")
    phone.sees("My money")
    assert [turn.number for turn in turns(gateway, phone)] == [1, 2, 3, 4, 5]


# -- the end of a session ----------------------------------------------------------------------------------------------
def test_a_cut_after_a_decision_sends_one_reminder(gateway, phone):
    phone.dial()
    phone.walk("1", "1")
    phone.hang_up()
    phone.hang_up()
    texts = gateway.texts_to(READY)
    assert len([body for body in texts if "*8171#" in body]) == 1


def test_who_hangs_up_with_her_answer_read_is_sent_nothing(gateway, phone):
    before = gateway.texts_to(READY)
    phone.dial()
    phone.walk("1", "1", PIN)
    phone.sees("Rs 13,500")
    phone.hang_up()
    assert gateway.texts_to(READY) == before


def test_an_answer_is_whole_though_it_offers_what_may_be_done_about_it(gateway, phone):
    before = gateway.texts_to(READY)
    phone.dial("*8171*3#")
    phone.send(PIN)
    phone.press("paid")
    phone.sees("was withdrawn", "Not me: tell us")
    phone.hang_up()
    assert gateway.texts_to(READY) == before


def test_a_cut_on_the_first_page_sends_nothing(gateway, phone):
    before = gateway.texts_to(READY)
    phone.dial()
    phone.hang_up()
    assert gateway.texts_to(READY) == before


def test_a_session_that_ended_well_sends_nothing(gateway, phone):
    before = gateway.texts_to(READY)
    phone.dial()
    phone.walk("9", "9", "9")
    phone.hang_up("Success")
    assert gateway.texts_to(READY) == before


# -- a shared phone, a lock --------------------------------------------------------------------------------------------
def test_a_shared_phone_asks_which_and_each_pin_opens_her_own(gateway):
    people = cast()
    phone = gateway.phone(people["shared-a"]["phone"])
    gateway.services.core.registry.choose_language(phone.number, "en", "before")
    phone.dial("*8171*1#")
    phone.sees("5156", "5168")
    assert people["shared-a"]["name"].split()[0] not in phone.screen
    phone.press("5156")
    phone.send(people["shared-b"]["pin"])
    assert "Rs" not in phone.screen
    phone.send(people["shared-a"]["pin"])
    assert not phone.ended


def test_three_wrong_pins_lock_and_the_right_one_stays_out(phone):
    phone.dial("*8171*1#")
    phone.walk("0001", "0002", "0003")
    assert phone.ended
    phone.sees("30")
    phone.dial("*8171*1#")
    phone.send(PIN)
    assert phone.ended
    assert "Rs" not in phone.screen


# -- what stays of it --------------------------------------------------------------------------------------------------
def test_no_pin_cnic_or_phone_in_redis_or_the_journal(gateway, phone, capfd):
    phone.dial()
    phone.walk("1", "1", "7777", PIN, "00", "2", "2", CNIC)
    store = redis.Redis.from_url(gateway.services.settings.store_url)
    kept = b""
    for key in store.scan_iter():
        kept += key + b" "
        kind = store.type(key)
        kept += (
            b"".join(v for _, e in store.xrange(key) for v in e.values())
            if kind == b"stream"
            else (store.get(key) or b"")
            if kind == b"string"
            else b""
        )
    drain(gateway)
    with gateway.services.database.reading() as connection:
        for table in ("turn", "ussd_session", "pin_attempt", "lookup"):
            kept += repr(connection.execute(text(f"select * from {table}")).fetchall()).encode()  # noqa: S608
    said = capfd.readouterr()
    kept += said.out.encode() + said.err.encode()
    for secret in (PIN, "7777", CNIC, CNIC[:12], READY, READY[1:], "03001234501"):
        # Look-up values are hexadecimal and may hold any four digits; a secret stands by itself.
        assert not re.search(rf"(?<![0-9a-f.]){re.escape(secret)}(?![0-9a-f])".encode(), kept), secret
    assert b"Rs 13,500" in kept
