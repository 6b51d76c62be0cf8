"""What the aggregator posts on its own time: session-ended notices, delivery reports, inbound SMS, tried until taken.

Posts wait in the store, so that they outlive a web process and any process may carry them.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import requests
import structlog

from gateway.simulator import wire
from gateway.simulator.line import Line, open_session
from gateway.simulator.store import Store

log = structlog.get_logger()

MOST_WAITING = 20_000
TAKEN = "taken"
_BATCH = 20
_HELD_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Post:
    """One post to a hook of the gateway.

    about       id of the message or session whose state the outcome is told to
    due         seconds since 1970; tries that it gets, gap seconds between them
    """

    hook: str
    form: wire.Form
    about: str
    due: float
    tries: int = 5
    gap: float = 2.0


# hook, about, what became of the post
Tell = Callable[[str, str, str], None]


class Courier:
    """Carries posts in a thread of its own, started at the first use in each process.

    sweep is called before each round; rest is the longest pause between two, in seconds.
    """

    def __init__(self, store: Store, line: Line, tell: Tell, sweep: Callable[[], None], rest: float) -> None:
        self._store, self._line, self._tell, self._sweep = store, line, tell, sweep
        self._rest = rest
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def put(self, posts: Sequence[Post]) -> int:
        """Queue posts and return how many found room."""
        with self._store.writing() as connection:
            waiting = connection.execute("select count(*) from posts").fetchone()[0]
            taken = posts[: max(0, MOST_WAITING - waiting)]
            connection.executemany(
                "insert into posts (hook, form, about, due, tries, gap) values (?, ?, ?, ?, ?, ?)",
                [(p.hook, json.dumps(p.form), p.about, p.due, p.tries, p.gap) for p in taken],
            )
        self.start()
        self._woken.set()
        return len(taken)

    def start(self) -> None:
        """See that the thread runs; a forked process has none of its parent's threads."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="simulator-courier", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        with open_session() as session:
            while not self._done():
                pause = self._rest
                try:
                    self._sweep()
                    while self._carry_due(session):
                        pass
                    pause = self._until_next()
                except sqlite3.Error as error:
                    log.warning("simulator_store_failed", error=type(error).__name__)
                self._woken.wait(pause)
                self._woken.clear()

    def _done(self) -> bool:
        """Whether nothing is left to do; the next use then starts a new thread."""
        with self._starting, self._store.reading() as connection:
            left = connection.execute(
                "select exists (select 1 from posts) or exists (select 1 from calls where open = 1)"
            ).fetchone()[0]
            if not left:
                self._thread = None
            return not left

    def _until_next(self) -> float:
        with self._store.reading() as connection:
            due = connection.execute("select min(due) from posts where held <= ?", (time.time(),)).fetchone()[
                0
            ]
        return self._rest if due is None else min(self._rest, max(0.01, due - time.time()))

    def _carry_due(self, session: requests.Session) -> int:
        now = time.time()
        with self._store.writing() as connection:
            rows = connection.execute(
                "update posts set held = ? where number in"
                " (select number from posts where due <= ? and held <= ? order by due limit ?) returning *",
                (now + _HELD_SECONDS, now, now, _BATCH),
            ).fetchall()
        for row in rows:
            self._carry(session, row)
        return len(rows)

    def _carry(self, session: requests.Session, row: sqlite3.Row) -> None:
        form: wire.Form = [(name, value) for name, value in json.loads(row["form"])]
        try:
            code = self._line.notify(session, row["hook"], form)
            outcome = "" if code == 200 else f"HTTP {code}"
        except requests.RequestException as error:
            outcome = type(error).__name__
        tries = row["tries"] - 1
        with self._store.writing() as connection:
            if outcome and tries:
                connection.execute(
                    "update posts set due = ?, tries = ?, held = 0 where number = ?",
                    (time.time() + row["gap"], tries, row["number"]),
                )
            else:
                connection.execute("delete from posts where number = ?", (row["number"],))
        if outcome:
            log.info("simulator_post_failed", hook=row["hook"], outcome=outcome, tries_left=tries)
        self._tell(row["hook"], row["about"], _wording(outcome, tries))


def _wording(outcome: str, tries: int) -> str:
    if not outcome:
        return TAKEN
    return f"not taken yet ({outcome})" if tries else f"given up ({outcome})"
