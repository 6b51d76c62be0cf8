"""Processes of a bench: started on one core, measured by their own accounting, stopped by their id."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1
ROOT = Path(__file__).resolve().parents[2]


class Served:
    """A running server process with its children."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.root = psutil.Process(process.pid)
        self.port = port

    def tree(self) -> list[psutil.Process]:
        return [self.root, *self.root.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far."""
        total = 0.0
        for process in self.tree():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def resident_mib(self) -> float:
        return max(process.memory_info().rss for process in self.tree()) / 2**20

    def metric(self, name: str) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.split()[1])
        raise KeyError(name)


@contextlib.contextmanager
def serve(
    target: str, port: int, threads: int, env: dict[str, str] | None = None, under: Sequence[str] = ()
) -> Iterator[Served]:
    """Granian with one process and `threads` threads on the server's core, until the block ends.

    under: what runs it, on any core.
    """
    flags = ["--factory"] if target.endswith(":wsgi") else []
    process = subprocess.Popen(
        [*under, sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1", "--workers", "1", "--blocking-threads", str(threads),
         "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", *flags, target],
        cwd=ROOT, env=os.environ | (env or {}),
    )  # fmt: skip
    if not under:  # before its imports are done, so its children inherit it
        os.sched_setaffinity(process.pid, {SERVER_CORE})
    try:
        _wait(port, process, 300 if under else 30)
        yield Served(process, port)
    finally:
        if process.poll() is None:
            tree = Served(process, port).tree()
            process.terminate()
            for left in psutil.wait_procs(tree, 30)[1]:
                left.kill()


def _wait(port: int, process: subprocess.Popen[bytes], seconds: int) -> None:
    for _ in range(10 * seconds):
        if process.poll() is not None:
            raise SystemExit(f"the server on port {port} ended with {process.returncode}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
            return
        time.sleep(0.1)
    raise SystemExit(f"the server on port {port} did not answer within {seconds} seconds")


class Load:
    """What wrk said of one run: requests answered, errors, milliseconds at the 50th and 99th percentile."""

    def __init__(self, said: str) -> None:
        found = re.search(r"BENCH requests=(\d+) errors=(\d+) p50=([\d.]+) p99=([\d.]+)", said)
        if not found:
            raise SystemExit(f"wrk said nothing that can be read:\n{said}")
        self.requests, self.errors = int(found[1]), int(found[2])
        self.p50, self.p99 = float(found[3]), float(found[4])


def load(port: int, path: str, keys: str, *, seconds: float, callers: int, phones: int, turn: int) -> Load:
    """Journeys from `callers` callers at once for so many seconds, from the other core."""
    wrk = shutil.which("wrk")
    if not wrk:
        raise SystemExit("wrk is missing: `apt-get install wrk` brings it")
    done = subprocess.run(
        [wrk, f"-t{callers}", f"-c{callers}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(ROOT / "tests/bench/dial.lua"),
         f"http://127.0.0.1:{port}"],
        env=os.environ | {"BENCH_PATH": path, "BENCH_KEYS": keys, "BENCH_PHONES": str(phones), "BENCH_ROUND": str(turn)},
        capture_output=True, text=True, check=True, preexec_fn=lambda: os.sched_setaffinity(0, {LOAD_CORE}),
    )  # fmt: skip
    return Load(done.stdout)
