"""What /metrics says of messages and queues: asked of SQL and Redis, and kept a few seconds however many ask."""

import threading
from collections.abc import Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily as Gauge

from gateway import clock, telemetry
from gateway.messages import counts
from gateway.messages.outbox import LANES
from gateway.services import Services

log = structlog.get_logger()

_KEPT_SECONDS = 5.0


class Scrape:
    """The page of /metrics. Safe to share between threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._asked_at = -_KEPT_SECONDS
        self._families: list[Gauge] = []

    def page(self) -> tuple[bytes, str]:
        """Body and content type. A store that is away leaves its numbers out and the rest stands."""
        with self._lock:
            if clock.ticks() - self._asked_at >= _KEPT_SECONDS:
                self._families = list(self._ask())
                self._asked_at = clock.ticks()
        return telemetry.page(self._families)

    def _ask(self) -> Iterator[Gauge]:
        for ask in (self._messages, self._waiting, self._unanswered, self._journal):
            try:
                yield ask()
            except Exception as error:  # noqa: BLE001 - the other numbers are still wanted
                log.warning("not_counted", what=ask.__name__.strip("_"), error=type(error).__name__)

    def _messages(self) -> Gauge:
        family = Gauge(
            "gateway_messages", "SMS of the last 24 hours by lane and state", labels=["lane", "state"]
        )
        for (lane, state), number in self._services.outbox.counts().items():
            family.add_metric([lane, state], number)
        return family

    def _waiting(self) -> Gauge:
        family = Gauge("gateway_queue", "SMS still to go out, by lane", labels=["lane"])
        waiting = self._services.outbox.depth()
        for lane in LANES:
            family.add_metric([lane], waiting.get(lane, 0))
        return family

    def _unanswered(self) -> Gauge:
        family = Gauge("gateway_owed", "Texts and deferred answers that are owed", labels=["kind"])
        for kind, number in counts.unanswered(self._services.database).items():
            family.add_metric([kind], number)
        return family

    def _journal(self) -> Gauge:
        return Gauge(
            "gateway_journal_waiting", "Turns not in SQL yet", value=self._services.journal.waiting()
        )
