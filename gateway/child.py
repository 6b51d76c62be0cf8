"""A part of `gateway run` that must stay up: started, watched, started again when it dies."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Sequence

from gateway import clock

_QUICK_SECONDS = 30.0
_MOST_QUICK_DEATHS = 5
_LONGEST_PAUSE = 8.0


class GaveUp(Exception):
    """A part dies again and again."""


class Patience:
    """How long to wait before a part is started again: at once the first time, then 1, 2, 4 seconds, then never."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._born = clock.ticks()
        self._deaths = 0

    def started(self) -> None:
        self._born = clock.ticks()

    def pause(self) -> float:
        """Seconds to wait after this death. Raises GaveUp after five lives of under 30 seconds in a row."""
        self._deaths = self._deaths + 1 if clock.ticks() - self._born < _QUICK_SECONDS else 1
        if self._deaths >= _MOST_QUICK_DEATHS:
            raise GaveUp(f"{self._name} died {self._deaths} times in a row; the lines above should say why")
        return 0.0 if self._deaths == 1 else min(_LONGEST_PAUSE, 2.0 ** (self._deaths - 2))


class Child:
    """A command in a process of its own, which reads a line from its standard input before it begins its work.

    It gets a session of its own, so that a Ctrl-C in the terminal reaches it through its parent only.
    """

    def __init__(self, name: str, command: Sequence[str], say: Callable[[str], None]) -> None:
        self.name = name
        self._command = command
        self._say = say
        self._patience = Patience(f"the {name} process")
        self._again_at: float | None = None
        self._released = False
        self._process = self._launch()

    def _launch(self) -> "subprocess.Popen[bytes]":
        self._patience.started()
        return subprocess.Popen(self._command, start_new_session=True, stdin=subprocess.PIPE)  # noqa: S603 - our own

    def release(self) -> None:
        """Let it begin, now and each time it is started again."""
        self._released = True
        if self._process.stdin and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):  # it is dead already; `tend` will see it
                self._process.stdin.write(b"go\n")
                self._process.stdin.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def tend(self) -> None:
        """Look after it: start it again if it died and its time has come. Raises GaveUp."""
        if self.running:
            return
        now = clock.ticks()
        if self._again_at is None:
            pause = self._patience.pause()
            when = f"in {pause:g} s" if pause else "now"
            self._say(
                f"the {self.name} process ended with {self._process.returncode}; starting it again {when}"
            )
            self._again_at = now + pause
        if now >= self._again_at:
            self._again_at = None
            self._sweep()
            self._close()
            self._process = self._launch()
            if self._released:
                self.release()

    def ask_to_stop(self) -> None:
        if self.running:
            self._process.terminate()

    def make_stop(self, grace: float) -> None:
        """Wait up to `grace` seconds, then kill it and whatever it started."""
        try:
            self._process.wait(max(0.01, grace))
        except subprocess.TimeoutExpired:
            self._say(f"the {self.name} process did not stop in time and is killed")
        self._sweep()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def _sweep(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
