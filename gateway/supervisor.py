"""`gateway run`: every part in one command, each kept up, all stopped together.

Most of a start is Python importing. So the web process is started first and held until the stores are ready, and what
the supervisor needs for them it imports meanwhile, on the other core.
"""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from gateway import clock
from gateway.child import Child, GaveUp, Patience
from gateway.errors import GatewayError
from gateway.settings import Settings
from gateway.start import address, check_folders, check_port, welcome

if TYPE_CHECKING:
    from gateway.valkey import Valkey

_LOOK_SECONDS = 0.2
_READY_SECONDS = 60.0
_GRACE_SECONDS = 25.0  # the worker lets a call that it has begun come to its end


class Stopped(GatewayError):
    """A part could not be kept up."""

    code = "stopped"


class Supervisor:
    """Starts the parts, watches them, stops them: the stores last."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._stopping = False

    def run(self) -> None:
        """Until a signal. Raises GatewayError where a part is missing, taken, or cannot be kept up."""
        check_folders(self._settings)
        check_port(self._settings)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        with ExitStack() as stores, self._processes() as children:
            children.append(self._start("serve"))
            from gateway.prepare import prepare, start_valkey  # noqa: PLC0415 - see above

            valkey = start_valkey(self._settings, stores)
            prepare(self._settings, self._say)
            children[0].release()
            self._watch(children, valkey)
            self._say("stopping")

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signal module's signature
        self._stopping = True

    def _start(self, name: str) -> Child:
        return Child(name, [sys.executable, "-m", "gateway", name, "--tied", str(os.getpid())], self._say)

    @contextmanager
    def _processes(self) -> Iterator[list[Child]]:
        """The processes, stopped together when the block ends."""
        children: list[Child] = []
        try:
            yield children
        finally:
            for child in children:
                child.ask_to_stop()
            give_up = clock.ticks() + _GRACE_SECONDS
            for child in children:
                child.make_stop(give_up - clock.ticks())

    def _watch(self, children: list[Child], valkey: "Valkey | None") -> None:
        patience = Patience("Valkey")
        ready, give_up = False, clock.ticks() + _READY_SECONDS
        try:
            while not self._stopping:
                if valkey and not valkey.running:
                    self._say("Valkey ended; starting it again")
                    time.sleep(patience.pause())
                    valkey.start()
                    patience.started()
                if ready:
                    for child in children:
                        child.tend()
                elif self._ready(children[0], last=clock.ticks() > give_up):
                    ready = True
                    # Only now: two processes that import at once would keep the first caller waiting.
                    children.append(self._start("worker"))
                    children[-1].release()
                    self._say(welcome(self._settings))
                time.sleep(_LOOK_SECONDS if ready else _LOOK_SECONDS / 4)
        except GaveUp as error:
            raise Stopped(str(error)) from None

    def _ready(self, web: Child, *, last: bool) -> bool:
        """Whether the web process answers that all is ready. Raises Stopped where it ended, or this is the last try."""
        if not web.running:
            raise Stopped("the web process could not start; the lines above say why")
        try:
            with urllib.request.urlopen(f"{address(self._settings)}/readyz", timeout=5):  # noqa: S310 - our own
                return True
        except urllib.error.HTTPError as error:
            said = error.read(2000).decode("utf-8", "replace")
        except OSError as error:
            said = str(error)
        if last:
            raise Stopped(f"not ready after {_READY_SECONDS:.0f} seconds: {said}")
        return False
