"""A nudge wakes a worker; a queue that is away harms nobody."""

import socket
import time

import dramatiq
import pytest

from gateway.messages.queue import _QUIET_SECONDS, ACTOR, QUEUE, Nudge, open_broker
from tests.parts.aggregator import wait_until


def test_a_nudge_reaches_a_worker(store_url):
    broker = open_broker(store_url)
    woken = []
    dramatiq.actor(actor_name=ACTOR, queue_name=QUEUE, broker=broker)(lambda: woken.append(1))
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        nudge = Nudge(store_url)
        nudge()
        nudge()
        wait_until(lambda: len(woken) == 2)
    finally:
        worker.stop()
        broker.close()


@pytest.mark.parametrize(
    "url", ["unix:///nowhere/valkey.sock", "redis://127.0.0.1:9", "redis+cluster://127.0.0.1:9"]
)
def test_a_queue_that_is_away_is_no_failure(url):
    Nudge(url)()


@pytest.mark.parametrize("kind", ["redis://{}", "redis+cluster://{}", "redis+sentinel://{}/main"])
def test_a_queue_that_hangs_holds_up_one_webhook_for_a_moment(kind):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(1)
        nudge = Nudge(kind.format(f"127.0.0.1:{silent.getsockname()[1]}"))
        started = time.monotonic()
        for _ in range(20):
            nudge()
        assert time.monotonic() - started < 1


def test_a_queue_that_came_back_is_nudged_again(store_url):
    broker = open_broker(store_url)
    nudge = Nudge("redis://127.0.0.1:9")
    nudge()
    nudge._url = store_url
    nudge._broker = None
    nudge()
    assert waiting(broker) == 0
    nudge._quiet_until -= _QUIET_SECONDS
    nudge()
    assert waiting(broker) == 1
    broker.close()


def waiting(broker) -> int:
    return broker.client.llen("{queue}:work")
