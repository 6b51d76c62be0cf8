"""`gateway run` as a person starts it: the processes it has, what it says, and a wire to its webhooks."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.phone import Phone

ROOT = Path(__file__).resolve().parents[2]
SERVE, WORKER, VALKEY = "gateway serve", "gateway worker", "valkey-server"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"{what} did not come about"
        time.sleep(0.05)


def alive(process: psutil.Process) -> bool:
    """Whether a process runs; one that is dead and only waits to be collected does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def command(process: psutil.Process) -> str:
    """Its command line; empty for one that ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP, as Flask's client shows it."""

    status_code: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    def get_data(self, *, as_text: bool) -> str:
        assert as_text
        return self.body.decode()


@dataclass(frozen=True)
class Wire:
    """Posts over HTTP with the part of Flask's client that a `Phone` uses. Raises OSError where nobody answers."""

    port: int

    def post(self, path: str, data, headers=None, content_type="application/x-www-form-urlencoded") -> Answer:
        body = (data if isinstance(data, str) else urlencode(data)).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", body, {"Content-Type": content_type, **(headers or {})}
        )
        return self._ask(request)

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    @staticmethod
    def _ask(request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
                return Answer(answer.status, {n.lower(): v for n, v in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, {n.lower(): v for n, v in error.headers.items()}, error.read())
        except HTTPException as error:  # it died while it answered
            raise ConnectionError(str(error)) from None


class Running:
    """A `gateway run` on its own data folder and port."""

    def __init__(self, data: Path, port: int | None = None, **more: str) -> None:
        self.port = port or free_port()
        self.env = os.environ | {"GATEWAY_PORT": str(self.port), "GATEWAY_DATA_DIR": str(data)} | more
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "run"], cwd=ROOT, text=True, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.root = psutil.Process(self.process.pid)
        self.wire = Wire(self.port)
        self._reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout))
        self._reader.start()

    def ready(self) -> "Running":
        wait_until(lambda: "The gateway is ready" in self.text or self.process.poll() is not None, "ready")
        assert self.process.poll() is None, self.text
        return self

    @property
    def text(self) -> str:
        return "".join(self.said)

    def phone(self, number: str) -> Phone:
        return Phone(self.wire, number)

    def command(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a `gateway` command beside it, with the same settings."""
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *arguments], cwd=ROOT, env=self.env, input=given,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    def parts(self, word: str) -> list[psutil.Process]:
        return [child for child in self.root.children() if word in command(child)]

    def part(self, word: str) -> psutil.Process:
        (found,) = self.parts(word)
        return found

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nothing that dies is started again meanwhile: the process that would is stopped."""
        self.root.suspend()
        try:
            yield
        finally:
            self.root.resume()

    def answers(self, path: str = "/readyz") -> bool:
        try:
            return self.wire.get(path).status_code == 200
        except OSError:
            return False

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end, and check that nothing it started is left."""
        family = [self.root, *self.root.children(recursive=True)]
        self.process.send_signal(number)
        code = self.process.wait(60)
        try:
            wait_until(lambda: not any(alive(one) for one in family), "end of all it started", 30)
        finally:
            for one in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            self.collect()
        return code

    def collect(self) -> None:
        self._reader.join()
        self.process.stdout.close()
