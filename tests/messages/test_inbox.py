"""Texts to 8171: stored once, answered once, in the phone's language, and never with more than anybody may learn."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from gateway import clock
from gateway.errors import DatabaseUnreachable
from gateway.messages import inbox as module
from gateway.messages.inbox import Inbox
from gateway.messages.tables import inbox as table
from gateway.messages.values import Text
from tests.core.people import LAHORE
from tests.messages.rows import phone
from tests.messages.services import Switchable

A = phone(1)


def text(body: str, given: str = "m1", sender: str = A) -> Text:
    return Text(given, sender, "8171", body)


@pytest.fixture
def ask(services):
    """Send a text and let a worker run; the replies to it."""
    numbers = iter(range(1000))

    def send(body: str, given: str = "", sender: str = A) -> list[str]:
        before = len(services.bodies())
        services.inbox.put(text(body, given or f"id-{next(numbers)}", sender))
        services.inbox.answer_all(services)
        return services.bodies()[before:]

    return send


def stored(services):
    with services.database.reading() as connection:
        return connection.execute(select(table)).all()


def speak(services, language: str, to: str = A) -> None:
    services.core.registry.choose_language(to, language, "before")


def test_a_repeated_id_is_stored_and_answered_once(services):
    assert services.inbox.put(text("HELP"))
    assert not services.inbox.put(text("HELP"))
    assert services.inbox.answer_all(services) == 1
    assert not services.inbox.put(text("HELP"))
    assert services.inbox.answer_all(services) == 0
    assert len(services.bodies()) == 1


def test_nothing_of_hers_is_readable_in_the_row(services):
    services.inbox.put(text(LAHORE))
    assert LAHORE not in str(stored(services))
    assert A[1:] not in str(stored(services))
    services.inbox.answer_all(services)
    [row] = stored(services)
    assert row.body_sealed == ""


@pytest.mark.parametrize("body", [LAHORE, "35202-1234501-2", "۳۵۲۰۲۱۲۳۴۵۰۱۲", f"check {LAHORE}"])
def test_a_cnic_gets_the_open_answer(ask, services, body):
    speak(services, "en")
    [reply] = ask(body)
    assert reply == services.book.languages["en"].text("check.not_eligible.sms", reply)
    assert "not eligible" in reply
    assert LAHORE not in reply


def test_the_answer_is_in_the_language_of_the_phone(ask, services):
    for number, language in enumerate(services.book.languages, 1):
        to = phone(number)
        speak(services, language, to)
        ask(LAHORE, sender=to)
    assert {sent.template for sent in services.outbox.recent()} == {"check.not_eligible"}
    assert len(set(services.bodies())) == len(services.book.languages)


def test_the_reply_goes_by_the_fast_lane_under_the_texts_id(ask, services, database):
    ask(LAHORE, given="m7")
    with database.reading() as connection:
        row = connection.exec_driver_sql("SELECT dedupe_key, lane FROM outbox").one()
    assert tuple(row) == ("in:m7", "reply")


def test_an_unknown_cnic_is_sent_to_the_survey(ask, services):
    speak(services, "en")
    [reply] = ask("4550499999991")
    assert "survey" in reply.lower()
    assert "Office Rohri" in reply


@pytest.mark.parametrize(
    ("body", "template"),
    [
        ("HELP", "help"),
        ("salam", "help"),
        ("", "help"),
        ("12345678", "cnic_bad"),
        ("LANG", "lang_unknown"),
        ("LANG xx", "lang_unknown"),
    ],
)
def test_words_get_words(ask, services, body, template):
    speak(services, "en")
    assert ask(body) == [services.book.message(template, "en")]


def test_a_language_chosen_by_text_holds_from_then_on(ask, services):
    assert ask("LANG en") == [services.book.message("lang_set", "en")]
    assert services.core.registry.contact(A).language == "en"
    assert ask("help") == [services.book.message("help", "en")]
    assert ask("zaban Roman Urdu") == [services.book.message("lang_set", "ur_Latn")]


def test_stop_and_start_are_remembered_and_answered(ask, services):
    speak(services, "en")
    assert ask("STOP") == [services.book.message("stopped", "en")]
    assert services.core.registry.contact(A).opted_out
    assert ask("shuru") == [services.book.message("started", "en")]
    assert not services.core.registry.contact(A).opted_out


def test_after_too_many_look_ups_one_notice_and_then_silence(ask, services):
    speak(services, "en")
    replies = [ask(LAHORE) for _ in range(6)]
    assert [len(reply) for reply in replies] == [1, 1, 1, 1, 0, 0]
    assert "Too many" in replies[3][0]
    assert all(row.answered_at for row in stored(services))


def test_a_machine_that_answers_our_replies_is_left_alone(ask, monkeypatch, services):
    monkeypatch.setattr(module, "MOST_IN_AN_HOUR", 3)
    assert [len(ask("thanks")) for _ in range(5)] == [1, 1, 1, 0, 0]
    assert len(ask(LAHORE)) == 1
    assert len(ask("HELP", sender=phone(2))) == 1


def test_a_core_that_is_away_delays_the_answer_and_counts_one_look_up(services):
    speak(services, "en")
    services.away.add("now")
    services.inbox.put(text(LAHORE))
    assert services.inbox.answer_all(services) == 1
    assert services.inbox.answer_all(services) == 0
    assert services.bodies() == []
    services.away.clear()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=True):
        services.inbox.answer_all(services)
    assert len(services.bodies()) == 1
    assert "not eligible" in services.bodies()[0]


def test_a_core_that_stays_away_gets_an_apology_in_the_end(services, monkeypatch):
    monkeypatch.setattr(module, "MOST_ATTEMPTS", 3)
    services.away.add("always")
    services.inbox.put(text(LAHORE))
    for minutes in range(1, 60, 10):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
            services.inbox.answer_all(services)
    assert services.bodies() == [services.book.message("answer_failed", services.book.default_language)]


def test_the_apology_is_in_the_language_of_the_phone(services, monkeypatch):
    monkeypatch.setattr(module, "MOST_ATTEMPTS", 1)
    speak(services, "en")
    services.away.add("always")
    services.inbox.put(text(LAHORE))
    services.inbox.answer_all(services)
    assert services.bodies() == [services.book.message("answer_failed", "en")]


@pytest.mark.parametrize(("body", "language"), [("۳۵۲۰۲۱۲۳۴۵۰۱۲", "ur"), (LAHORE, "ur_Latn")])
def test_the_apology_of_a_core_that_is_all_away_is_in_the_script_of_the_text(
    services, monkeypatch, body, language
):
    monkeypatch.setattr(module, "MOST_ATTEMPTS", 1)
    services.core = replace(services.core, registry=Switchable(services.core.registry, {"always"}))
    services.inbox.put(text(body))
    services.inbox.answer_all(services)
    assert services.bodies() == [services.book.message("answer_failed", language)]


@pytest.mark.parametrize("field", ["phone_sealed", "body_sealed"])
@pytest.mark.parametrize("damaged", ["gone.AAAA", "k1.AAAA", "k1.="])
def test_a_text_that_cannot_be_opened_is_put_by_and_stops_no_other(services, field, damaged):
    services.inbox.put(text("HELP", "damaged"))
    with services.database.writing() as connection:
        connection.execute(table.update().values({field: damaged}))
    services.inbox.put(text("HELP", "whole"))
    assert services.inbox.answer_all(services) == 2
    assert services.inbox.answer_all(services) == 0
    assert [sent.phone for sent in services.outbox.recent()] == [A]
    assert all(row.answered_at and not row.body_sealed for row in stored(services))


def test_a_text_that_the_database_cannot_take_is_asked_for_again(locked, vault):
    with pytest.raises(DatabaseUnreachable) as caught:
        Inbox(locked, vault).put(text(LAHORE))
    assert caught.value.retryable
    assert LAHORE not in str(caught.value)


def test_a_worker_that_dies_while_answering_leaves_the_text_to_another(services):
    services.inbox.put(text("HELP"))
    assert services.inbox._claim() is not None  # and it dies here
    assert services.inbox.answer_all(services) == 0
    with time_machine.travel(clock.now() + module.LEASE + timedelta(seconds=1), tick=True):
        assert services.inbox.answer_all(services) == 1
    assert len(services.bodies()) == 1


def test_a_slow_worker_and_its_successor_answer_once(services):
    services.inbox.put(text("HELP"))
    slow = services.inbox._open(services.inbox._claim())
    with time_machine.travel(clock.now() + module.LEASE + timedelta(seconds=1), tick=True):
        services.inbox.answer_all(services)
        services.inbox._answer(services, services.inbox._replies, slow)
    assert len(services.bodies()) == 1


def test_workers_at_once_answer_each_text_once(services):
    for number in range(30):
        services.inbox.put(text("HELP", f"id-{number}", phone(number)))
    workers = [threading.Thread(target=services.inbox.answer_all, args=(services,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(services.bodies()) == 30


def test_a_new_text_wakes_a_worker_and_a_repeated_one_does_not(services):
    woken = []
    inbox = Inbox(services.database, services.vault, nudge=lambda: woken.append(1))
    inbox.put(text("HELP"))
    inbox.put(text("HELP"))
    assert woken == [1]


def test_the_look_up_is_in_the_journal_with_the_cnic_masked(ask, services):
    ask(LAHORE, given="m9")
    [recorded] = services.journal.turns("sms:m9")
    assert LAHORE not in str(recorded)
    assert recorded.turn.screen_to == "check.not_eligible"


def test_answered_texts_are_forgotten_after_thirty_days(ask, services):
    ask("HELP")
    services.inbox.put(text("HELP", "waiting"))
    with time_machine.travel(clock.now() + timedelta(days=31), tick=True):
        assert services.inbox.purge() == 1
    assert [row.id for row in stored(services)] == ["waiting"]
