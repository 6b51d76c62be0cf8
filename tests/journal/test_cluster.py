"""The same hops on a real cluster of one node, and behind a real Sentinel."""

import os
import socket
import subprocess
import time

import pytest
from redis import Redis

from gateway import clock
from gateway.errors import SettingsError, StoreUnreachable
from gateway.journal.journal import Journal
from gateway.journal.link import connect
from gateway.journal.sessions import Sessions
from gateway.settings import Settings
from gateway.valkey import binary
from tests.journal.made import OTHER, PHONE, VAULT, hop, keys_of, memory, session, session_id, turn

SERVICE = "ehsaas"


def free_port(span: int = 0) -> int:
    """A free port; with a span, one whose number plus the span is a port too (a cluster's bus)."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port + span < 65536:
            return port


class Server:
    """A Valkey on a TCP port of 127.0.0.1."""

    def __init__(self, folder, *options: str, port: int | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.port = port or free_port()
        words = [
            binary(),
            *options,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(folder),
            "--save",
            "",
        ]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = Redis(port=self.port, socket_timeout=5)
        until(self.client.ping)

    def end(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait(10)


def until(holds, seconds: float = 20) -> None:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            if holds():
                return
        except Exception:  # noqa: BLE001, S110 - not yet
            pass
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@pytest.fixture
def cluster(tmp_path):
    port = free_port(10000)
    server = Server(tmp_path / "node", "--cluster-enabled", "yes", port=port)
    server.client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    until(lambda: b"cluster_state:ok" in server.client.execute_command("CLUSTER", "INFO", NEVER_DECODE=True))
    yield server
    server.end()


def test_a_hop_and_its_journal_on_a_cluster(cluster, sqlite_database):
    link = connect(f"redis+cluster://127.0.0.1:{cluster.port}")
    sessions, journal = Sessions(link, Settings()), Journal(sqlite_database, link)
    sessions.ping()
    ids = [session_id() for _ in range(5)]
    phones = [VAULT.phone_key(f"+9230012345{number}") for number in range(5)]
    for sid, phone in zip(ids, phones, strict=True):
        for number in (1, 2, 3):
            held, saved = hop(sessions, sid, number, phone)
            assert saved
            assert (held.session is None) == (number == 1)
    assert sessions.hold(ids[0], OTHER, first=True, deadline=clock.deadline(2)).foreign
    assert sessions.hold(ids[1], OTHER, first=False, deadline=clock.deadline(2)).foreign
    assert journal.waiting() == 15
    assert journal.drain() == 15
    assert journal.waiting() == 0
    assert all(len(journal.turns(sid)) == 3 for sid in ids)
    cluster.client.flushall()
    cluster.client.script_flush()
    held, saved = hop(sessions, ids[0], 4, phones[0])
    assert (held.session, saved) == (None, True)
    assert journal.drain() == 1
    hop(sessions, ids[0], 5, phones[0])
    assert [entry.body[:3] for entry in journal._stream.take(10)] == [b"[1,"]
    assert journal.drain_left(0) == 1
    link.close()


def test_a_cluster_that_is_gone_is_unreachable(cluster):
    link = connect(f"redis+cluster://127.0.0.1:{cluster.port}")
    sessions = Sessions(link, Settings())
    hop(sessions, session_id())
    cluster.end()
    with pytest.raises(StoreUnreachable):
        hop(sessions, session_id())
    link.close()


@pytest.fixture
def watched(tmp_path):
    """A master, its replica, and the Sentinel that watches them."""
    master = Server(tmp_path / "master", "--repl-diskless-sync-delay", "0")
    replica = Server(
        tmp_path / "replica", "--replicaof", f"127.0.0.1 {master.port}", "--repl-diskless-sync-delay", "0"
    )
    until(lambda: replica.client.info("replication")["master_link_status"] == "up")
    settings = tmp_path / "sentinel.conf"
    settings.write_text(
        f"sentinel monitor {SERVICE} 127.0.0.1 {master.port} 1\n"
        f"sentinel down-after-milliseconds {SERVICE} 400\nsentinel failover-timeout {SERVICE} 2000\n"
    )
    sentinel = Server(tmp_path / "sentinel", str(settings), "--sentinel")
    for period in (
        "INFO",
        "PING",
        "ASK",
        "PUBLISH",
        "DEFAULT-DOWN-AFTER",
        "SLAVE-RECONF-TIMEOUT",
        "ELECTION-TIMEOUT",
    ):
        name = period if "-" in period else f"{period}-PERIOD"
        sentinel.client.execute_command("SENTINEL", "DEBUG", name, 100)
    until(
        lambda: (
            sentinel.client.sentinel_slaves(SERVICE)
            and sentinel.client.sentinel_slaves(SERVICE)[0]["master-link-status"] == "ok"
        )
    )
    yield master, replica, sentinel
    for server in (sentinel, replica, master):
        server.end()


def test_hops_follow_the_master_through_a_failover(watched):
    master, replica, sentinel = watched
    sessions = Sessions(
        connect(f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{sentinel.port}/{SERVICE}"), Settings()
    )
    sid = session_id()
    hop(sessions, sid)
    until(lambda: replica.client.dbsize() == master.client.dbsize())
    os.kill(master.process.pid, 9)
    with pytest.raises(StoreUnreachable):
        hop(sessions, sid, 2)
    until(lambda: replica.client.info("replication")["role"] == "master")
    until(lambda: hop(sessions, sid, 2)[1])
    assert sessions.peek(sid, PHONE).turn == 2
    assert replica.client.exists(keys_of(hop(sessions, sid, 3)[0])[1])


def test_a_master_that_became_a_replica_is_left_at_once(watched):
    master, replica, sentinel = watched
    sessions = Sessions(connect(f"redis+sentinel://127.0.0.1:{sentinel.port}/{SERVICE}"), Settings())
    sid = session_id()
    hop(sessions, sid)
    until(lambda: replica.client.dbsize() == master.client.dbsize())
    sentinel.client.execute_command("SENTINEL", "FAILOVER", SERVICE)
    until(lambda: sentinel.client.sentinel_get_master_addr_by_name(SERVICE)[1] == replica.port)
    until(lambda: master.client.info("replication")["role"] == "slave")
    until(lambda: hop(sessions, sid, 2)[1])
    assert sessions.peek(sid, PHONE).turn == 2


def test_where_no_sentinel_answers_the_store_is_unreachable():
    sessions = Sessions(connect(f"redis+sentinel://127.0.0.1:{free_port()}/{SERVICE}"), Settings())
    with pytest.raises(StoreUnreachable):
        sessions.hold(session_id(), PHONE, first=True, deadline=clock.deadline(1))


@pytest.mark.parametrize("url", ["http://127.0.0.1", "redis+sentinel://127.0.0.1:26379", ""])
def test_another_kind_of_address_is_refused(url):
    with pytest.raises(SettingsError, match="GATEWAY_REDIS_URL"):
        connect(url)


def test_a_password_and_a_database_of_the_url_are_used(tmp_path):
    server = Server(tmp_path / "locked")
    server.client.config_set("requirepass", "a:b@c")
    sessions = Sessions(connect(f"redis://:a%3Ab%40c@127.0.0.1:{server.port}/3"), Settings())
    sid = session_id()
    hop(sessions, sid)
    with Redis(port=server.port, password="a:b@c", db=3) as client:
        assert client.dbsize() > 0
    with pytest.raises(StoreUnreachable) as caught:
        Sessions(connect(f"redis://:wrong@127.0.0.1:{server.port}"), Settings()).ping()
    assert "wrong" not in str(caught.value)
    held = sessions.hold(sid, PHONE, first=False, deadline=clock.deadline(2))
    assert sessions.save(held, session(sid), [turn(sid, 2)], memory(sid))
    server.end()
