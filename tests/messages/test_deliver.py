"""Rounds of sending over real HTTP: everything goes out once, whatever the aggregator or the network does."""

import threading
import time

import pytest

from gateway.channels.africastalking import AfricasTalking
from gateway.core.port import Contact
from gateway.errors import CoreUnreachable, StoreUnreachable
from gateway.journal.link import connect
from gateway.messages.deliver import Delivery
from gateway.messages.outbox import Outbox
from gateway.messages.throttle import Throttle
from gateway.messages.values import Report
from tests.messages.rows import message, phone

A, B = phone(1), phone(2)


def test_a_round_sends_what_is_due(rows, delivery, aggregator):
    rows.put(message(A, "hello"), message(B, "other"))
    assert delivery.round() == 2
    assert delivery.round() == 0
    assert aggregator.bodies_to(A) == ["hello"]
    assert aggregator.bodies_to(B) == ["other"]
    row = rows.all()[0]
    assert (row.state, row.aggregator_id, row.cost) == ("sent", aggregator.id_for(A), "KES 0.8000")


def test_one_text_to_many_is_one_call(rows, delivery, aggregator):
    rows.put(*(message(body="Rs 13,500 aa gaye", lane="alert") for _ in range(250)))
    delivery.round()
    assert sorted(len(request.to) for request in aggregator.requests) == [50, 100, 100]
    assert set(rows.states()) == {"sent"}


def test_each_recipient_settles_alone(rows, delivery, aggregator):
    aggregator.outcomes[B] = (403, "InvalidPhoneNumber")
    rows.put(message(A), message(B))
    delivery.round()
    assert rows.states() == ["sent", "failed"]
    assert rows.all()[1].reason == "InvalidPhoneNumber"


def test_a_time_out_after_the_send_is_unknown_until_its_report(rows, outbox, delivery, aggregator):
    aggregator.next_calls.append("hang")
    rows.put(message(A, "once"))
    delivery.round()
    assert rows.states() == ["unknown"]
    for _ in range(3):
        delivery.round()
    assert aggregator.bodies_to(A) == ["once"]
    outbox.report(Report(aggregator.id_for(A), A, "delivered"))
    assert rows.states() == ["delivered"]


def test_a_report_that_comes_while_the_send_hangs_settles_it(rows, outbox, delivery, aggregator):
    aggregator.next_calls.append("hang")
    rows.put(message(A, "once"))
    worker = threading.Thread(target=delivery.round)
    worker.start()
    for _ in range(500):
        if aggregator.accepted:
            break
        time.sleep(0.005)
    outbox.report(Report(aggregator.id_for(A), A, "delivered"))
    worker.join()
    delivery.round()
    outbox.match_early()
    assert rows.states() == ["delivered"]
    assert aggregator.bodies_to(A) == ["once"]


def test_a_broken_connection_after_the_send_is_unknown(rows, delivery, aggregator):
    aggregator.next_calls.append("reset")
    rows.put(message(A, "once"))
    delivery.round()
    delivery.round()
    assert rows.states() == ["unknown"]
    assert aggregator.bodies_to(A) == ["once"]


def test_too_many_requests_wait_and_try_again(rows, delivery, aggregator):
    aggregator.next_calls.append((429, "text/plain", "slow down"))
    rows.put(message(A))
    delivery.round()
    [row] = rows.all()
    assert (row.state, row.attempts) == ("pending", 1)
    assert delivery.round() == 0
    rows.change(next_at=row.created_at)
    delivery.round()
    assert rows.states() == ["sent"]


def test_nobody_listening_loses_nothing(rows, outbox, delivery, link):
    dead = Delivery(
        outbox,
        AfricasTalking("sandbox", "k", url="http://127.0.0.1:9"),
        Throttle(link, "dead", 100, 100),
        delivery.contact,
    )
    rows.put(message(A))
    dead.round()
    [row] = rows.all()
    assert (row.state, row.attempts) == ("pending", 1)
    rows.change(next_at=row.created_at)
    delivery.round()
    assert rows.states() == ["sent"]


def test_a_refused_call_fails_its_messages(rows, delivery, aggregator):
    aggregator.next_calls.append((400, "text/plain", "bad"))
    rows.put(message(A))
    delivery.round()
    assert rows.states() == ["failed"]


@pytest.mark.parametrize(
    "play", ["refuse_all", (401, "text/plain", "The supplied authentication is invalid")], ids=str
)
def test_an_account_at_fault_stops_sending_and_keeps_every_message(rows, delivery, aggregator, play):
    aggregator.next_calls.append(play)
    rows.put(*(message(body=f"text {number}") for number in range(5)))
    delivery.round()
    assert delivery.round() == 0
    assert len(aggregator.requests) == 1
    assert rows.states() == ["pending"] * 5
    assert {row.attempts for row in rows.all()} == {0}
    assert delivery.throttle.stopped() > 200


def test_no_balance_for_one_stops_sending_for_all(rows, delivery, aggregator):
    aggregator.outcomes[A] = (405, "InsufficientBalance")
    rows.put(message(A, "one"), message(B, "two"))
    delivery.round()
    assert rows.states() == ["pending", "pending"]
    delivery.throttle.stop(0.001)
    time.sleep(0.01)
    aggregator.outcomes.clear()
    delivery.round()
    assert rows.states() == ["sent", "sent"]


def test_who_opted_out_gets_replies_only(rows, delivery, aggregator, opted_out):
    opted_out.add(A)
    rows.put(
        message(A, "alert", lane="alert"), message(B, "alert", lane="alert"), message(A, "c", lane="campaign"),
        message(A, "reply", lane="reply"),
    )  # fmt: skip
    delivery.round()
    assert rows.states() == ["suppressed", "sent", "suppressed", "sent"]
    assert aggregator.bodies_to(A) == ["reply"]


def test_a_core_that_is_away_delays_alerts_and_not_replies(rows, outbox, delivery):
    def away(phone: str) -> Contact:
        raise CoreUnreachable("away")

    rows.put(message(A, lane="alert"), message(A, lane="reply"))
    Delivery(outbox, delivery.sender, delivery.throttle, away).round()
    assert rows.states() == ["pending", "sent"]
    assert rows.all()[0].attempts == 0


def test_a_store_that_is_away_delays_and_loses_nothing(rows, outbox, delivery, tmp_path):
    gone = connect(f"unix://{tmp_path}/gone.sock")
    rows.put(message(A), message(A))
    with pytest.raises(StoreUnreachable):
        Delivery(outbox, delivery.sender, Throttle(gone, "a", 100, 100), delivery.contact).round()
    delivery.round()
    assert rows.states() == ["sent", "sent"]


def test_workers_at_once_send_each_message_once(database, vault, rows, delivery, aggregator):
    rows.put(*(message(phone(1000 + number), f"text {number % 9}", lane="alert") for number in range(400)))

    def work():
        one = Delivery(
            Outbox(database, vault), delivery.sender, delivery.throttle, delivery.contact, batch=20, claim=45
        )
        while one.round():
            pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(rows.states()) == {"sent"}
    to = [to for request in aggregator.requests for to in request.to]
    assert len(to) == len(set(to)) == 400


def test_sending_keeps_to_the_rate(rows, outbox, delivery, link, aggregator):
    slow = Delivery(
        outbox, delivery.sender, Throttle(link, "slow", per_second=20, batch=5), delivery.contact, batch=5
    )
    rows.put(*(message(body="same") for _ in range(35)))
    started = time.monotonic()
    slow.round()
    # The bucket holds one second's worth, 20; the other 15 take three quarters of a second.
    assert 0.6 < time.monotonic() - started < 3
    assert set(rows.states()) == {"sent"}


def test_the_rate_is_shared(link):
    first, second = (Throttle(link, "shared", per_second=10, batch=5) for _ in range(2))
    assert first.take(10) == 0
    assert 0 < second.take(1) <= 0.1
    assert Throttle(link, "other", per_second=10, batch=5).take(10) == 0


def test_a_worker_told_to_stop_gives_back_what_it_did_not_send(rows, outbox, delivery, link):
    stop = threading.Event()
    stop.set()
    stopping = Delivery(outbox, delivery.sender, delivery.throttle, delivery.contact, stop=stop)
    rows.put(message(A), message(B, "two"))
    stopping.round()
    assert rows.states() == ["pending", "pending"]
    assert delivery.round() == 2
