"""A hop holds its session alone, once, and finds again what the last one left."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from redis import Redis

from gateway import clock
from gateway.errors import SessionBusy, StoreUnreachable
from gateway.journal.holder import is_gone
from gateway.journal.link import connect
from gateway.journal.script import plain
from gateway.journal.sessions import Sessions
from gateway.journal.tags import number_of
from gateway.settings import Settings
from tests.journal.made import OTHER, PHONE, VAULT, hop, keys_of, memory, session, session_id, turn

ROOT = Path(__file__).resolve().parents[2]


def open_sessions(url, **more):
    return Sessions(connect(url), Settings(**{"hop_seconds": 1.0, **more}))


@pytest.fixture
def sessions(store_url):
    return open_sessions(store_url)


@pytest.fixture
def redis(store_url):
    with Redis.from_url(store_url) as client:
        yield client


def soon(seconds=2.0):
    return clock.deadline(seconds)


def neighbour() -> str:
    """The key of another phone with the same hash tag."""
    keys = (VAULT.phone_key(f"+92300{number:07d}") for number in itertools.count())
    return next(key for key in keys if number_of(key) == number_of(PHONE))


def test_a_session_comes_back_as_it_was_saved(sessions):
    sid = session_id()
    held = sessions.hold(sid, PHONE, first=True, deadline=soon())
    assert (held.session, held.memory, held.foreign) == (None, None, False)
    saved = session(
        sid, turn=1, granted={"pin", "phone"}, kept={"period": "2026Q4"}, shown="Rs ہے\n1 😀", trail_length=3
    )
    remembered = memory(sid)
    assert sessions.save(held, saved, [turn(sid)], remembered)
    again = sessions.hold(sid, PHONE, first=False, deadline=soon())
    assert again.session == saved
    assert again.memory.language == "ur_Latn"
    assert again.memory.resume == "payments.latest"
    assert again.memory.at == pytest.approx(remembered.at, abs=0.1)
    assert not again.foreign


def test_the_next_dial_remembers_the_phone(sessions):
    first = session_id()
    hop(sessions, first)
    held = sessions.hold(session_id(), PHONE, first=True, deadline=soon())
    assert held.session is None
    assert held.memory.session == first
    sessions.forget(PHONE)
    assert sessions.hold(session_id(), PHONE, first=True, deadline=soon()).memory is None


def test_two_copies_at_once_the_second_waits_and_finds_what_the_first_did(sessions):
    sid = session_id()
    first = sessions.hold(sid, PHONE, first=True, deadline=soon())
    found = []
    second = threading.Thread(
        target=lambda: found.append(sessions.hold(sid, PHONE, first=True, deadline=soon()))
    )
    second.start()
    time.sleep(0.1)
    assert not found
    sessions.save(first, session(sid, shown="the page"), [turn(sid)], memory(sid))
    second.join(2)
    assert found[0].session.shown == "the page"
    assert found[0].token != first.token


def test_many_copies_at_once_work_one_after_another(sessions):
    sid = session_id()

    def count_up():
        held = sessions.hold(sid, PHONE, first=False, deadline=soon(10))
        now = held.session or session(sid)
        now.turn += 1
        assert sessions.save(held, now, [], memory(sid))

    copies = [threading.Thread(target=count_up) for _ in range(12)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join(10)
    assert sessions.peek(sid, PHONE).turn == 12


def test_a_copy_that_never_ends_makes_the_other_busy_at_its_deadline(sessions):
    sid = session_id()
    sessions.hold(sid, PHONE, first=True, deadline=soon())
    started = time.monotonic()
    with pytest.raises(SessionBusy):
        sessions.hold(sid, PHONE, first=True, deadline=soon(0.3))
    assert time.monotonic() - started < 1


def test_release_lets_the_next_one_in_at_once(sessions):
    sid = session_id()
    held = sessions.hold(sid, PHONE, first=True, deadline=soon())
    sessions.release(held)
    assert sessions.hold(sid, PHONE, first=True, deadline=soon(0.2)).session is None


def test_who_lost_the_lock_saves_nothing_and_releases_nothing(sessions, redis):
    sid = session_id()
    late = sessions.hold(sid, PHONE, first=True, deadline=soon())
    redis.delete(keys_of(late)[0])  # as when it ran out
    taken = sessions.hold(sid, PHONE, first=True, deadline=soon())
    assert not sessions.save(late, session(sid, shown="late"), [turn(sid)], memory(sid), ["owed"])
    sessions.release(late)
    with pytest.raises(SessionBusy):
        sessions.hold(sid, PHONE, first=True, deadline=soon(0.1))
    assert sessions.save(taken, session(sid, shown="in time"), [turn(sid)], memory(sid))
    assert sessions.peek(sid, PHONE).shown == "in time"
    assert redis.xlen(keys_of(taken)[3]) == 1
    assert redis.xlen(keys_of(taken)[4]) == 0


def test_a_lock_runs_out_a_little_after_its_hop(store_url, redis):
    sessions = open_sessions(store_url, hop_seconds=3.0)
    held = sessions.hold(session_id(), PHONE, first=True, deadline=soon())
    assert 3000 < redis.pttl(keys_of(held)[0]) <= 4000


def test_after_its_process_was_killed_a_copy_of_the_hop_gets_its_turn(store_url):
    sessions, sid = open_sessions(store_url, hop_seconds=0.5), session_id()
    sessions.hold(sid, PHONE, first=True, deadline=soon(0.5))  # and never heard of again
    time.sleep(0.6)
    held = sessions.hold(sid, PHONE, first=True, deadline=soon(0.5 + 0.2))
    assert sessions.save(held, session(sid), [turn(sid)], memory(sid))


HOLDING = """
import sys, time
from gateway import clock
from tests.journal.test_sessions import open_sessions
url, sid, phone_key = sys.argv[1:]
open_sessions(url).hold(sid, phone_key, first=True, deadline=clock.deadline(5))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holding(store_url):
    """A process that holds a session and does nothing more: its popen and the session's id."""
    sid = session_id()
    words = [sys.executable, "-c", HOLDING, store_url, sid, PHONE]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process, sid
    process.kill()
    process.communicate()


@pytest.mark.parametrize("collected", [True, False])
def test_who_was_killed_holds_nobody_up(sessions, holding, collected):
    process, sid = holding
    process.kill()
    if collected:
        process.wait()
    else:  # dead, but its parent has not asked after it
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    began = time.monotonic()
    held = sessions.hold(sid, PHONE, first=True, deadline=soon())
    assert time.monotonic() - began < 1  # the lock has 1.5 seconds
    assert sessions.save(held, session(sid), [turn(sid)], memory(sid))


def test_who_was_killed_is_followed_by_one_copy_at_a_time(sessions, holding):
    process, sid = holding
    process.kill()
    process.wait()
    held = sessions.hold(sid, PHONE, first=True, deadline=soon())
    with pytest.raises(SessionBusy):
        sessions.hold(sid, PHONE, first=True, deadline=soon(0.3))
    assert sessions.save(held, session(sid), [turn(sid)], memory(sid))


def test_who_is_only_slow_keeps_the_lock(sessions, holding):
    process, sid = holding
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(SessionBusy):
        sessions.hold(sid, PHONE, first=True, deadline=soon(0.5))


def test_who_holds_it_elsewhere_cannot_be_seen_and_is_waited_for(sessions, redis):
    sid = session_id()
    key = plain(sessions.hold(sid, PHONE, first=True, deadline=soon()).keys[0])
    machine, pid, started, number = redis.get(key).split(b".")
    assert not is_gone(b".".join((machine, pid, started, number)))
    assert is_gone(b".".join((machine, pid, b"1", number))), "its number was given to another process"
    for other in (b"0" * len(machine) + b"." + pid + b".1.0", b"0123456789abcdef", b"...", b""):
        assert not is_gone(other)


def test_a_link_works_on_both_sides_of_a_fork(sessions):
    sid = session_id()
    hop(sessions, sid)
    child = os.fork()
    if not child:
        found = sessions.peek(sid, PHONE)
        os._exit(0 if found and found.id == sid else 1)
    for _ in range(50):
        assert sessions.peek(sid, PHONE).id == sid
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sessions.peek(sid, PHONE).id == sid


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("other", [OTHER, neighbour()], ids=["elsewhere", "same tag"])
def test_another_phone_with_the_same_session_id_is_foreign(sessions, first, other):
    sid = session_id()
    hop(sessions, sid)
    held = sessions.hold(sid, other, first=first, deadline=soon())
    assert held.foreign
    assert held.session is None
    sessions.release(held)
    assert sessions.peek(sid, other) is None
    mine = sessions.hold(sid, PHONE, first=False, deadline=soon())
    assert mine.session.phone_key == PHONE
    assert not mine.foreign


@pytest.mark.parametrize("first", [True, False])
def test_after_a_flush_the_owner_starts_over_and_is_not_foreign(sessions, redis, first):
    sid = session_id()
    hop(sessions, sid)
    redis.flushall()
    redis.script_flush()
    held = sessions.hold(sid, PHONE, first=first, deadline=soon())
    assert (held.session, held.foreign) == (None, False)
    assert sessions.save(held, session(sid), [turn(sid)], memory(sid))
    assert sessions.hold(sid, OTHER, first=True, deadline=soon()).foreign


def test_a_session_in_a_form_that_is_not_known_counts_as_lost(sessions, redis):
    sid = session_id()
    held, _ = hop(sessions, sid)
    redis.set(keys_of(held)[1], b'[0,"from another release"]')
    held = sessions.hold(sid, PHONE, first=False, deadline=soon())
    assert (held.session, held.foreign) == (None, False)
    assert sessions.peek(sid, PHONE) is None


def test_an_ended_session_is_kept_for_late_copies_but_shorter(sessions, redis):
    live, ended = session_id(), session_id()
    held, _ = hop(sessions, live)
    assert 15 * 60 < redis.ttl(keys_of(held)[1]) <= 20 * 60
    held, _ = hop(sessions, ended, ended=True)
    assert 180 < redis.ttl(keys_of(held)[1]) <= 300
    assert sessions.peek(ended, PHONE).ended


def test_nothing_stays_for_ever_but_the_queues(sessions, redis):
    for _ in range(20):
        hop(sessions, session_id())
    for key in redis.scan_iter("*"):
        assert redis.type(key) == b"stream" or redis.ttl(key) > 0, key


def test_the_queue_stops_growing_while_no_worker_takes_from_it(store_url, redis, monkeypatch):
    monkeypatch.setattr("gateway.journal.sessions.MOST_WAITING", 200)
    sessions, sid = open_sessions(store_url), session_id()
    for number in range(1, 700):
        held, _ = hop(sessions, sid, number)
    assert 200 <= redis.xlen(keys_of(held)[3]) < 400


def test_without_a_journal_no_turn_is_written(store_url, redis):
    held, saved = hop(open_sessions(store_url, journal=False), session_id())
    assert saved
    assert not redis.exists(keys_of(held)[3])


def test_an_answer_owed_waits_for_a_worker(sessions):
    sid = session_id()
    held = sessions.hold(sid, PHONE, first=True, deadline=soon())
    sessions.save(held, session(sid), [turn(sid)], memory(sid), ["sealed one", "sealed two"])
    entries = sessions.deferred.take(10)
    assert [entry.body for entry in entries] == [b"sealed one", b"sealed two"]
    assert sessions.deferred.take(10) == []
    assert sessions.deferred.waiting() == 2
    assert sessions.deferred.take_left(0) == entries
    sessions.deferred.done(entries)
    assert sessions.deferred.waiting() == 0


def test_a_phone_stands_nowhere_in_readable_form(sessions, redis):
    hop(sessions, session_id())
    for key in redis.scan_iter("*"):
        assert b"3001234501" not in key
        assert b"3001234501" not in redis.dump(key)


def test_a_hop_is_two_trips_of_few_commands(sessions, redis):
    sid = session_id()
    hop(sessions, sid)
    before = redis.info("stats")["total_commands_processed"]
    trips = []
    link = sessions._link
    ask = link.ask
    link.ask = lambda *commands, **more: trips.append(len(commands)) or ask(*commands, **more)
    hop(sessions, sid, 2)
    assert trips == [1, 1]
    hop(sessions, session_id())
    assert trips == [1, 1, 2, 1]
    # hold: EVALSHA SET MGET; save: EVALSHA GET SET SET XADD DEL; a first hop claims the sid too; one INFO was ours
    assert redis.info("stats")["total_commands_processed"] - before == 9 + 10 + 1


def test_a_store_that_dies_is_unreachable_and_back_is_back_with_the_session(own_valkey):
    sessions = open_sessions(own_valkey.url)
    sid = session_id()
    hop(sessions, sid)
    own_valkey.stop()
    for _ in range(2):
        with pytest.raises(StoreUnreachable):
            sessions.hold(sid, PHONE, first=False, deadline=soon())
    with pytest.raises(StoreUnreachable):
        sessions.ping()
    own_valkey.start()
    sessions.ping()
    held = sessions.hold(sid, PHONE, first=False, deadline=soon())
    assert held.session.id == sid
    assert sessions.save(held, session(sid, turn=2), [turn(sid, 2)], memory(sid))


def test_killed_between_hold_and_save_the_append_only_file_has_what_was_saved(own_valkey):
    sessions = open_sessions(own_valkey.url)
    sid = session_id()
    hop(sessions, sid)
    time.sleep(1.2)  # the file is synced every second
    held = sessions.hold(sid, PHONE, first=False, deadline=soon())
    os.kill(own_valkey.pid, 9)
    own_valkey.start()
    # Either the lock was on disk, and the save counts, or it was not, and nothing is stored twice.
    now = held.session
    now.turn = 2
    saved = sessions.save(held, now, [turn(sid, 2)], memory(sid))
    assert sessions.peek(sid, PHONE).turn == (2 if saved else 1)
    with Redis.from_url(own_valkey.url) as redis:
        assert redis.xlen(keys_of(held)[3]) == (2 if saved else 1)


def test_a_store_that_hangs_is_unreachable_at_the_deadline(own_valkey):
    sessions = open_sessions(own_valkey.url)
    sid = session_id()
    hop(sessions, sid)
    os.kill(own_valkey.pid, 19)  # stopped, not dead: its socket still takes what is written
    try:
        started = time.monotonic()
        with pytest.raises(StoreUnreachable):
            sessions.hold(sid, PHONE, first=False, deadline=soon(0.4))
        assert time.monotonic() - started < 1.5
    finally:
        os.kill(own_valkey.pid, 18)
    assert sessions.hold(sid, PHONE, first=False, deadline=soon(5)).session.id == sid


def test_a_full_store_is_unreachable_and_says_no_more_than_why(own_valkey):
    sessions = open_sessions(own_valkey.url)
    with Redis.from_url(own_valkey.url) as redis:
        redis.config_set("maxmemory", "1mb")
        with pytest.raises(StoreUnreachable, match=r"^refused: OutOfMemoryError$"):
            sessions.ping()
        with pytest.raises(StoreUnreachable, match=r"^refused: OutOfMemoryError$"):
            hop(sessions, session_id())
