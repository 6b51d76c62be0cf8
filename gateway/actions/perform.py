"""Runs verbs: those that ask the core in threads of their own, each no longer than its caller can wait."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Unfinished
from threading import BoundedSemaphore

import structlog

from gateway import clock
from gateway.actions.breaker import Breaker
from gateway.actions.registry import action_of
from gateway.actions.verb import Action, Means
from gateway.conversation.verbs import UNREACHABLE, Ask, Outcome
from gateway.core.port import Core
from gateway.errors import CoreUnreachable

log = structlog.get_logger()

FAILURES_IN_A_ROW = 5
REST_SECONDS = 3.0
SLOW_SECONDS = 1.0


class Performer:
    """A `Perform`: name and ask in, outcome out. Safe to share between threads.

    threads     calls to the core at a time. When all of them hang, the next caller hears `unreachable` at once, for a
                caller who waits in a queue holds a web thread too; so it should be no fewer than the web threads
    languages   code -> name of the languages on offer; pin_mark  `Vault.pin_mark`
    """

    def __init__(
        self, core: Core, threads: int, *, languages: Mapping[str, str], pin_mark: Callable[[str, str], str]
    ) -> None:
        self._means = Means(core, languages, pin_mark)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="core")
        self._free = BoundedSemaphore(threads)
        self._breaker = Breaker(FAILURES_IN_A_ROW, REST_SECONDS)

    def __call__(self, name: str, ask: Ask) -> Outcome:
        """The outcome of a verb. Raises KeyError for an unknown verb, and whatever broke inside one."""
        action = action_of(name)
        if not action.verb.asks_core:
            return action.run(ask, self._means)
        if ask.deadline.passed():
            return self._unreachable(name, "late")
        if not self._free.acquire(blocking=False):
            return self._unreachable(name, "full")
        if not self._breaker.allows():
            self._free.release()
            return self._unreachable(name, "resting")
        return self._await(action, ask)

    def close(self) -> None:
        """Let no more calls in; one that hangs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _await(self, action: Action, ask: Ask) -> Outcome:
        name, started = action.verb.name, clock.ticks()
        call = self._pool.submit(action.run, ask, self._means)
        call.add_done_callback(self._give_back)
        try:
            outcome = call.result(timeout=ask.deadline.left())
        except Unfinished:
            self._breaker.failed()
            return self._unreachable(name, "deadline")
        except CoreUnreachable:
            self._breaker.failed()
            return self._unreachable(name, "core")
        except Exception as error:
            # A fault in a verb is no sign that the core is away; its text may hold what somebody typed.
            self._breaker.succeeded()
            log.error("verb_failed", verb=name, error=type(error).__name__)  # noqa: TRY400 - a traceback holds its text
            raise
        self._breaker.succeeded()
        took = clock.ticks() - started
        if took > SLOW_SECONDS:
            log.warning("verb_slow", verb=name, millis=round(took * 1000))
        return outcome

    def _give_back(self, call: Future[Outcome]) -> None:  # noqa: ARG002 - the signature of a done callback
        self._free.release()

    def _unreachable(self, name: str, why: str) -> Outcome:
        log.warning("verb_unreachable", verb=name, why=why)
        return Outcome(UNREACHABLE)
