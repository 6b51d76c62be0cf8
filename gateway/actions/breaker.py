"""A small circuit breaker: after failures in a row, fail at once for a while, then let one call try."""

from threading import Lock

from gateway import clock


class Breaker:
    """Counts failures in a row. Safe to share between threads.

    limit   failures in a row that open it; rest  seconds it stays open before one call may try
    """

    def __init__(self, limit: int, rest: float) -> None:
        self._limit, self._rest = limit, rest
        self._failures = 0
        self._opened_at = 0.0
        self._trying = False
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether a call may go now. After a True the caller says `succeeded` or `failed`."""
        with self._lock:
            if self._failures < self._limit:
                return True
            if self._trying or clock.ticks() - self._opened_at < self._rest:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._trying = 0, False

    def failed(self) -> None:
        with self._lock:
            self._failures, self._trying = self._failures + 1, False
            self._opened_at = clock.ticks()
