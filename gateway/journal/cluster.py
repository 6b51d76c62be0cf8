"""A Redis Cluster behind the same `ask`: redis-py finds the node, follows moves and fail-overs."""

import threading
from typing import Any

import redis.exceptions as faults
from redis.backoff import ExponentialWithJitterBackoff
from redis.cluster import RedisCluster
from redis.retry import Retry

from gateway.clock import Deadline
from gateway.errors import StoreUnreachable
from gateway.journal.script import Command, Script, plain

# Any command, run where its key lives: redis-py routes a script by its keys and leaves its reply as it came.
_RELAY = Script("return redis.call(unpack(ARGV))")


class Cluster:
    """Commands one by one, each on the node of its key."""

    one_trip = False

    def __init__(self, url: str) -> None:
        self._url = url
        self._opening = threading.Lock()
        self._client: RedisCluster | None = None

    def ask(self, *commands: Command, deadline: Deadline | None = None) -> list[Any]:
        if deadline is not None and deadline.passed():
            raise StoreUnreachable("no time left")
        try:
            return [self._run(self._opened(), one) for one in commands]
        except faults.ResponseError as error:
            raise refused(error) from None
        except (faults.RedisError, faults.RedisClusterException, OSError) as error:
            raise StoreUnreachable(type(error).__name__) from None

    def close(self) -> None:
        if self._client:
            self._client.close()

    def _opened(self) -> RedisCluster:
        with self._opening:
            if self._client is None:
                self._client = RedisCluster.from_url(
                    self._url,
                    socket_timeout=1.0,  # with two more tries, about what a hop has
                    socket_connect_timeout=1.0,
                    retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), 2),
                    protocol=2,
                )
            return self._client

    @staticmethod
    def _run(client: RedisCluster, command: Command) -> Any:
        relayed = command if command.script else _RELAY.on([command.key], *command.words)
        script, words = relayed.script or _RELAY, [plain(word) for word in relayed.words]
        try:
            return client.execute_command("EVALSHA", script.sha, relayed.keys, *words)
        except faults.NoScriptError:
            return client.execute_command("EVAL", script.text, relayed.keys, *words)


def refused(error: faults.RedisError) -> StoreUnreachable:
    """The store answered, and said no (out of memory, disk full, no master): its word for it, for the rest may name keys."""
    plain = type(error) is faults.ResponseError
    return StoreUnreachable(f"refused: {str(error).split(' ', 1)[0] if plain else type(error).__name__}")
