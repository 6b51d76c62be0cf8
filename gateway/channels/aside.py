"""Work beside a hop that a hop cannot wait long for: done in threads of its own, and gone on with when nobody waits."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Unfinished
from threading import BoundedSemaphore
from typing import Any, TypeVar

_T = TypeVar("_T")


class Aside:
    """So many pieces of work at a time; with all threads taken, more is not begun. Safe to share between threads."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="aside")
        self._free = BoundedSemaphore(threads)

    def do(self, work: Callable[[], _T], seconds: float) -> _T | None:
        """What the work gave, or None where it is not done within the seconds. Raises what the work raised."""
        if not self._free.acquire(blocking=False):
            return None
        begun = self._pool.submit(work)
        begun.add_done_callback(self._give_back)
        try:
            return begun.result(timeout=seconds)
        except Unfinished:
            return None

    def _give_back(self, done: Future[Any]) -> None:  # noqa: ARG002 - the signature of a done callback
        self._free.release()
