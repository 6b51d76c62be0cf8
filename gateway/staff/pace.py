"""How often somebody may ask within a while, counted in Redis for all web processes together.

Where Redis is away it lets pass: what it guards has slower guards of its own.
"""

from functools import cached_property
from math import ceil

import structlog
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from gateway import clock

log = structlog.get_logger()

_PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}


class Pace:
    """`Pace(store_url, "60 per minute", "console-sign-in")`. Nothing is opened before the first question."""

    def __init__(self, store_url: str, rate: str, use: str) -> None:
        scheme, separator, rest = store_url.partition("://")
        self._url = ("redis+unix" if scheme == "unix" else scheme) + separator + rest
        self._rate = parse(rate)
        self._use = use

    def allows(self, whose: str) -> bool:
        """Whether this one may try once more now."""
        return not self.wait(whose)

    def wait(self, whose: str) -> int:
        """Count one try: 0 where it may go on, else the seconds until the next one may."""
        try:
            if self._limiter.hit(self._rate, self._use, whose):
                return 0
            stats = self._limiter.get_window_stats(self._rate, self._use, whose)
            return max(1, ceil(stats.reset_time - clock.epoch()))
        except Exception as error:  # noqa: BLE001 - whichever store it is, each has errors of its own
            log.warning("pace_unknown", use=self._use, error=type(error).__name__)
            return 0

    @cached_property
    def _limiter(self) -> FixedWindowRateLimiter:
        return FixedWindowRateLimiter(storage_from_string(self._url, **_PATIENCE))
