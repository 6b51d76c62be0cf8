"""One open connection to the store: bytes out, replies in.

redis-py opens it, with its log-in, database, TLS and Sentinel. On an ordinary socket the bytes then go past its layers:
with a timeout of Python's own each send and each receive is two system calls, with the kernel's it is one.
"""

import socket
import struct
from typing import Any, Protocol

import redis.exceptions as faults
from hiredis import Reader
from redis.connection import AbstractConnection, ConnectionInterface

_READ_BYTES = 65_536
_REFUSALS = {
    "NOSCRIPT": faults.NoScriptError,
    "READONLY": faults.ReadOnlyError,
    "OOM": faults.OutOfMemoryError,
}


class Wire(Protocol):
    """Not shared between threads."""

    def exchange(self, packed: bytes, count: int, seconds: float) -> list[Any]:
        """Send packed commands and read as many replies; an error of the store is a reply too.

        Raises redis.exceptions.TimeoutError past the seconds, ConnectionError or OSError for a broken connection.
        """
        ...

    def close(self) -> None: ...


def open_wire(connection: ConnectionInterface) -> Wire:
    """Connect, and take the shortest way that the connection allows."""
    connection.connect()
    plain = getattr(connection, "_sock", None)
    if type(plain) is socket.socket and isinstance(connection, AbstractConnection):
        return _Plain(connection, plain)
    return _Layered(connection)


class _Plain:
    """A socket of our own process's kernel: TCP or unix, no TLS."""

    def __init__(self, connection: AbstractConnection, plain: socket.socket) -> None:
        self._connection, self._socket = connection, plain
        self._reader = Reader(replyError=_refusal)
        self._seconds = 0.0
        plain.setblocking(True)  # the kernel keeps the time

    def exchange(self, packed: bytes, count: int, seconds: float) -> list[Any]:
        if seconds != self._seconds:
            self._wait_at_most(seconds)
        try:
            self._socket.sendall(packed)
            return [self._reply() for _ in range(count)]
        except BlockingIOError:
            raise faults.TimeoutError("no answer in time") from None

    def close(self) -> None:
        self._connection.disconnect()

    def _reply(self) -> Any:
        reader = self._reader
        reply = reader.gets()
        while reply is False:  # nothing whole yet; the store's own false comes as None or 0
            received = self._socket.recv(_READ_BYTES)
            if not received:
                raise faults.ConnectionError("closed by the store")
            reader.feed(received)
            reply = reader.gets()
        if isinstance(
            reply, faults.ReadOnlyError
        ):  # the master became a replica: the next connection asks anew
            raise faults.ConnectionError("read only")
        return reply

    def _wait_at_most(self, seconds: float) -> None:
        whole, part = divmod(max(seconds, 0.001), 1)
        limit = struct.pack("ll", int(whole), int(part * 1_000_000))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        self._seconds = seconds


class _Layered:
    """Through redis-py's layers: TLS, and whatever else is no ordinary socket."""

    def __init__(self, connection: ConnectionInterface) -> None:
        self._connection = connection

    def exchange(self, packed: bytes, count: int, seconds: float) -> list[Any]:
        self._connection.send_packed_command([packed], check_health=False)
        return [self._reply(seconds) for _ in range(count)]

    def close(self) -> None:
        self._connection.disconnect()

    def _reply(self, seconds: float) -> Any:
        try:
            return self._connection.read_response(timeout=seconds)
        except faults.ReadOnlyError:
            raise faults.ConnectionError("read only") from None
        except faults.ResponseError as error:
            return error


def _refusal(said: str) -> faults.RedisError:
    return _REFUSALS.get(said.partition(" ")[0], faults.ResponseError)(said)
