"""The telephone exchange between the page and the gateway: dials, answers, drops and times out each phone's call."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from gateway.simulator import call as calling
from gateway.simulator.call import Call
from gateway.simulator.calls import Calls
from gateway.simulator.courier import Courier, Post
from gateway.simulator.line import ANSWER_SECONDS, Line


class Refused(Exception):
    """The press means nothing now; the text says why."""


class Exchange:
    """Works on one call a phone. `courier` is asked for when first needed: the two know each other."""

    def __init__(self, base: str, line: Line, calls: Calls, courier: Callable[[], Courier]) -> None:
        self.base = base
        self._line, self._calls, self._courier = line, calls, courier

    def dial(self, phone: str, dialled: str, *, twice: bool = False) -> Call:
        """Begin a call; one that is still open is dropped first. Raises Refused."""
        with self._held(phone):
            self._end_open(phone, "another call was dialled")
            try:
                call = calling.dial(dialled or self.base, phone, self.base, self._calls.choice(phone).network)
            except ValueError as error:
                raise Refused(str(error)) from None
            return self._post(call, twice=twice)

    def answer(self, phone: str, keys: str, *, twice: bool = False) -> Call:
        """Send what was typed. Raises Refused if no call is open."""
        with self._held(phone):
            call = self._calls.of(phone)
            if call is None or not call.open:
                raise Refused("no call is open")
            return self._post(call.with_input(keys), twice=twice)

    def drop(self, phone: str) -> None:
        """She hangs up."""
        with self._held(phone):
            self._end_open(phone, "she dropped the call")

    def time_out(self, phone: str, seconds: float) -> None:
        """The network ends the call, as if nobody had pressed a key for so long."""
        with self._held(phone):
            self._end_open(phone, _timed_out(seconds), seconds)

    def time_out_idle(self, seconds: float) -> None:
        """End every call that waited so long for a key, as the network does."""
        for phone in self._calls.idle(time.time() - seconds):
            try:
                with self._held(phone):
                    self._end_open(phone, _timed_out(seconds))
            except Refused:
                continue

    def _post(self, call: Call, *, twice: bool) -> Call:
        first, second = self._line.hop_twice(call) if twice else (self._line.hop(call), None)
        return self._keep(call.heard(first, second))

    def _end_open(self, phone: str, why: str, waited: float = 0) -> None:
        call = self._calls.of(phone)
        if call is not None and call.open:
            self._keep(call.cut(why), waited)

    def _keep(self, call: Call, waited: float = 0) -> Call:
        """waited: seconds that the call is told to have lasted longer than it did."""
        now = time.time()
        notice = "" if call.open else self._calls.choice(call.phone).notice
        copies = {"": 0, "never": 0, "once": 1, "twice": 2}[notice]
        if notice:
            call = replace(call, notice="never sent" if notice == "never" else "on its way")
        self._calls.keep(call, now)
        if copies:
            self._courier().put(
                [Post("ussd-ended", call.ended_form(now + waited), call.session, now)] * copies
            )
        return call

    @contextmanager
    def _held(self, phone: str) -> Iterator[None]:
        if not self._calls.hold(phone, time.time(), ANSWER_SECONDS * 2):
            raise Refused("the key before is still under way")
        try:
            yield
        finally:
            self._calls.let_go(phone)


def _timed_out(seconds: float) -> str:
    return f"the network ended the call after {seconds:g} s without a key"
