"""What one batch of new turns adds to the roll-ups, and how it is added: in the transaction that inserts the turns.

A turn is inserted once, however often it is drained, so it counts once; what waits in the stream while no worker runs is
counted when it is drained, in the hour in which it happened.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from gateway import clock
from gateway.conversation.verbs import UNREACHABLE
from gateway.journal.passed import ANSWERED
from gateway.journal.record import Recorded
from gateway.journal.tables import tally

HOUR, DAY = "hour", "day"
# Upper bounds in milliseconds; the last one has none.
BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
OVER = "over"
INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


class Thing(NamedTuple):
    """What is counted.

    fact    dial, text, answered, unanswered, seen, left, edge, language, took, failed, hop
    name    the screen, edge, language, verb or ending; part the upper bound of a time
    """

    fact: str
    name: str = ""
    part: str = ""


Counts = Counter[tuple[datetime, Thing]]  # (hour, thing) -> times


def of_turns(records: Iterable[Recorded]) -> tuple[Counts, Counts]:
    """How often each thing happened in each hour, and the milliseconds it took in all."""
    numbers: Counts = Counter()
    amounts: Counts = Counter()
    for record in records:
        hour = clock.hour_of(record.at)
        for thing, millis in _things(record):
            numbers[hour, thing] += 1
            if millis:
                amounts[hour, thing] += millis
    return numbers, amounts


def of_outcome(outcome: str) -> Thing:
    """What a dial with this outcome counts as."""
    return Thing(ANSWERED) if outcome == ANSWERED else Thing("unanswered", outcome)


def is_text(record: Recorded) -> bool:
    """Whether a turn answers a text; of a dial it is a hop."""
    return record.turn.number == 1 and record.turn.opening is None


def _things(record: Recorded) -> Iterable[tuple[Thing, int]]:
    one = record.turn
    if is_text(record):  # it has no way through the menus
        yield Thing("text"), 0
    else:
        if one.number == 1:
            yield Thing("dial"), 0
        else:
            yield Thing("left", one.screen_from), 0
        yield Thing("seen", one.page.screen), 0
        yield Thing("language", one.language), 0
        yield Thing("hop", "", _bound(one.millis)), round(one.millis)
        for edge in one.edges:
            yield Thing("edge", edge), 0
    for call in one.calls:
        yield Thing("took", call.verb, _bound(call.millis)), round(call.millis)
        if call.outcome == UNREACHABLE:
            yield Thing("failed", call.verb), 0


def _bound(millis: float) -> str:
    place = bisect_left(BOUNDS, millis)
    return str(BOUNDS[place]) if place < len(BOUNDS) else OVER


def add(
    connection: Connection, numbers: Counts, amounts: Mapping[tuple[datetime, Thing], int] | None = None
) -> None:
    """Add to what is there, of the hours and of their days."""
    sums: dict[tuple[str, datetime, Thing], list[int]] = {}
    for (hour, thing), number in numbers.items():
        day = clock.day_start(hour.astimezone(clock.PAKISTAN).date())
        for key in ((HOUR, hour, thing), (DAY, day, thing)):
            row = sums.setdefault(key, [0, 0])
            row[0] += number
            row[1] += (amounts or {}).get((hour, thing), 0)
    # In order of the key, so that two workers wait for each other instead of locking each other out.
    rows = [
        {
            "grain": grain,
            "since": since,
            "fact": thing.fact,
            "name": thing.name[:160],
            "part": thing.part[:60],
            "number": number,
            "amount": amount,
        }
        for (grain, since, thing), (number, amount) in sorted(sums.items(), key=lambda item: item[0])
    ]
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)


def _adding(dialect: str) -> Any:
    new = INSERTS[dialect](tally)
    return new.on_conflict_do_update(
        index_elements=list(tally.primary_key.columns),
        set_={name: tally.c[name] + new.excluded[name] for name in ("number", "amount")},
    )


_ADD = {dialect: _adding(dialect) for dialect in INSERTS}
