"""`make bench`: what a hop costs, beside bare Flask on the same server, in one run; then what the call centre's pages cost
on a large database (`tests/bench/figures.py`; `--figures` for these alone).

Servers run on one core, the load on another, one after the other in short turns, so that whatever else the machine
does hits all of them alike. Costs are ratios to bare Flask; times are given for this machine only.
"""

import argparse
import os
import platform
import re
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import redis
from rich.console import Console
from rich.table import Table

from tests.bench import figures
from tests.bench.counting import counter
from tests.bench.instructions import countable, instructions
from tests.bench.processes import ROOT, SERVER_CORE, Load, Served, load, serve
from tests.bench.store import embedded_store, prepared

# Menus, pages for anybody, back, home: nothing here asks the core, and it ends on the first page, so that the next dial of
# the phone goes on from nothing.
MENUS = "4 3 0 00 5 1 0 3 00 6 4 00"
# Language, a page turned, menus, a CNIC that the core looks up, and an END.
FULL = "3 98 0 4 3 0 00 2 2 CNIC 00 5 1 0 00 9 9 9"
# What a phone of the menus' journeys did before: it chose its language.
KNOWN = "2 00"
# A dial and one answer: a session that costs least, for filling memory with sessions.
SHORT = "2"
HOOK = "/africastalking/demo/ussd"
HELLO, GATEWAY = "tests.bench.hello:app", "gateway.app:wsgi"
CALLERS = 4


@dataclass
class Rival:
    """One line of the table. phones 0 gives every session a phone never seen before; env starts its server again."""

    name: str
    served: Served
    env: dict[str, str]
    path: str
    keys: str
    phones: int
    store: "redis.Redis | None" = None
    costs: list[float] = field(default_factory=list)
    store_costs: list[float] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    statements: list[float] = field(default_factory=list)
    instructions: float = 0

    def run(self, turn: int, seconds: float) -> None:
        before, reading = self._counts(), counter(self.served)
        done = load(
            self.served.port,
            self.path,
            self.keys,
            seconds=seconds,
            callers=CALLERS,
            phones=self.phones,
            turn=turn,
        )
        if done.errors:
            raise SystemExit(f"{self.name}: {done.errors} of {done.requests} requests failed")
        self.costs.append(reading() / done.requests)
        self.loads.append(done)
        after = self._counts()
        for series, old, new in zip(
            (self.commands, self.trips, self.sent, self.statements, self.store_costs),
            before,
            after,
            strict=True,
        ):
            series.append((new - old) / done.requests)

    def _counts(self) -> tuple[float, float, float, float, float]:
        if self.store is None:
            return 0, 0, 0, 0, 0
        info = self.store.info("everything")
        return (
            float(
                sum(
                    info[f"cmdstat_{name}"]["calls"]
                    for name in ("evalsha", "set", "get")
                    if f"cmdstat_{name}" in info
                )
            ),
            float(info["total_reads_processed"]),
            float(info["total_net_input_bytes"] + info["total_net_output_bytes"]),
            self.served.metric("gateway_sql_statements_total"),
            float(info["used_cpu_user"] + info["used_cpu_sys"]),
        )


def main() -> None:
    ask = argparse.ArgumentParser(prog="make bench", description=__doc__)
    ask.add_argument(
        "--seconds", type=int, default=4, help="length in whole seconds of one turn of one server"
    )
    ask.add_argument("--rounds", type=int, default=5, help="turns each server gets")
    ask.add_argument(
        "--sessions", type=int, default=100_000, help="sessions for the memory measure; 0 leaves it out"
    )
    ask.add_argument(
        "--callgrind", action=argparse.BooleanOptionalAction, default=True,
        help="count instructions by valgrind where the machine does not (a few minutes)",
    )  # fmt: skip
    ask.add_argument(
        "--turns", type=int, default=10_000_000, help="turns of the large database; 0 leaves the figures out"
    )
    ask.add_argument("--figures", action="store_true", help="the figures alone")
    chosen = ask.parse_args()
    if not chosen.figures:
        _hops(chosen)
    if chosen.turns:
        figures.print_figures(Console(width=120), chosen.turns, chosen.turns // 10)


def _hops(chosen: argparse.Namespace) -> None:
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing. It is in Debian's packages: apt-get install wrk")
    console = Console(width=150)
    console.print(
        f"{_machine()}\nserver on core {SERVER_CORE}, load and Valkey on another, {CALLERS} callers, {chosen.rounds} x {chosen.seconds:g} s each\n"
    )
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="bench") as folder:
        hello = stack.enter_context(serve(HELLO, 9801, 8))
        url = stack.enter_context(embedded_store(Path(folder)))
        store = redis.Redis.from_url(url)
        settings = prepared(Path(folder), url)
        whole, unkept = (
            settings | {"GATEWAY_PORT": "9802"},
            settings | {"GATEWAY_PORT": "9803", "GATEWAY_JOURNAL": "false"},
        )
        hop = stack.enter_context(serve(GATEWAY, 9802, 8, whole))
        plain = stack.enter_context(serve(GATEWAY, 9803, 8, unkept))
        rivals = [
            Rival("bare Flask", hello, {}, "/hello", FULL, 1000),
            Rival("bare Flask, form parsed", hello, {}, "/form", FULL, 1000),
            Rival("hop, menus alone", hop, whole, HOOK, MENUS, 100, store),
            Rival("hop, menus alone, journal off", plain, unkept, HOOK, MENUS, 100, store),
            Rival("hop, whole journey", hop, whole, HOOK, FULL, 0, store),
        ]
        for rival in rivals[2:4]:  # every phone of the menus' journeys has its language remembered
            load(rival.served.port, HOOK, KNOWN, seconds=3, callers=CALLERS, phones=100, turn=0)
        for turn in range(1, chosen.rounds + 1):
            for rival in rivals:
                rival.run(turn, chosen.seconds)
                console.print(f"round {turn} of {chosen.rounds}: {rival.name}", style="dim")
        if chosen.callgrind and not counter.counts and countable():
            for number, rival in enumerate(rivals):
                target = GATEWAY if rival.env else HELLO
                rival.instructions = instructions(
                    target, 9811 + number, rival.env, path=rival.path, keys=rival.keys,
                    known=KNOWN if rival.phones else "",
                )  # fmt: skip
                console.print(f"instructions counted: {rival.name}", style="dim")
        console.print(_table(rivals))
        if chosen.sessions:
            _fill(console, hop, chosen.sessions)


def _fill(console: Console, hop: Served, sessions: int) -> None:
    """Memory of a worker while it serves ever more sessions, each with its own id and phone."""
    tenth = max(1, sessions // 10)
    sizes, done, turn = [], 0, 100
    while done < sessions:
        run = load(hop.port, HOOK, SHORT, seconds=5, callers=CALLERS, phones=0, turn=turn)
        done += run.requests // 2
        turn += 1
        if done >= tenth * (len(sizes) + 1):
            sizes.append((done, hop.resident_mib()))
            console.print(f"{done} sessions: {sizes[-1][1]:.0f} MiB", style="dim")
    console.print(
        f"memory of the worker: {sizes[0][1]:.0f} MiB after {sizes[0][0]:,} sessions, {sizes[-1][1]:.0f} MiB after {sizes[-1][0]:,}"
    )


def _table(rivals: list[Rival]) -> Table:
    unit = counter.unit
    table = Table(box=None, pad_edge=False)
    counted = bool(rivals[0].instructions)
    for name in (
        "",
        *(("k user instructions", "of bare Flask") if counted else ()),
        f"{unit} a request",
        "of bare Flask",
        "p50 ms",
        "p99 ms",
        "requests/s",
        "Valkey CPU",
        "commands",
        "trips",
        "bytes",
        "SQL",
    ):
        table.add_column(name, justify="left" if not name else "right")
    for rival in rivals:
        cost = median(rival.costs)
        figures = (
            [f"{rival.instructions / 1000:.0f}", f"{rival.instructions / rivals[0].instructions:.2f}"]
            if counted
            else []
        )
        figures += [
            f"{cost:.0f}",
            f"{median(c / b for c, b in zip(rival.costs, rivals[0].costs, strict=True)):.2f}",
            f"{median(each.p50 for each in rival.loads):.2f}",
            f"{median(each.p99 for each in rival.loads):.2f}",
            "" if counter.counts else f"{1e6 / cost:.0f}",
        ]
        if rival.store is not None:
            figures += [
                f"{1e6 * median(rival.store_costs):.0f} us",
                f"{median(rival.commands):.2f}",
                f"{median(rival.trips):.2f}",
                f"{median(rival.sent):.0f}",
                f"{median(rival.statements):.2f}",
            ]
        table.add_row(rival.name, *figures)
    return table


def _machine() -> str:
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return f"{model[1] if model else platform.processor()}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
