"""The queue that wakes workers. A message says only that there is work; what the work is stands in SQL.

So a message lost or doubled loses and doubles nothing: a worker looks by itself each second too.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import RedisClusterException
from redis.retry import Retry
from redis.sentinel import Sentinel

from gateway import clock

log = structlog.get_logger()

QUEUE = "work"
ACTOR = "work"
# In braces, so that all keys of the queue lie in one slot of a cluster.
_NAMESPACE = "{queue}"
_PATIENT: dict[str, Any] = {"socket_connect_timeout": 2.0, "socket_timeout": 5.0}
# For who cannot wait: a webhook's answer stands behind it.
_HASTY: dict[str, Any] = {
    "socket_connect_timeout": 0.2,
    "socket_timeout": 0.2,
    "retry": Retry(NoBackoff(), 0),
}
_QUIET_SECONDS = 5.0


def open_broker(store_url: str, *, middleware: list[Any] | None = None, hasty: bool = False) -> RedisBroker:
    """Dramatiq's broker on the store of GATEWAY_REDIS_URL, whichever kind it is. Only a cluster is asked for its nodes at once."""
    broker = RedisBroker(
        client=open_client(store_url, hasty=hasty), namespace=_NAMESPACE, middleware=middleware or []
    )  # type: ignore[no-untyped-call]
    broker.declare_queue(QUEUE)
    return broker


def open_client(store_url: str, *, hasty: bool = False) -> Any:
    """A redis-py client for a store URL. hasty: it gives up at once where the store does not answer."""
    options = _HASTY if hasty else _PATIENT
    parts = urlsplit(store_url)
    if parts.scheme == "redis+cluster":
        return RedisCluster.from_url(store_url.replace("redis+cluster", "redis", 1), **options)
    if parts.scheme == "redis+sentinel":
        login, _, places = parts.netloc.rpartition("@")
        user, _, password = login.partition(":")
        service, _, number = parts.path.strip("/").partition("/")
        seats = [(place.rpartition(":")[0], int(place.rpartition(":")[2])) for place in places.split(",")]
        sentinel: Any = Sentinel(seats, sentinel_kwargs=options)
        return sentinel.master_for(
            service,
            db=int(number or 0),
            username=unquote(user) or None,
            password=unquote(password) or None,
            **options,
        )
    return Redis.from_url(store_url, **options)


class Nudge:
    """Wakes a worker. Never raises: where the queue is away, the worker's own look a second later serves as well.

    A queue that was away is left alone for a few seconds, so that it delays few webhooks.
    """

    def __init__(self, store_url: str) -> None:
        self._url = store_url
        self._broker: RedisBroker | None = None
        self._quiet_until = 0.0

    def __call__(self) -> None:
        if clock.ticks() < self._quiet_until:
            return
        try:
            if self._broker is None:
                self._broker = open_broker(self._url, hasty=True)
            self._broker.enqueue(Message(queue_name=QUEUE, actor_name=ACTOR, args=(), kwargs={}, options={}))
        except (RedisError, RedisClusterException) as error:
            self._quiet_until = clock.ticks() + _QUIET_SECONDS
            log.warning("not_nudged", error=type(error).__name__)
