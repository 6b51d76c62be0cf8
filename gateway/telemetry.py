"""Logs that hold no person, and numbers for Prometheus that cost a hop next to nothing.

With one web process the numbers live in it. With several, `gateway serve` gives them a folder to share before they
start, so that /metrics answers for all of them whichever one is asked. What other machines know as well (messages by
state, queues) is asked of the stores at the scrape, so it is the same in every copy.
"""

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import MutexValue, ValueClass
from structlog.typing import EventDict, Processor

from gateway.settings import Settings

# -- logs --------------------------------------------------------------------------------------------------------------
_HIDDEN = "[hidden]"
_PERSONAL_FIELDS = frozenset({"phone", "phones", "cnic", "pin", "keys", "trail", "body"})
# A CNIC with or without its dashes, or with blanks; a phone with its country or as dialled at home. Digits inside a hash are neither.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{5}[- ]?\d{7}[- ]?\d|(?:\+|00)\d{9,15}|92\d{10}|03\d{2}[- ]?\d{7})(?![0-9A-Za-z])",
    re.ASCII,
)
# Libraries that say at `info` what they do for each message, connection or migration.
_TALKATIVE = ("alembic", "dramatiq", "urllib3", "_granian", "granian")


def hide_persons(logger: Any, method: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's signature
    """The last guard: whatever a line was given, no phone, CNIC or PIN leaves the process in it."""
    for name, value in event.items():
        event[name] = _HIDDEN if name in _PERSONAL_FIELDS else without_persons(value)
    return event


def without_persons(value: Any) -> Any:
    """The same value with everything that looks like a phone or a CNIC masked, in lists and mappings too."""
    if isinstance(value, bool | float | None):
        return value
    if isinstance(value, Mapping):
        return {
            key: _HIDDEN if key in _PERSONAL_FIELDS else without_persons(part) for key, part in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [without_persons(part) for part in value]
    plain = str(value)
    masked = _PERSONAL.sub(_HIDDEN, plain)
    return value if masked == plain and isinstance(value, int | str) else masked


def set_up(settings: Settings) -> None:
    """Log to standard error: JSON lines in production, readable lines in the demo. Libraries' lines go the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_persons,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.env == "production"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    least = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide_persons, renderer],
        )
    )
    logging.basicConfig(handlers=[lines], level=least, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(least, logging.WARNING))


# -- numbers -----------------------------------------------------------------------------------------------------------
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

disable_created_metrics()  # type: ignore[no-untyped-call] # the hour each number was born doubles the page

_turns = Counter("gateway_turns", "Turns by the screen shown and the edge that led there", ["screen", "edge"])
_hop_seconds = Histogram("gateway_hop_seconds", "Seconds from request to page", buckets=_SECONDS)
_core_seconds = Histogram("gateway_core_seconds", "Seconds in the core by verb", ["verb"], buckets=_SECONDS)
_outcomes = Counter("gateway_outcomes", "Answers of verbs by outcome", ["verb", "outcome"])
_failed = Counter("gateway_hops_failed", "Hops answered with the page for trouble", ["error"])
_security = Counter("gateway_security_events", "Requests that no honest caller sends", ["event"])
_rebuilt = Counter("gateway_sessions_rebuilt", "Sessions walked again because Redis had lost them")
_store_missed = Counter("gateway_store_missed", "Hops answered without Redis")

# `labels()` locks and builds a tuple each time; these keep what it gave. Screens, edges and verbs are few and fixed.
_turn_counters: dict[tuple[str, str], Counter] = {}
_call_meters: dict[tuple[str, str], tuple[Histogram, Counter]] = {}


class Call(Protocol):
    """One question to the core, as a turn records it."""

    @property
    def verb(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def millis(self) -> float: ...


class Turn(Protocol):
    """What is counted of a turn."""

    @property
    def screen_to(self) -> str: ...
    @property
    def edges(self) -> tuple[str, ...]: ...
    @property
    def calls(self) -> tuple[Call, ...]: ...


def turns_taken(turns: Iterable[Turn]) -> None:
    for turn in turns:
        name = (turn.screen_to, turn.edges[0] if turn.edges else "")
        counter = _turn_counters.get(name)
        if counter is None:
            counter = _turn_counters[name] = _turns.labels(*name)
        counter.inc()
        for call in turn.calls:
            asked = (call.verb, call.outcome)
            meters = _call_meters.get(asked)
            if meters is None:
                meters = _call_meters[asked] = (_core_seconds.labels(call.verb), _outcomes.labels(*asked))
            meters[0].observe(call.millis / 1000)
            meters[1].inc()


def hop_took(seconds: float) -> None:
    _hop_seconds.observe(seconds)


def hop_failed(error: str) -> None:
    """error: name of the exception's class, never its text."""
    _failed.labels(error).inc()


def security_event(event: str) -> None:
    _security.labels(event).inc()


def session_rebuilt() -> None:
    _rebuilt.inc()


def store_missed() -> None:
    _store_missed.inc()


# -- the scrape --------------------------------------------------------------------------------------------------------
class _Given(Collector):
    """Numbers that were counted elsewhere, for one scrape."""

    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def page(families: Iterable[GaugeMetricFamily]) -> tuple[bytes, str]:
    """The body of /metrics with its content type: this process's numbers (or those of all), and `families`."""
    own: CollectorRegistry = REGISTRY
    if ValueClass is not MutexValue:  # several processes share a folder
        own = CollectorRegistry()
        MultiProcessCollector(own)  # type: ignore[no-untyped-call]
    given = CollectorRegistry()
    given.register(_Given(families))
    return generate_latest(own) + generate_latest(given), CONTENT_TYPE_LATEST
