"""The roll-ups: read by boards, counted again where what they count can change, purged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select

from gateway import clock
from gateway.db import Database, Instant
from gateway.journal.counting import DAY, HOUR, INSERTS, Thing
from gateway.journal.tables import tally, tally_mark

KEEP_HOURS = timedelta(days=40)
KEEP_DAYS = timedelta(days=800)
# How long back a state may still change, or a long transaction may still bring something.
SETTLING = timedelta(days=3)
_HOUR = timedelta(hours=1)
_ROUND = 200  # hours counted again at once, while catching up


class Sum(NamedTuple):
    """amount: milliseconds or rupees, of what has them."""

    number: int
    amount: int


Count = Callable[[datetime, datetime], Mapping[Thing, Sum]]


@dataclass(frozen=True, slots=True)
class Source:
    """Something below or beside the journal that is counted again by the hour. facts: all that it may count."""

    name: str
    facts: tuple[str, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class Span:
    """A time that a board looks at: since when, of which rows, and by which rows its course is drawn."""

    name: str
    since: datetime
    grain: str
    course: str


SPANS = ("hour", "today", "week", "month")


def span(name: str) -> Span:
    """One of `SPANS`, up to now. Raises KeyError for another name."""
    today = clock.today()
    return {
        "hour": Span("hour", clock.hour_of(clock.now()) - _HOUR, HOUR, HOUR),
        "today": Span("today", clock.day_start(today), DAY, HOUR),
        "week": Span("week", clock.day_start(today - timedelta(days=6)), DAY, DAY),
        "month": Span("month", clock.day_start(today - timedelta(days=29)), DAY, DAY),
    }[name]


_SUMS = (
    select(
        tally.c.fact,
        tally.c.name,
        tally.c.part,
        func.sum(tally.c.number).label("number"),
        func.sum(tally.c.amount).label("amount"),
    )
    .where(tally.c.grain == bindparam("grain"), tally.c.since >= bindparam("since"))
    .group_by(tally.c.fact, tally.c.name, tally.c.part)
)
_COURSE = (
    select(tally.c.since, tally.c.fact, func.sum(tally.c.number).label("number"))
    .where(
        tally.c.grain == bindparam("grain"),
        tally.c.since >= bindparam("since"),
        tally.c.fact.in_(bindparam("facts", expanding=True)),
    )
    .group_by(tally.c.since, tally.c.fact)
    .order_by(tally.c.since)
)
_MARKS = select(tally_mark.c.source, tally_mark.c.counted_until)
_DROP = delete(tally).where(
    tally.c.grain == bindparam("which"),
    tally.c.since >= bindparam("start"),
    tally.c.since < bindparam("end"),
    tally.c.fact.in_(bindparam("facts", expanding=True)),
)
_SUM_DAY = insert(tally).from_select(
    [column.name for column in tally.columns],
    select(
        literal(DAY),
        bindparam("start", type_=Instant),
        tally.c.fact,
        tally.c.name,
        tally.c.part,
        func.sum(tally.c.number),
        func.sum(tally.c.amount),
    )
    .where(
        tally.c.grain == HOUR,
        tally.c.since >= bindparam("start", type_=Instant),
        tally.c.since < bindparam("end", type_=Instant),
        tally.c.fact.in_(bindparam("facts", expanding=True)),
    )
    .group_by(tally.c.fact, tally.c.name, tally.c.part),
)
_OLD = delete(tally).where(tally.c.grain == bindparam("which"), tally.c.since < bindparam("before"))


class Rollups:
    """Safe to share between threads; any number of workers may count at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sums(self, of: Span, *facts: str) -> dict[str, dict[tuple[str, str], Sum]]:
        """Fact -> (name, part) -> what it comes to; of all facts or of some. One statement."""
        asked = _SUMS.where(tally.c.fact.in_(facts)) if facts else _SUMS
        found: dict[str, dict[tuple[str, str], Sum]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(asked, {"grain": of.grain, "since": of.since}):
                found.setdefault(row.fact, {})[row.name, row.part] = Sum(int(row.number), int(row.amount))
        return found

    def course(self, of: Span, *facts: str) -> dict[datetime, dict[str, int]]:
        """Start of each hour or day of the span -> fact -> number; nothing left out. One statement."""
        step = _HOUR if of.course == HOUR else timedelta(days=1)
        course: dict[datetime, dict[str, int]] = {}
        at = of.since
        while at <= clock.now():
            course[at] = dict.fromkeys(facts, 0)
            at += step
        asked = {"grain": of.course, "since": of.since, "facts": list(facts)}
        with self._database.reading() as connection:
            for row in connection.execute(_COURSE, asked):
                course.setdefault(row.since, dict.fromkeys(facts, 0))[row.fact] = int(row.number)
        return course

    def catch_up(self, sources: Sequence[Source]) -> int:
        """Count from where each source was counted to up to now; hours still to come after this round's."""
        with self._database.reading() as connection:
            marks = {row.source: row.counted_until for row in connection.execute(_MARKS)}
        now, behind = clock.now(), 0
        for source in sources:
            start = clock.hour_of(max(marks.get(source.name, now - KEEP_HOURS), now - KEEP_HOURS))
            until = min(now, start + _ROUND * _HOUR)
            self._recount(source, start, until)
            behind += max(0, int((now - until) / _HOUR))
        return behind

    def settle(self, sources: Sequence[Source]) -> int:
        """Count the last days again, whose states have changed meanwhile; 0: it is done with one round."""
        now = clock.now()
        for source in sources:
            self._recount(source, clock.hour_of(now - SETTLING), now)
        return 0

    def purge(self) -> int:
        """Drop hours and days that no board shows; how many rows."""
        now = clock.now()
        with self._database.writing() as connection:
            return sum(
                connection.execute(_OLD, {"which": grain, "before": now - keep}).rowcount
                for grain, keep in ((HOUR, KEEP_HOURS), (DAY, KEEP_DAYS))
            )

    def _recount(self, source: Source, start: datetime, until: datetime) -> None:
        hours = []
        hour = start
        while hour < until:
            hours.append(hour)
            hour += _HOUR
        rows = [
            {"grain": HOUR, "since": hour, **thing._asdict(), **found._asdict()}
            for hour in hours
            for thing, found in source.count(hour, hour + _HOUR).items()
        ]
        if not hours:
            return
        with self._database.writing() as connection:
            # Also the lock: two workers that count the same hours come one after the other.
            connection.execute(
                _MARK[connection.dialect.name], {"source": source.name, "counted_until": until}
            )
            facts = list(source.facts)
            _drop(connection, HOUR, hours[0], hour, facts)
            if rows:
                connection.execute(insert(tally), rows)
            for day in sorted({each.astimezone(clock.PAKISTAN).date() for each in hours}):
                _sum_day(connection, day, facts)


def _drop(connection: Connection, grain: str, start: datetime, end: datetime, facts: list[str]) -> None:
    connection.execute(_DROP, {"which": grain, "start": start, "end": end, "facts": facts})


def _sum_day(connection: Connection, day: date, facts: list[str]) -> None:
    start = clock.day_start(day)
    end = start + timedelta(days=1)
    _drop(connection, DAY, start, end, facts)
    connection.execute(_SUM_DAY, {"start": start, "end": end, "facts": facts})


def _marking(dialect: str) -> Any:
    new = INSERTS[dialect](tally_mark)
    later = func.max if dialect == "sqlite" else func.greatest
    return new.on_conflict_do_update(
        index_elements=[tally_mark.c.source],
        set_={"counted_until": later(tally_mark.c.counted_until, new.excluded.counted_until)},
    )


_MARK = {dialect: _marking(dialect) for dialect in INSERTS}
