"""How fast an aggregator may be sent to, shared by all workers: a bucket of tokens in Redis."""

from gateway.journal.link import Link
from gateway.journal.script import Script, command, sized

# The bucket holds one second's worth, at least one call's. Redis's own clock counts, so workers need not agree.
_TAKE = Script("""
local rate, most, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(held[1]) or most
tokens = math.min(most, tokens + math.max(0, now - (tonumber(held[2]) or now)) * rate)
local wait = 0
if tokens >= wanted then tokens = tokens - wanted else wait = (wanted - tokens) / rate end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(most / rate) + 60)
return tostring(wait)
""")


class Throttle:
    """Tokens and stops of one aggregator. Safe to share between threads and processes; raises StoreUnreachable.

    per_second  messages a second; batch  the most that one call takes
    """

    def __init__(self, link: Link, name: str, per_second: float, batch: int) -> None:
        self._link = link
        self._tokens = f"{{sms:{name}}}:tokens".encode()
        self._stopped = f"{{sms:{name}}}:stopped".encode()
        self._rate = per_second
        self._most = max(per_second, batch)

    def take(self, messages: int) -> float:
        """Take so many tokens: 0, or the seconds to wait before asking again (nothing was taken then)."""
        return float(
            self._link.ask(_TAKE.on([sized(self._tokens)], *map(sized, (self._rate, self._most, messages))))[
                0
            ]
        )

    def stop(self, seconds: float) -> None:
        """Send nothing to anybody for a while, on any worker."""
        self._link.ask(command(b"SET", self._stopped, 1, b"PX", int(seconds * 1000)))

    def stopped(self) -> float:
        """Seconds until sending goes on; 0 if it was not stopped."""
        return max(0, int(self._link.ask(command(b"PTTL", self._stopped))[0])) / 1000
