"""Rows of the outbox: put once, claimed by one, moved on by what is known, never back."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, select

from gateway import clock
from gateway.errors import DatabaseUnreachable
from gateway.messages import counts
from gateway.messages.outbox import LEASE, SENDING_LEASE, Outbox
from gateway.messages.settling import MOST_ATTEMPTS
from gateway.messages.tables import early_reports
from gateway.messages.values import Receipt, Report
from gateway.privacy import Vault
from tests.messages.rows import message, phone

A = phone(1)


def later(**by):
    return time_machine.travel(clock.now() + timedelta(**by), tick=True)


def send(outbox, status="accepted", **more):
    """Claim what is due and settle all of it alike."""
    for batch in outbox.claim():
        outbox.settle(batch, [(row, Receipt(row.phone, status, **more)) for row in outbox.start(batch)])


def test_a_message_put_twice_is_one_row(rows):
    first = message(A, "one", key="k")
    rows.put(first, message(A, "two", key="k"))
    rows.put(message(A, "three", key="k"))
    assert [row.body for row in rows.all()] == ["one"]


def test_put_stands_or_falls_with_the_callers_transaction(database, outbox, rows):
    def put_and_fail():
        with database.writing() as connection:
            outbox.put(connection, [message()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_and_fail()
    assert rows.all() == []


def test_the_phone_is_not_readable_in_the_row(rows, outbox):
    rows.put(message(A))
    [row] = rows.all()
    assert A[1:] not in str(tuple(row))
    [batch] = outbox.claim()
    assert batch.rows[0].phone == A


def test_an_unknown_lane_is_refused(rows):
    with pytest.raises(ValueError, match="lane"):
        rows.put(message(lane="express"))


def test_replies_go_before_alerts_before_campaigns(rows, outbox):
    rows.put(
        message(lane="campaign", body="c"), message(lane="alert", body="a"), message(lane="reply", body="r"),
        message(lane="alert", body="a2"),
    )  # fmt: skip
    assert [batch.lane for batch in outbox.claim()] == ["reply", "alert", "alert", "campaign"]
    assert outbox.claim() == []


def test_a_small_claim_takes_the_first_lane(rows, outbox):
    rows.put(message(lane="campaign"), message(lane="reply"), message(lane="alert"))
    assert [batch.lane for batch in outbox.claim(limit=2)] == ["reply", "alert"]
    assert [batch.lane for batch in outbox.claim(limit=2)] == ["campaign"]


def test_messages_with_one_text_go_together_up_to_the_batch(rows, outbox):
    rows.put(*(message(body="same", lane="alert") for _ in range(5)), message(body="other", lane="alert"))
    sizes = [(batch.body, len(batch.rows)) for batch in outbox.claim(batch=2)]
    assert sorted(sizes) == [("other", 1), ("same", 1), ("same", 2), ("same", 2)]


def test_one_phone_stands_once_in_a_batch(rows, outbox):
    rows.put(message(A), message(A), message())
    batches = outbox.claim()
    assert sum(len(batch.rows) for batch in batches) == 3
    for batch in batches:
        assert len({row.phone for row in batch.rows}) == len(batch.rows)


def test_two_workers_never_hold_one_row(database, vault, rows):
    rows.put(*(message(body=str(number % 7)) for number in range(300)))
    taken: list[int] = []
    gate = threading.Barrier(4)

    def work():
        outbox = Outbox(database, vault)
        gate.wait()
        while batches := outbox.claim(limit=17, batch=5):
            for batch in batches:
                taken.extend(row.id for row in outbox.start(batch))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == [row.id for row in rows.all()]


def test_postgresql_passes_over_rows_that_another_holds(postgres_database):
    outbox = Outbox(postgres_database, Vault({"k1": b"1" * 32}))
    with postgres_database.writing() as connection:
        outbox.put(connection, [message(body="first"), message(body="second")])
    statements = []
    event.listen(
        postgres_database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    with postgres_database.writing() as holder:
        holder.exec_driver_sql("SELECT id FROM outbox WHERE body = 'first' FOR UPDATE")
        assert [batch.body for batch in outbox.claim()] == ["second"]
    assert any("FOR UPDATE SKIP LOCKED" in statement for statement in statements)
    assert [batch.body for batch in outbox.claim()] == ["first"]


def test_a_crash_after_the_claim_gives_the_row_back(rows, outbox):
    rows.put(message(A))
    [lost] = outbox.claim()
    outbox.recover()
    assert outbox.claim() == []
    with later(seconds=LEASE.total_seconds() + 1):
        outbox.recover()
        [again] = outbox.claim()
        assert outbox.start(lost) == ()
        assert [row.phone for row in outbox.start(again)] == [A]


def test_a_crash_while_sending_leaves_unknown_and_sends_nothing_again(rows, outbox):
    rows.put(message())
    [batch] = outbox.claim()
    outbox.start(batch)
    with later(seconds=SENDING_LEASE.total_seconds() + 1):
        outbox.recover()
        assert rows.states() == ["unknown"]
        assert outbox.claim() == []
    with later(days=2):
        outbox.recover()
        assert outbox.claim() == []


def test_a_slow_worker_may_still_say_how_it_went(rows, outbox):
    rows.put(message(A))
    [batch] = outbox.claim()
    sent = outbox.start(batch)
    with later(seconds=SENDING_LEASE.total_seconds() + 1):
        outbox.recover()
        outbox.settle(batch, [(sent[0], Receipt(A, "accepted", id="x1"))])
    assert rows.states() == ["sent"]
    assert rows.all()[0].aggregator_id == "x1"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("accepted", "sent"), ("refused", "failed"), ("hold", "held"), ("unknown", "unknown"), ("retry", "pending"),
        ("pause", "pending"),
    ],
)  # fmt: skip
def test_a_receipt_moves_its_row(rows, outbox, status, state):
    rows.put(message())
    send(outbox, status, reason="why", cost="KES 0.8")
    [row] = rows.all()
    assert (row.state, row.reason, row.cost) == (state, "why", "KES 0.8")
    assert row.claim is None


def test_what_may_be_tried_again_waits_longer_each_time_and_then_fails(rows, outbox):
    rows.put(message())
    waits = []
    moment = clock.now()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with time_machine.travel(moment, tick=False):
            send(outbox, "retry", reason="slow down")
            [row] = rows.all()
            assert row.attempts == attempt
            waits.append(row.next_at - moment)
            assert outbox.claim() == []
        moment = row.next_at + timedelta(seconds=1)
    assert row.state == "failed"
    assert row.reason == "gave up: slow down"
    assert waits[0] >= timedelta(seconds=10)
    assert waits == sorted(waits)


def test_what_was_held_goes_out_when_a_person_says_so(rows, outbox):
    rows.put(message())
    send(outbox, "hold", reason="RiskHold")
    assert outbox.claim() == []
    assert outbox.unhold() == 1
    assert len(outbox.claim()) == 1


def test_one_of_those_held_can_go_alone(rows, outbox, database):
    rows.put(message(), message(), message(lane="alert"))
    send(outbox, "hold", reason="RiskHold")
    assert counts.unanswered(database)["held"] == 3
    assert outbox.unhold([rows.all()[1].id, 999]) == 1
    assert rows.states() == ["held", "pending", "held"]


@pytest.mark.parametrize(
    "damaged",
    ["gone.AAAA", "k1.AAAA", "k1.=", "k1.\u0627", ""],
    ids=["dropped key", "tag", "base64", "letter", "empty"],
)
def test_a_row_that_cannot_be_opened_fails_and_stops_no_other(rows, outbox, database, damaged):
    rows.put(message(body="damaged"))
    rows.change(phone_sealed=damaged)
    rows.put(message(A, "whole"))
    send(outbox)
    assert [(row.state, row.reason) for row in rows.all()] == [
        ("failed", "phone cannot be opened"),
        ("sent", ""),
    ]
    assert rows.all()[0].settled_at
    assert rows.all()[0].claim is None


def test_a_report_says_when_the_database_cannot_take_it(locked, vault):
    with pytest.raises(DatabaseUnreachable):
        Outbox(locked, vault).report(Report("x1", A, "delivered"))


# -- delivery reports --------------------------------------------------------------------------------------------------
def test_a_report_settles_its_message_for_good(rows, outbox):
    rows.put(message(A))
    send(outbox, id="x1")
    outbox.report(Report("x1", A, "sent"))
    assert rows.states() == ["sent"]
    outbox.report(Report("x1", A, "delivered"))
    outbox.report(Report("x1", A, "delivered"))
    outbox.report(Report("x1", A, "failed", "DeliveryFailure"))
    outbox.report(Report("x1", A, "sent"))
    assert rows.states() == ["delivered"]


def test_a_failed_report_says_why_and_stays(rows, outbox):
    rows.put(message(A))
    send(outbox, id="x1")
    outbox.report(Report("x1", A, "failed", "UserInBlackList"))
    outbox.report(Report("x1", A, "delivered"))
    [row] = rows.all()
    assert (row.state, row.reason) == ("undelivered", "UserInBlackList")


def test_a_report_for_another_phone_changes_nothing(rows, outbox):
    rows.put(message(A))
    send(outbox, id="x1")
    outbox.report(Report("x1", phone(2), "failed"))
    assert rows.states() == ["sent"]


def test_a_word_not_known_yet_changes_nothing(rows, outbox):
    rows.put(message(A))
    send(outbox, id="x1")
    outbox.report(Report("x1", A, "unknown", "Parked"))
    assert rows.states() == ["sent"]


def test_a_report_before_the_answer_to_the_send_is_kept_and_applied(rows, outbox):
    rows.put(message(A))
    [batch] = outbox.claim()
    sent = outbox.start(batch)
    for _ in range(2):
        outbox.report(Report("x1", A, "delivered"))
    outbox.report(Report("x1", A, "sent"))
    assert rows.states() == ["sending"]
    outbox.settle(batch, [(sent[0], Receipt(A, "accepted", id="x1"))])
    assert rows.states() == ["delivered"]
    with rows.database.reading() as connection:
        assert connection.execute(select(early_reports)).all() == []


def test_a_report_settles_what_was_unknown(rows, outbox):
    rows.put(message(A), message(phone(2)))
    send(outbox, "unknown")
    outbox.report(Report("x9", A, "delivered"))
    assert rows.states() == ["delivered", "unknown"]
    outbox.report(Report("x9", A, "delivered"))
    assert rows.states() == ["delivered", "unknown"]


def test_a_report_on_its_way_makes_the_unknown_sent(rows, outbox):
    rows.put(message(A))
    send(outbox, "unknown")
    outbox.report(Report("x9", A, "sent"))
    assert rows.states() == ["sent"]
    outbox.report(Report("x9", A, "failed", "Expired"))
    assert rows.states() == ["undelivered"]


def test_a_report_while_the_worker_was_lost_finds_its_message_in_the_end(rows, outbox):
    rows.put(message(A))
    [batch] = outbox.claim()
    outbox.start(batch)
    outbox.report(Report("x1", A, "delivered"))
    assert outbox.match_early() == 0
    with later(seconds=SENDING_LEASE.total_seconds() + 1):
        outbox.recover()
        assert outbox.match_early() == 1
        assert outbox.match_early() == 0
    assert rows.states() == ["delivered"]


def test_a_report_never_goes_to_the_wrong_one_of_two_messages(rows, outbox):
    rows.put(message(A, "lost"))
    send(outbox, "unknown")
    rows.put(message(A, "now"))
    [batch] = outbox.claim()
    sent = outbox.start(batch)
    outbox.report(Report("x2", A, "delivered"))
    assert rows.states() == ["unknown", "sending"]
    outbox.settle(batch, [(sent[0], Receipt(A, "accepted", id="x2"))])
    assert rows.states() == ["unknown", "delivered"]


def test_reports_of_strangers_are_forgotten(rows, outbox):
    outbox.report(Report("x1", A, "delivered"))
    with later(days=8):
        outbox.purge()
    with rows.database.reading() as connection:
        assert connection.execute(select(early_reports)).all() == []


def test_reports_are_found_while_keys_rotate(database, rows, outbox):
    rows.put(message(A))
    send(outbox, id="x1")
    rotated = Outbox(database, Vault({"k2": b"2" * 32, "k1": b"1" * 32}))
    rotated.report(Report("x1", A, "delivered"))
    assert rows.states() == ["delivered"]


def test_the_core_is_told_of_each_delivered_alert_once(rows, outbox):
    rows.put(
        message(A, lane="alert", subject="instalment:7"), message(phone(2), lane="alert", subject="case:9")
    )
    told = []
    outbox.tell(told.append)
    for batch in outbox.claim():
        outbox.settle(
            batch, [(r, Receipt(r.phone, "accepted", id=f"x{r.phone}")) for r in outbox.start(batch)]
        )
    outbox.tell(told.append)
    assert told == []
    for to in (A, phone(2)):
        outbox.report(Report(f"x{to}", to, "delivered"))

    def fails(numbers):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outbox.tell(fails)
    outbox.tell(told.append)
    outbox.tell(told.append)
    assert told == [[7]]


# -- housekeeping ------------------------------------------------------------------------------------------------------
def test_bodies_are_emptied_after_thirty_days_but_not_before_they_went_out(rows, outbox):
    rows.put(message(body="old"))
    send(outbox)
    rows.put(message(body="waiting"))
    with later(days=31):
        rows.put(message(body="new"))
        assert outbox.purge() == 1
        assert outbox.purge() == 0
    assert [row.body for row in rows.all()] == ["", "waiting", "new"]
    assert rows.all()[0].template == "test"


def test_messages_are_counted_by_lane_and_state(rows, outbox):
    rows.put(message(), message(lane="alert"), message(lane="alert"))
    [batch, *_] = outbox.claim(limit=1)
    outbox.settle(batch, [(row, Receipt(row.phone, "accepted")) for row in outbox.start(batch)])
    assert outbox.counts() == {("reply", "sent"): 1, ("alert", "pending"): 2}
    assert outbox.depth() == {"alert": 2}


def test_recent_messages_are_shown_newest_first(rows, outbox):
    rows.put(message(A, "one"), message(A, "two"))
    assert [(sent.phone, sent.body, sent.state) for sent in outbox.recent(limit=1)] == [(A, "two", "pending")]
    assert [sent.body for sent in outbox.recent()] == ["two", "one"]
