"""The worker: sends what waits, answers texts, drains the journal. As many as needed, anywhere.

A message in the queue wakes it at once; it also looks by itself each second, so a lost message loses nothing.
"""

import signal
import threading
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType

import dramatiq
import structlog
from dramatiq.middleware import AgeLimit
from redis import RedisError

from gateway import clock, compose
from gateway.journal.link import connect
from gateway.messages.chores import Chore, run_due
from gateway.messages.deferred import DeferredAnswers
from gateway.messages.deliver import Delivery
from gateway.messages.queue import ACTOR, QUEUE, open_broker
from gateway.messages.rollups import sources
from gateway.messages.throttle import Throttle
from gateway.services import Services

log = structlog.get_logger()

TICK_SECONDS = 1.0
STOP_SECONDS = 20.0  # longer than the longest call to the aggregator
# A claim is no more than a few seconds' sending, so that a reply never waits long behind a campaign.
CLAIM_SECONDS = 5
KEEP_JOURNAL = timedelta(days=90)
_OLDEST_NUDGE_MILLIS = 60_000
_POLL_MILLIS = 200


class Worker:
    """One worker process's threads. `start`, then `stop` from any thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopping = threading.Event()
        self._link = connect(services.settings.store_url)
        carrier = services.book.aggregator
        sender = compose.aggregators(services.settings)[0]
        self._delivery = Delivery(
            outbox=services.outbox,
            sender=sender,
            throttle=Throttle(self._link, sender.name, carrier.per_second, carrier.batch),
            contact=services.core.registry.contact,
            batch=carrier.batch,
            claim=max(carrier.batch, int(carrier.per_second * CLAIM_SECONDS)),
            stop=self._stopping,
        )
        self._counted = sources(services.database, services.core.totals)
        self._deferred = DeferredAnswers(services, services.database)
        self._ticker = threading.Thread(target=self._tick, name="ticker", daemon=True)
        # No retries: the next look does what a nudge could not. Old nudges say nothing that is not known by then.
        self._broker = open_broker(
            services.settings.store_url, middleware=[AgeLimit(max_age=_OLDEST_NUDGE_MILLIS)]
        )
        dramatiq.actor(actor_name=ACTOR, queue_name=QUEUE, broker=self._broker)(self.work)
        self._queue = dramatiq.Worker(
            self._broker, worker_threads=services.settings.worker_threads, worker_timeout=_POLL_MILLIS
        )

    def start(self) -> None:
        self._queue.start()
        self._ticker.start()
        log.info("worker_started", threads=self._services.settings.worker_threads)

    def stop(self) -> None:
        """Finish the calls under way, give back the rest."""
        self._stopping.set()
        self._queue.stop(timeout=int(STOP_SECONDS * 1000))
        self._ticker.join(STOP_SECONDS)
        try:
            self._broker.close()
        except RedisError as error:
            log.warning("queue_not_closed", error=type(error).__name__)
        self._link.close()
        log.info("worker_stopped")

    def work(self) -> None:
        """What a nudge asks for: somebody waits for a reply."""
        run_due(
            [Chore("answer", self._answer), Chore("deliver", self._delivery.round)], self._stopping.is_set
        )

    def chores(self) -> Sequence[Chore]:
        """All that is to be done, most urgent first."""
        services = self._services
        return [
            Chore("answer", self._answer),
            Chore("deliver", self._delivery.round),
            Chore("collect", self._deferred.collect),
            Chore("ask", self._deferred.ask),
            Chore("match", services.outbox.match_early, every=5, again=False),
            Chore("tell", lambda: services.outbox.tell(services.core.payments.notified)),
            Chore("drain", services.journal.drain),
            Chore("drain_left", services.journal.drain_left, every=60),
            Chore("collect_left", self._deferred.collect_left, every=60),
            Chore("count", lambda: services.rollups.catch_up(self._counted), every=15),
            Chore("settle", lambda: services.rollups.settle(self._counted), every=3600),
            Chore("purge_rollups", services.rollups.purge, every=3600, again=False),
            Chore("purge", self._purge, every=300),
            Chore("escalate", services.core.cases.escalate, every=3600),
            Chore("purge_staff", services.staff.purge, every=3600, again=False),
            Chore("lapse", services.core.bookings.lapse, every=3600),
            Chore("purge_journal", self._purge_journal, every=3600, again=False),
        ]

    def _answer(self) -> int:
        return self._services.inbox.answer_all(self._services)

    def _purge(self) -> int:
        return self._services.outbox.purge() + self._services.inbox.purge() + self._deferred.purge()

    def _purge_journal(self) -> int:
        return self._services.journal.purge(clock.now() - KEEP_JOURNAL)

    def _tick(self) -> None:
        chores = self.chores()
        while not self._stopping.wait(TICK_SECONDS):
            run_due(chores, self._stopping.is_set)


def run(services: Services) -> None:
    """Work until SIGTERM or SIGINT. For the main thread of a process."""
    asked = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        asked.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    worker = Worker(services)
    worker.start()
    asked.wait()
    worker.stop()
