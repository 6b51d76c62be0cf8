"""How moves of instalments are written: the instalment as it stands now, and an event for each move, never changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, text, update

from gateway.core.embedded.tables import instalment, instalment_event
from gateway.core.port import State, Unpaid

# Rows of one statement: PostgreSQL takes 65,535 values, SQLite 32,766, and a row has up to a dozen.
AT_ONCE = 2000
_NOW = ("state", "reason", "pay_point", "place_on", "collect_by", "moved_on")

_Any = TypeVar("_Any")


class Key(NamedTuple):
    """What one instalment is known by. child: whom a mother is paid for, where it is not for herself."""

    person: int
    programme: str
    period: str
    kind: str = "regular"
    child: int | None = None


_KNOWN = select(
    *(instalment.c[name] for name in ("id", *Key._fields, "amount", *_NOW)),
).where(
    instalment.c.person.in_(bindparam("persons", expanding=True)),
    instalment.c.period.in_(bindparam("periods", expanding=True)),
)
_REACHED = select(
    instalment_event.c.instalment,
    *(instalment_event.c[name] for name in ("state", "reason", "pay_point", "place_on")),
).where(instalment_event.c.instalment.in_(bindparam("ids", expanding=True)))
# RETURNING makes SQLAlchemy send many rows in one statement, which both databases take several times as fast. It does not
# ask for the rows' order: that would make SQLite take them one by one.
_OPEN = insert(instalment).returning(instalment.c.id, *(instalment.c[name] for name in Key._fields))
_MOVE = (
    update(instalment)
    .where(instalment.c.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _NOW})
)
_RECORD = insert(instalment_event)
_NOTIFY = (
    update(instalment)
    .where(instalment.c.id.in_(bindparam("ids", expanding=True)), instalment.c.state == State.CREDITED)
    .values(state=State.NOTIFIED)
    .returning(instalment.c.id)
)


Mark = tuple[str, ...]  # what tells two reports about one instalment apart


@dataclass(frozen=True, slots=True)
class Move:
    """A step into a state. What is None was not said and stays as it was."""

    state: State
    reason: Unpaid | None
    pay_point: str | None
    place_on: date | None
    collect_by: date | None
    moved_on: date

    @property
    def mark(self) -> Mark:
        return mark_of(self.state, self.reason, self.pay_point, self.place_on)


def mark_of(state: str, reason: str | None, pay_point: str | None, place_on: date | None) -> Mark:
    """The state with its reason, and for a booking its branch and day."""
    booked = (pay_point or "", str(place_on)) if state == State.BRANCH_ROUTE else ()
    return (state, reason or "", *booked)


@dataclass(slots=True)
class Course:
    """One instalment and its moves, while a file is taken in. id is None until it is written."""

    amount: int
    enrolment: int | None = None
    event: str | None = None
    id: int | None = None
    now: Move | None = None
    reached: set[Mark] = field(default_factory=set)
    moves: list[Move] = field(default_factory=list)

    def take(self, move: Move) -> None:
        """Append a move; what it leaves unsaid stays as it was."""
        self.reached.add(move.mark)
        self.moves.append(move)
        before = self.now or move
        self.now = Move(
            move.state,
            move.reason,
            move.pay_point or before.pay_point,
            move.place_on or before.place_on,
            move.collect_by or before.collect_by,
            move.moved_on,
        )


def hold(connection: Connection, patience: timedelta = timedelta()) -> None:
    """Until the transaction ends nobody else moves an instalment; reads go on. SQLite has one writer at a time anyway.

    patience: how long to wait for who holds them now, zero for as long as it takes; OperationalError after that.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a second import waits for the first
        connection.execute(text(f"SET LOCAL lock_timeout = {patience // timedelta(milliseconds=1)}"))
        connection.execute(text("LOCK TABLE instalment IN SHARE ROW EXCLUSIVE MODE"))


def load(connection: Connection, keys: Iterable[Key]) -> dict[Key, Course]:
    """What is known of the instalments named, with every state they have reached."""
    keys = set(keys)
    periods = sorted({key.period for key in keys})
    found: dict[Key, Course] = {}
    for some in split(sorted({key.person for key in keys}), AT_ONCE):
        for row in connection.execute(_KNOWN, {"persons": some, "periods": periods}):
            if (key := Key(*(getattr(row, name) for name in Key._fields))) in keys:
                reason = Unpaid(row.reason) if row.reason else None
                now = Move(
                    State(row.state), reason, row.pay_point, row.place_on, row.collect_by, row.moved_on
                )
                found[key] = Course(row.amount, id=row.id, now=now)
    by_id = {course.id: course for course in found.values() if course.id is not None}
    for ids in split(sorted(by_id), AT_ONCE):
        for instalment_id, *reported in connection.execute(_REACHED, {"ids": ids}):
            by_id[instalment_id].reached.add(mark_of(*reported))
    return found


def write(connection: Connection, courses: Mapping[Key, Course], source: str, now: datetime) -> Iterator[int]:
    """Store the moves taken since `load`; yields the number of moves written after each batch."""
    written = 0
    for some in split([(key, course) for key, course in courses.items() if course.moves], AT_ONCE):
        new = [(key, course) for key, course in some if course.id is None]
        moved = [course for _, course in some if course.id is not None]
        if new:
            for number, *key in connection.execute(_OPEN, [_row(key, course) for key, course in new]):
                courses[Key(*key)].id = number
        if moved:
            connection.execute(
                _MOVE,
                [
                    {"which": each.id, **{f"new_{name}": value for name, value in _stands(each).items()}}
                    for each in moved
                ],
            )
        events = [
            {"instalment": course.id, **_columns(move), "source": source, "recorded_at": now}
            for _, course in some
            for move in course.moves
        ]
        for batch in split(events, AT_ONCE):
            connection.execute(_RECORD, batch)
        written += len(events)
        yield written


def notify(connection: Connection, ids: Sequence[int], today: date, now: datetime) -> None:
    """CREDITED becomes NOTIFIED; whatever is further on already, or gone, stays.

    The day stands in the event alone: a report says when an alert arrived, not when money moved, and the bank's next
    file may well tell of a move before it.
    """
    for some in split(ids, AT_ONCE):
        moved = connection.execute(_NOTIFY, {"ids": some}).scalars().all()
        if moved:
            move = Move(State.NOTIFIED, None, None, None, None, today)
            row = {**_columns(move), "source": "delivery report", "recorded_at": now}
            connection.execute(_RECORD, [{"instalment": each, **row} for each in moved])


def split(things: Sequence[_Any], size: int) -> Iterator[Sequence[_Any]]:
    """The same in order, `size` at a time."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _row(key: Key, course: Course) -> dict[str, Any]:
    return {
        **key._asdict(),
        "amount": course.amount,
        "enrolment": course.enrolment,
        "event": course.event,
        **_stands(course),
    }


def _stands(course: Course) -> dict[str, Any]:
    assert course.now is not None  # noqa: S101 - a course with moves stands somewhere
    return _columns(course.now)


def _columns(move: Move) -> dict[str, Any]:
    return {name: getattr(move, name) for name in _NOW}
