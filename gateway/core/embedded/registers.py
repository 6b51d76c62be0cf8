"""Registers of what people ask for: each kind is entered once, moves on by known steps, and keeps every step."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway import clock
from gateway.core.embedded.references import with_reference
from gateway.core.port import Asked

CALLER = "caller"

# Whose value may be any of these: column -> values, since a phone has a look-up value under each key.
Alike = Mapping[str, Sequence[Any]]


class Register:
    """One kind of request: its table, the table of its steps (with a column named after the first), and its states.

    Built at import, once a kind. same: columns of which one set may have one open request. shown: columns that a move
    writes in the request as well as in its step. twice: what whoever moves one beside another open one is told.
    """

    def __init__(  # noqa: PLR0913 - what a register is made of
        self,
        asked: Asked,
        table: Table,
        steps: Table,
        moves: Mapping[Any, Collection[Any]],
        *,
        same: Sequence[str],
        still_open: Collection[str],
        shown: Sequence[str] = (),
        twice: str = "another one about the same is open",
    ) -> None:
        one = table.c
        self._asked, self._moves, self._step = asked, moves, table.name
        self._shown, self._twice = shown, twice
        self._by_key = select(table).where(one.asked_key == bindparam("asked_key"))
        self._standing = select(table).where(
            *(one[name].in_(bindparam(name, expanding=True)) for name in same),
            one.state.in_([str(state) for state in still_open]),
        )
        self._held = select(table).where(one.reference == bindparam("reference")).with_for_update()
        self._turns = select(func.count()).select_from(steps).where(steps.c[table.name] == bindparam("which"))
        self._move = update(table).where(one.id == bindparam("which"))
        self._add, self._record = insert(table), insert(steps)

    def entered(self, connection: Connection, asked_key: str) -> Row[Any] | None:
        """What this step entered before."""
        return connection.execute(self._by_key, {"asked_key": asked_key}).first()

    def find(self, connection: Connection, asked_key: str, alike: Alike) -> tuple[bool, Row[Any]] | None:
        """What this step entered before (True), or the open one that stands for the same (False)."""
        if row := self.entered(connection, asked_key):
            return True, row
        row = connection.execute(self._standing, alike).first()
        return None if row is None else (row.asked_key == asked_key, row)

    def enter(
        self, connection: Connection, row: dict[str, Any], alike: Alike, by: str = CALLER
    ) -> tuple[bool, Row[Any]]:
        """Enter a request with its first step, or give back what `find` does; under a race too."""
        if found := self.find(connection, row["asked_key"], alike):
            return found

        def put(reference: str) -> int:
            return int(
                connection.execute(self._add, row | {"reference": reference}).inserted_primary_key[0]  # type: ignore[index]
            )

        try:
            with connection.begin_nested():
                _, which = with_reference(connection, self._asked, put)
        except IntegrityError:
            found = self.find(connection, row["asked_key"], alike)
            if found is None:
                raise
            return found  # another step was quicker
        self.note(connection, which, row["state"], by)
        return True, connection.execute(self._by_key, {"asked_key": row["asked_key"]}).one()

    def hold(self, connection: Connection, reference: str) -> Row[Any]:
        """A request, nobody else's to move until the transaction ends. Raises LookupError."""
        row = connection.execute(self._held, {"reference": reference}).first()
        if row is None:
            raise LookupError(f"no such {self._asked}")
        return row

    def allow(self, row: Row[Any], state: str) -> None:
        """Raises ValueError for a state that cannot follow the request's."""
        if state not in self._moves[row.state]:
            raise ValueError(f"{state} cannot follow {row.state}")

    def move(self, connection: Connection, row: Row[Any], state: str, by: str, **noted: Any) -> int:
        """Bring a request to a state; how many steps it has now. Raises ValueError for a move that cannot be."""
        self.allow(row, state)
        values = {"which": row.id, "state": str(state), "moved_on": clock.today()}
        values |= {name: noted[name] for name in self._shown}
        try:
            with connection.begin_nested():
                connection.execute(self._move, values)
        except IntegrityError:
            raise ValueError(self._twice) from None
        self.note(connection, row.id, state, by, **noted)
        return self.turn(connection, row.id)

    def next_states(self, state: str) -> tuple[Any, ...]:
        """Where a request may go from a state, in the order of its states."""
        return tuple(each for each in self._moves if each in self._moves[state])

    def note(self, connection: Connection, which: int, state: str, by: str, **noted: Any) -> None:
        """Add a step. One that keeps the state is no move, and nobody is told of it."""
        step = {self._step: which, "state": str(state), "by": by[:60], "at": clock.now(), **noted}
        connection.execute(self._record, step)

    def turn(self, connection: Connection, which: int) -> int:
        """How many steps a request has."""
        return int(connection.execute(self._turns, {"which": which}).scalar_one())
