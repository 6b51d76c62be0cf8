"""An answer that came too late for its dial goes by SMS: once, and with figures only where she allowed them."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from gateway import clock
from gateway.clock import deadline
from gateway.conversation.engine import Run
from gateway.conversation.session import Deferred, Session
from gateway.conversation.verbs import Outcome
from gateway.core.embedded.tables import phone_link
from gateway.journal.sessions import Memory
from gateway.messages import deferred as module
from gateway.messages.deferred import DeferredAnswers
from gateway.messages.tables import deferred as table
from tests.core import people
from tests.core.people import LAHORE
from tests.messages.rows import phone

A = phone(1)
MINE = "ATUid_1"


@pytest.fixture
def answers(services):
    return DeferredAnswers(services, services.database)


@pytest.fixture
def her(services):
    """A woman whose phone is A."""
    with services.database.writing() as connection:
        return people.settle(connection, "4550412345014", tehsil="rohri", phones=(A,), enrolled=("kafaalat",))


def leave(services, question: Deferred, to: str = A) -> None:
    """Leave a question behind as a hop does."""
    key = services.vault.phone_key(to)
    held = services.sessions.hold(MINE, key, first=True, deadline=deadline(2))
    sealed = services.vault.seal(services.engine.dump_deferred(question, to))
    memory = Memory("en", None, clock.epoch(), MINE)
    assert services.sessions.save(held, Session(MINE, key, "en"), [], memory, [sealed])


def question(verb="check_cnic", screen="check.cnic", answer=LAHORE, person=None, **more) -> Deferred:
    return Deferred(verb, screen, f"{MINE}/{screen}/3", person, answer, None, {}, more.get("language", "en"))


def mine(her) -> Deferred:
    return question("my_standing", "eligibility.mine", None, her.id)


def run(answers) -> None:
    answers.collect()
    answers.ask()


def stored(services):
    with services.database.reading() as connection:
        return connection.execute(select(table)).all()


def test_an_open_answer_is_sent_when_the_core_is_back(services, answers):
    services.away.add("now")
    leave(services, question())
    run(answers)
    run(answers)
    assert services.bodies() == []
    services.away.clear()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=True):
        run(answers)
        run(answers)
    [body] = services.bodies()
    assert "not eligible" in body
    [sent] = services.outbox.recent()
    assert (sent.phone, sent.lane) == (A, "reply")


def test_the_same_question_left_twice_is_answered_once(services, answers):
    leave(services, question())
    leave(services, question())
    run(answers)
    leave(services, question())
    run(answers)
    assert len(services.bodies()) == 1


@pytest.mark.parametrize("damaged", ["gone.AAAA", "k1.AAAA", "k1.\u0627"])
def test_a_question_that_cannot_be_opened_stops_no_other(services, answers, damaged):
    key = services.vault.phone_key(A)
    held = services.sessions.hold("ATUid_2", key, first=True, deadline=deadline(2))
    memory = Memory("en", None, clock.epoch(), "ATUid_2")
    assert services.sessions.save(held, Session("ATUid_2", key, "en"), [], memory, [damaged])
    leave(services, question())
    run(answers)
    assert len(services.bodies()) == 1


def test_the_question_is_not_readable_in_the_row_and_goes_with_the_answer(services, answers):
    leave(services, question())
    answers.collect()
    assert LAHORE not in str(stored(services))
    answers.ask()
    [row] = stored(services)
    assert row.sealed == ""


def test_the_verb_is_asked_under_the_key_of_the_hop(services):
    seen = []

    def perform(name, ask):
        seen.append((name, ask.key, ask.answer, ask.phone, ask.language))
        return Outcome("not_eligible", {"office": "", "emergency": False})

    leave(services, question())
    run(DeferredAnswers(services, services.database, perform))
    assert seen == [("check_cnic", f"{MINE}/check.cnic/3", LAHORE, A, "en")]


def test_her_own_answer_goes_to_her_own_phone(services, answers, her):
    leave(services, mine(her))
    run(answers)
    [sent] = services.outbox.recent()
    assert sent.template.startswith("eligibility.")


def allow(services, *, state: bool) -> None:
    with services.database.writing() as connection:
        connection.execute(update(phone_link).values(details_by_sms=state))


def test_without_her_leave_the_sms_says_only_where_to_hear_it(services, answers, her):
    allow(services, state=False)
    leave(services, mine(her))
    run(answers)
    assert services.bodies() == [services.book.message("answer_ready", "en", {"code": "*8171*4#"})]


def test_a_shared_phone_is_told_only_where_to_hear_it(services, answers, her):
    with services.database.writing() as connection:
        other = people.settle(connection, "3520212345098")
        [first] = connection.execute(select(phone_link)).all()
        connection.execute(
            phone_link.insert().values(first._asdict() | {"id": first.id + 1, "person": other.id})
        )
    leave(services, mine(her))
    run(answers)
    assert [sent.template for sent in services.outbox.recent()] == ["answer_ready"]


def test_a_phone_that_speaks_for_her_no_more_is_told_nothing_of_hers(services, answers, her):
    with services.database.writing() as connection:
        connection.execute(update(phone_link).values(status="revoked"))
    leave(services, mine(her))
    run(answers)
    assert [sent.template for sent in services.outbox.recent()] == ["answer_ready"]


def test_an_open_question_that_led_behind_a_gate_is_not_told_without_her_leave(services, answers, her):
    """Nobody was spoken for when it was left, so the gate is shut; its page must not go out, nor the PIN be asked."""
    leave(services, question("latest_payment", "payments.latest", None))
    run(answers)
    assert services.bodies() == [services.book.message("answer_ready", "en", {"code": "*8171*1#"})]


def test_a_core_that_stays_away_gets_an_apology_in_the_end(services, answers, monkeypatch):
    monkeypatch.setattr(module, "MOST_ATTEMPTS", 3)
    services.away.add("always")
    leave(services, question())
    for hours in range(5):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
            run(answers)
    assert services.bodies() == [services.book.message("answer_failed", "en")]


def test_a_worker_that_dies_before_the_row_is_written_loses_nothing(services, answers):
    leave(services, question())
    assert len(services.sessions.deferred.take(10)) == 1  # and it dies here
    assert answers.collect() == 0
    assert len(services.sessions.deferred.take_left(0)) == 1
    answers._keep(services.sessions.deferred.take_left(0))
    answers.ask()
    assert len(services.bodies()) == 1


def test_a_worker_that_dies_while_asking_leaves_it_to_another(services, answers):
    leave(services, question())
    answers.collect()
    assert answers._claim() is not None  # and it dies here
    assert answers.ask() == 0
    with time_machine.travel(clock.now() + module.LEASE + timedelta(seconds=1), tick=True):
        assert answers.ask() == 1
    assert len(services.bodies()) == 1


def test_what_nobody_can_read_stops_nothing(services, answers):
    key = services.vault.phone_key(A)
    for number, rubbish in enumerate(["rubbish", services.vault.seal(json.dumps({"a": 1}))]):
        held = services.sessions.hold(f"s{number}", key, first=True, deadline=deadline(2))
        services.sessions.save(
            held, Session(f"s{number}", key, "en"), [], Memory("en", None, 0, "s"), [rubbish]
        )
    leave(services, question())
    run(answers)
    assert len(services.bodies()) == 1


def test_a_hop_past_its_deadline_is_answered_by_sms(services, answers):
    """The whole way: a dial whose core is away, its deferred answer, the SMS."""
    services.core.registry.choose_language(A, "en", "before")
    key = services.vault.phone_key(A)

    def away(name, ask):
        return Outcome("unreachable")

    session = Session(MINE, key, "en")
    turn = services.engine.text(session, "check.cnic", LAHORE, Run(A, away, deadline(1), 3))
    assert turn.deferred is not None
    leave(services, turn.deferred)
    run(answers)
    assert "not eligible" in services.bodies()[0]


def test_answers_given_are_forgotten_after_thirty_days(services, answers):
    leave(services, question())
    run(answers)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=True):
        assert answers.purge() == 1
