"""Turns reach SQL once, whatever dies on the way, and are read back as they happened."""

import time
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy.exc import OperationalError

from gateway import clock
from gateway.conversation.session import Call, Deferred, Opening, Page
from gateway.db import Database
from gateway.journal import journal as module
from gateway.journal.journal import Journal
from gateway.journal.link import connect
from gateway.journal.sessions import Sessions
from gateway.settings import Settings
from tests.journal.made import OTHER, PHONE, VAULT, hop, keys_of, memory, session, session_id, turn


@pytest.fixture
def link(store_url):
    return connect(store_url)


@pytest.fixture
def sessions(link):
    return Sessions(link, Settings())


@pytest.fixture
def journal(database, link):
    return Journal(database, link)


def dial(sessions, turns=3, phone_key=PHONE, sid=None, **last):
    sid = sid or session_id()
    for number in range(1, turns + 1):
        hop(sessions, sid, number, phone_key, **(last if number == turns else {}))
    return sid


def save(sessions, *turns):
    held = sessions.hold(turns[0].session, PHONE, first=False, deadline=clock.deadline(2))
    assert sessions.save(held, session(held.session_id), turns, memory(held.session_id))


def test_a_drained_dial_is_read_back_as_it_happened(sessions, journal):
    sid = session_id()
    odd = turn(
        sid, 2, page=Page("اہل ہیں 😀\n'\"\\", end=True, screen="s.end"), keys="<*****-****501-2>", language="ur",
        calls=(Call("check_pin", "right", 21.4, {"tries": 3, "rows": [{"id": "1"}]}, 7, ("pin", "person"), "ur"),),
    )  # fmt: skip
    before = clock.now()
    save(sessions, turn(sid), odd)
    assert journal.waiting() == 2
    assert journal.drain() == 2
    assert journal.waiting() == 0
    first, second = journal.turns(sid)
    assert (first.turn, second.turn) == (turn(sid), odd)
    assert first.phone_key == PHONE
    assert before - timedelta(seconds=1) < first.at < clock.now() + timedelta(seconds=1)
    passed = journal.session(sid)
    assert (passed.turns, passed.screen, passed.language, passed.ended, passed.closed) == (
        2,
        "s.end",
        "ur",
        True,
        None,
    )
    assert (passed.started_at, passed.last_at) == (first.at, second.at)
    assert journal.session("nobody") is None
    assert journal.turns("nobody") == ()


def test_the_same_turn_twice_is_one_row(sessions, journal):
    sid = session_id()
    for _ in range(2):
        save(sessions, turn(sid), turn(sid, 2))
    save(sessions, turn(sid, 2, keys="9"), turn(sid, 3))
    assert journal.drain() == 6
    assert journal.write([turn(sid), turn(sid, 2)], PHONE)
    assert [record.turn for record in journal.turns(sid)] == [turn(sid), turn(sid, 2), turn(sid, 3)]
    assert journal.session(sid).turns == 3


def test_batches_in_any_order_give_the_same_dial(journal):
    sid = session_id()
    journal.write([turn(sid, 3, page=Page("bye", end=True, screen="s.end"))], PHONE)
    journal.write([turn(sid, 1), turn(sid, 2)], PHONE)
    passed = journal.session(sid)
    assert (passed.turns, passed.screen, passed.ended) == (3, "s.end", True)
    assert passed.started_at <= passed.last_at


def test_a_worker_that_dies_between_insert_and_ack_leaves_no_loss_and_no_double(
    sessions, journal, monkeypatch
):
    sid = dial(sessions)
    with monkeypatch.context() as patch:
        patch.setattr(journal._stream, "done", lambda entries: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            journal.drain()
    assert journal.drain() == 0  # they are the dead worker's for now
    assert journal.drain_left(60) == 0
    assert journal.drain_left(0) == 3
    assert journal.waiting() == 0
    assert [record.turn.number for record in journal.turns(sid)] == [1, 2, 3]


def test_a_worker_whose_sql_fails_loses_nothing(sessions, journal, monkeypatch):
    sid = dial(sessions)
    with monkeypatch.context() as patch:
        patch.setattr(
            module, "put_turns", lambda *_: (_ for _ in ()).throw(OperationalError("", {}, Exception()))
        )
        with pytest.raises(OperationalError):
            journal.drain()
    assert journal.turns(sid) == ()
    assert journal.waiting() == 3
    assert journal.drain_left(0) == 3
    assert len(journal.turns(sid)) == 3


def test_two_workers_share_the_work(sessions, journal, database, store_url):
    ids = [dial(sessions, 2, VAULT.phone_key(f"+9230012345{number}")) for number in range(40)]
    other = Journal(database, connect(store_url))
    moved = [journal.drain(64), other.drain(1000), journal.drain(1000)]
    assert sum(moved) == 80
    assert all(len(journal.turns(sid)) == 2 for sid in ids)


def test_what_cannot_be_read_or_stored_does_not_hold_up_the_rest(sessions, journal, store_url):
    sid = dial(sessions, 1)
    held, _ = hop(sessions, session_id())
    with Redis.from_url(store_url) as redis:
        redis.xadd(keys_of(held)[3], {"e": b"\xff{"})
        redis.xadd(keys_of(held)[3], {"e": b'[99, "x"]'})
    save(sessions, turn(sid, 2, screen_to=None))
    save(sessions, turn(sid, 3, keys="1\x00"))
    assert journal.drain() == 6
    assert journal.waiting() == 0
    assert [record.turn.number for record in journal.turns(sid)] == [1, 3]
    assert "\x00" not in journal.turns(sid)[1].turn.keys


def test_the_groups_come_back_after_a_flush(sessions, journal, store_url):
    dial(sessions)
    journal.drain()
    with Redis.from_url(store_url) as redis:
        redis.flushall()
    assert journal.waiting() == 0
    dial(sessions)
    assert journal.drain() == 3


def test_how_a_dial_began_is_known_for_walking_it_again(sessions, journal):
    sid = session_id()
    assert journal.opening(sid, PHONE) is None
    opening = Opening(language=None, resume="payments.latest", screen="home.pay")
    save(
        sessions,
        turn(sid, trail_length=4, opening=opening),
        turn(sid, 2, trail_length=6),
        turn(sid, 3, trail_length=11),
    )
    journal.drain()
    assert journal.opening(sid, PHONE) == (opening, (4, 6, 11))


def test_without_its_first_turn_nothing_is_known(journal):
    sid = session_id()
    journal.write([turn(sid, 2)], PHONE)
    assert journal.opening(sid, PHONE) is None


def test_how_a_session_ended_is_noted_before_or_after_its_turns(sessions, journal):
    early, late = session_id(), session_id()
    journal.ended(early, PHONE, "incomplete")
    dial(sessions, sid=early)
    dial(sessions, sid=late)
    journal.drain()
    journal.ended(late, PHONE, "success")
    journal.ended(late, PHONE, "success")
    assert (journal.session(early).closed, journal.session(early).turns) == ("incomplete", 3)
    assert journal.session(early).language == "ur_Latn"
    assert journal.session(late).closed == "success"
    journal.ended(late, OTHER, "failed")
    assert journal.session(late).closed == "success"


def test_the_last_dials_come_first_and_by_phone(sessions, journal):
    mine = [dial(sessions, 1) for _ in range(3)]
    journal.drain()
    others = dial(sessions, 1, OTHER)
    journal.drain()
    assert journal.recent(1)[0].id == others
    assert {passed.id for passed in journal.recent(10, PHONE)} == set(mine)
    assert len(journal.recent()) == 4


def test_what_is_older_than_a_day_is_purged_with_its_turns(sessions, journal, monkeypatch):
    monkeypatch.setattr(module, "_PURGE_BATCH", 2)
    old = [dial(sessions, 2) for _ in range(5)]
    journal.drain()
    time.sleep(0.002)  # a hop's time is kept to the millisecond, so the border stands in one of its own
    border = clock.now()
    time.sleep(0.002)
    young = dial(sessions, 2)
    journal.drain()
    assert journal.purge(border - timedelta(days=1)) == 0
    assert journal.purge(border) == 5
    assert journal.turns(old[0]) == ()
    assert len(journal.turns(young)) == 2


def test_what_a_verb_kept_for_later_is_not_kept_here(sessions, journal):
    sid = session_id()
    save(sessions, turn(sid, calls=(Call("note_pin", "noted", 1.0, keep={"pin_mark": "ab12"}),)))
    journal.drain()
    assert journal.turns(sid)[0].turn.calls == (Call("note_pin", "noted", 1.0),)


def test_an_answer_owed_is_named_but_never_kept(sessions, journal, store_url):
    sid = session_id()
    owed = Deferred("coarse_answer", "check.cnic", "k", None, "3520212345012", None, {}, "en")
    save(sessions, turn(sid, deferred=owed))
    with Redis.from_url(store_url) as redis:
        assert all(b"3520212345012" not in redis.dump(key) for key in redis.scan_iter("*"))
    journal.drain()
    (record,) = journal.turns(sid)
    assert record.owed == "coarse_answer"
    assert record.turn.deferred is None


def test_where_sql_is_away_too_the_caller_is_not_held_up(link, tmp_path):
    away = Journal(Database(f"sqlite:///{tmp_path / 'empty.db'}"), link)
    sid = session_id()
    assert not away.write([turn(sid)], PHONE)
    assert away.opening(sid, PHONE) is None


def test_a_journal_that_is_off_writes_nothing(database, link):
    off = Journal(database, link, keep=False)
    sid = session_id()
    assert not off.write([turn(sid)], PHONE)
    assert off.turns(sid) == ()
