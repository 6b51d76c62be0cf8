"""Each phone's call and the choices made for its line, kept between two requests of the page."""

from dataclasses import dataclass

from gateway.simulator.call import Call
from gateway.simulator.store import Store
from gateway.simulator.wire import SANDBOX_NETWORK

# How often the session-ended notice is posted.
NOTICES = ("once", "twice", "never")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the tester chose for a phone: network code, session-ended notices, a trouble of its SMS."""

    network: str = SANDBOX_NETWORK
    notice: str = "once"
    trouble: str = "none"


class Calls:
    """The latest call of each phone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, phone: str) -> Call | None:
        with self._store.reading() as connection:
            row = connection.execute(
                "select call from calls where phone = ? and call <> ''", (phone,)
            ).fetchone()
        return Call.from_json(row["call"]) if row else None

    def hold(self, phone: str, now: float, seconds: float) -> bool:
        """Take the phone for one press of a key; False while another press of it is under way."""
        with self._store.writing() as connection:
            connection.execute(
                "insert or ignore into calls (phone, call, open, touched) values (?, '', 0, ?)", (phone, now)
            )
            taken = connection.execute(
                "update calls set held = ? where phone = ? and held <= ?", (now + seconds, phone, now)
            )
            return taken.rowcount == 1

    def let_go(self, phone: str) -> None:
        with self._store.writing() as connection:
            connection.execute("delete from calls where phone = ? and call = ''", (phone,))
            connection.execute("update calls set held = 0 where phone = ?", (phone,))

    def keep(self, call: Call, now: float) -> None:
        """Remember the call; what was typed is forgotten once it has ended."""
        kept = call if call.open else call.forgotten()
        with self._store.writing() as connection:
            connection.execute(
                "insert into calls (phone, call, open, touched) values (?, ?, ?, ?) on conflict (phone) do update"
                " set call = excluded.call, open = excluded.open, touched = excluded.touched",
                (call.phone, kept.to_json(), call.open, now),
            )

    def note(self, session: str, notice: str) -> None:
        """Keep what became of a call's session-ended notice, unless a later call took its place."""
        with self._store.writing() as connection:
            connection.execute(
                "update calls set call = json_set(call, '$.notice', ?) where call <> '' and call ->> '$.session' = ?",
                (notice, session),
            )

    def idle(self, since: float) -> list[str]:
        """Phones with an open call that nothing happened on since then."""
        with self._store.reading() as connection:
            rows = connection.execute("select phone from calls where open = 1 and touched < ?", (since,))
            return [row["phone"] for row in rows]

    def choices(self) -> dict[str, Choice]:
        """The lines that anything was chosen for, by phone; all others are as `Choice()`."""
        with self._store.reading() as connection:
            rows = connection.execute("select phone, network, notice, trouble from lines").fetchall()
        return {row["phone"]: Choice(row["network"], row["notice"], row["trouble"]) for row in rows}

    def choice(self, phone: str) -> Choice:
        return self.choices().get(phone, Choice())

    def choose(self, phone: str, choice: Choice) -> None:
        with self._store.writing() as connection:
            connection.execute(
                "insert or replace into lines (phone, network, notice, trouble) values (?, ?, ?, ?)",
                (phone, choice.network, choice.notice, choice.trouble),
            )
