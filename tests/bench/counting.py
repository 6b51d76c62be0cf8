"""What a server costs: instructions where the machine counts them, else CPU time by the kernel's accounting."""

import re
import shutil
import signal
import subprocess
from collections.abc import Callable

from tests.bench.processes import Served


class Counter:
    """Start a reading of a server; calling what it returns ends the reading and gives the cost since.

    counts  whether instructions are counted (they hold still under noise); unit `k instructions`, or `CPU us`
    """

    def __init__(self) -> None:
        self._perf = shutil.which("perf") if _counts_instructions() else None
        self.counts = self._perf is not None
        self.unit = "k instructions" if self.counts else "CPU us"

    def __call__(self, served: Served) -> Callable[[], float]:
        if not self._perf:
            before = served.cpu_seconds()
            return lambda: (served.cpu_seconds() - before) * 1e6
        pids = ",".join(str(process.pid) for process in served.tree())
        watch = subprocess.Popen(
            [self._perf, "stat", "-x,", "-e", "instructions", "-p", pids], stderr=subprocess.PIPE, text=True
        )

        def end() -> float:
            watch.send_signal(signal.SIGINT)
            found = re.search(r"^(\d+),", watch.communicate()[1], re.MULTILINE)
            if not found:
                raise SystemExit("perf counted nothing")
            return int(found[1]) / 1000

        return end


def _counts_instructions() -> bool:
    if not shutil.which("perf"):
        return False
    tried = subprocess.run(
        ["perf", "stat", "-x,", "-e", "instructions", "true"], capture_output=True, text=True, check=False
    )
    return bool(re.search(r"^\d+,", tried.stderr, re.MULTILINE))


counter = Counter()
