"""User-mode instructions a request, where the machine's own counter is not to be had: valgrind's callgrind counts them.

They hold still under noise to one in a hundred. What the kernel does for a request is not in them.
"""

import re
import shutil
import subprocess
import tempfile
import time
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from pathlib import Path

from gateway.simulator import wire
from tests.bench.processes import serve

JOURNEYS = 15  # a server runs fifty times slower so
_callers = count(900_000_000)


def countable() -> bool:
    return bool(shutil.which("valgrind") and shutil.which("callgrind_control"))


def instructions(target: str, port: int, env: dict[str, str], *, path: str, keys: str, known: str) -> float:
    """What the server's own code takes a request, one at a time. known: keys that a phone of the journeys sent once before."""
    phones = [f"+923{next(_callers)}" for _ in range(JOURNEYS)]
    with tempfile.TemporaryDirectory(prefix="callgrind") as folder:
        written = Path(folder) / "out"
        under = (
            "valgrind",
            "--tool=callgrind",
            "--trace-children=yes",
            "--quiet",
            f"--callgrind-out-file={written}.%p",
        )
        with serve(target, port, 1, env, under) as served:
            worker = max(served.tree(), key=lambda process: process.num_threads()).pid
            line = HTTPConnection("127.0.0.1", port, timeout=60)
            # What the first requests prepare is not a request's cost; and the gateway learns the phones' language.
            for phone in phones:
                _dial(line, path, phone, known.split())
            _dial(line, path, f"+923{next(_callers)}", keys.split())
            _dump(worker, Path(f"{written}.{worker}.1"))
            requests = sum(_dial(line, path, phone, keys.split()) for phone in phones)
            return _dump(worker, Path(f"{written}.{worker}.2")) / requests


def _dial(line: HTTPConnection, path: str, phone: str, keys: list[str]) -> int:
    """One journey to its last key or its END; the number of hops."""
    session, trail = wire.new_session(), ""
    hops = 0
    for key in ["", *keys]:
        hops += 1
        typed = f"352{next(_callers)}0" if key == "CNIC" else key
        trail = f"{trail}*{typed}" if trail else typed
        form = wire.hop(
            phone=phone, service_code="*8171#", text=trail, session=session, network=wire.SANDBOX_NETWORK
        )
        answer = _post(line, path, wire.encode(form))
        if answer.status != 200 or (page := answer.read())[:4] not in {b"CON ", b"END "}:
            raise SystemExit(f"a hop under callgrind failed with {answer.status}")
        if page.startswith(b"END "):
            break
    return hops


def _post(line: HTTPConnection, path: str, body: bytes) -> HTTPResponse:
    """The answer. Bare Flask leaves a body unread, and then the server may close the line behind its answer."""
    for _ in range(3):
        try:
            line.request("POST", path, body, wire.USSD_HEADERS | {"Content-Type": wire.FORM_TYPE})
            return line.getresponse()
        except ConnectionError:
            line.close()
    raise SystemExit("the server under callgrind closes its connections")


def _dump(worker: int, file: Path) -> int:
    """Instructions since the last dump."""
    subprocess.run(["callgrind_control", "-d", str(worker)], check=True, capture_output=True)
    for _ in range(100):
        if file.exists() and (
            found := re.search(r"^summary: (\d+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        ):
            return int(found[1])
        time.sleep(0.1)
    raise SystemExit("callgrind wrote nothing")
