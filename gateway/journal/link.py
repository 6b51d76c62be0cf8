"""How we talk to Redis or Valkey: commands in one write, replies in one read, nothing in between.

Through a pool and a pipeline a hop costs twice as many instructions as over one kept wire a thread. That is what
`Direct` does; a cluster goes through redis-py's own client, which knows the slots.
"""

import os
import threading
import weakref
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import redis.exceptions as faults
from redis.backoff import NoBackoff
from redis.connection import Connection, ConnectionInterface, parse_url
from redis.retry import Retry
from redis.sentinel import Sentinel

from gateway.clock import Deadline
from gateway.errors import SettingsError, StoreUnreachable
from gateway.journal.cluster import Cluster, refused
from gateway.journal.script import Command
from gateway.journal.wire import Wire, open_wire

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0  # for work without a deadline of its own
HOP_SECONDS = 2.0  # for one trip of a hop: then it is answered without the store
LEAST_SECONDS = 0.1  # a late answer is better stored than not: even past the deadline this much is given
_OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": CONNECT_SECONDS,
    "socket_timeout": ANSWER_SECONDS,
    "protocol": 2,
    "driver_info": None,  # spares two round trips on each new connection
}

Connect = Callable[[], ConnectionInterface]


class Link(Protocol):
    """A way to the store, safe to share between threads.

    one_trip    whether commands on keys of different tags travel together
    """

    one_trip: bool

    def ask(self, *commands: Command, deadline: Deadline | None = None) -> list[Any]:
        """The reply to each command: bytes, int, list or None. Raises StoreUnreachable, also where a command is refused."""
        ...

    def close(self) -> None: ...


def connect(url: str) -> Link:
    """The link for a URL of `GATEWAY_REDIS_URL`. Nothing is opened before the first question."""
    scheme = urlsplit(url).scheme
    if scheme == "redis+cluster":
        return Cluster(url.replace("redis+cluster", "redis", 1))
    if scheme == "redis+sentinel":
        return Direct(_by_sentinel(url))
    if scheme in {"redis", "rediss", "unix"}:
        options = _OPTIONS | parse_url(url)
        kind: Callable[..., ConnectionInterface] = options.pop("connection_class", Connection)
        return Direct(lambda: kind(**options))
    raise SettingsError(f"GATEWAY_REDIS_URL cannot begin with `{scheme}:`")


class Direct:
    """One kept connection for each thread to the one server (or the one master) that there is."""

    one_trip = True

    def __init__(self, open_one: Connect) -> None:
        self._open_one = open_one
        self._mine = threading.local()
        self._all: weakref.WeakSet[Wire] = weakref.WeakSet()

    def ask(self, *commands: Command, deadline: Deadline | None = None) -> list[Any]:
        packed = b"".join([one.packed() for one in commands])
        replies = self._exchange(packed, len(commands), deadline)
        for place, reply in enumerate(replies):
            if isinstance(reply, faults.RedisError):
                replies[place] = self._again(commands[place], reply, deadline)
        return replies

    def close(self) -> None:
        for wire in list(self._all):
            wire.close()

    def _exchange(self, packed: bytes, count: int, deadline: Deadline | None) -> list[Any]:
        """Send and read, on a new connection if the kept one is broken: every command of ours may be sent twice."""
        for last in (False, True):
            try:
                return self._wire().exchange(packed, count, _patience(deadline))
            except faults.TimeoutError:
                self._drop()
                raise StoreUnreachable("no answer in time") from None
            except (faults.ConnectionError, OSError) as error:
                self._drop()
                if last:
                    raise StoreUnreachable(type(error).__name__) from None
        raise AssertionError

    def _again(self, command: Command, error: faults.RedisError, deadline: Deadline | None) -> Any:
        if isinstance(error, faults.NoScriptError) and command.script:
            reply = self._exchange(command.in_full().packed(), 1, deadline)[0]
            if not isinstance(reply, faults.RedisError):
                return reply
            error = reply
        raise refused(error)

    def _wire(self) -> Wire:
        kept: Wire | None = getattr(self._mine, "wire", None)
        if kept is None or self._mine.process != os.getpid():  # a fork must not write into its parent's wire
            kept = open_wire(self._open_one())
            self._mine.wire, self._mine.process = kept, os.getpid()
            self._all.add(kept)
        return kept

    def _drop(self) -> None:
        kept: Wire | None = self._mine.__dict__.pop("wire", None)
        if kept is not None:
            kept.close()


def _patience(deadline: Deadline | None) -> float:
    """Seconds to wait for a reply. The same number as long as there is time, so that the socket need not be told."""
    if deadline is None:
        return ANSWER_SECONDS
    left = deadline.left()
    return HOP_SECONDS if left >= HOP_SECONDS else max(LEAST_SECONDS, left)


def _by_sentinel(url: str) -> Connect:
    """How to open a connection to the master of `redis+sentinel://[:password@]host:port[,host:port...]/service[/db]`."""
    parts = urlsplit(url)
    login, _, places = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    service, _, db = parts.path.strip("/").partition("/")
    if not service:
        raise SettingsError("GATEWAY_REDIS_URL: redis+sentinel://host:port/service needs the service's name")
    seats = [(place.rpartition(":")[0], int(place.rpartition(":")[2])) for place in places.split(",")]
    # redis-py would ask a silent Sentinel ten times, longer than a hop has; the next one is asked instead.
    once = {
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": CONNECT_SECONDS,
        "socket_connect_timeout": CONNECT_SECONDS,
    }
    sentinel = Sentinel(seats, sentinel_kwargs=once)
    options = _OPTIONS | {
        "username": unquote(user) or None,
        "password": unquote(password) or None,
        "db": int(db or 0),
    }

    def open_one() -> ConnectionInterface:
        host, port = sentinel.discover_master(service)
        return Connection(host=host, port=port, **options)

    return open_one
