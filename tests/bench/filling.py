"""Fills PostgreSQL with persons, phones, dials and turns by COPY, with the roll-ups that these turns would have left."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from rich.progress import Progress
from sqlalchemy import text
from werkzeug.test import Client

from gateway import clock
from gateway.db import Database
from gateway.journal import counting
from gateway.journal.ending import Ending
from gateway.journal.passed import ANSWERED
from gateway.journal.record import Recorded, pack_call
from gateway.services import Services
from tests.phone import Phone

_DAYS = 90
_WALKS = 40
_PERSON = (
    "id, household, cnic_key, cnic_sealed, cnic_last4, cnic_status, name_sealed, sex, relation, marital_status,"
    " disability, alive"
)
_BATCH = 2_000
_NULL = r"\N"
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_FIRST_CNIC = 35201_00000000
_INDEXES = ("ix_ussd_session_phone_key", "ix_ussd_session_last_at")


@dataclass(frozen=True)
class Filled:
    """What was put in: enough to ask for any of it."""

    persons: int
    sessions: int
    first_person: int

    def cnic(self, number: int) -> str:
        return f"{_FIRST_CNIC + number * 7:013d}"

    def phone(self, number: int) -> str:
        return f"+923{number:09d}"

    def session(self, number: int) -> str:
        # In no order, as an aggregator's are.
        return f"ATUid_{(number * 0x9E3779B97F4A7C15) & (2**64 - 1):016x}{number:016x}"


def fill(services: Services, client: Client, persons: int, turns: int, progress: Progress) -> Filled:
    """The demo registry must be in it. The same sizes fill the same."""
    database = services.database
    with database.reading() as connection:
        first = connection.execute(text("SELECT max(id) FROM person")).scalar_one() + 1
        tehsils = connection.execute(text("SELECT code FROM tehsil ORDER BY code")).scalars().all()
    walks = _walks(services, client)
    filled = Filled(persons, max(1, int(turns / (sum(map(len, walks)) / len(walks)))), first)
    _people(services, filled, tehsils, progress)
    _dials(services, filled, walks, progress)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
    return filled


def _people(services: Services, filled: Filled, tehsils: list[str], progress: Progress) -> None:
    """One household and one phone each."""
    vault, today = services.vault, clock.today()
    task = progress.add_task("persons", total=4 * filled.persons)
    numbers = range(filled.persons)
    first = filled.first_person

    def households() -> Iterator[str]:
        for number in numbers:
            yield _line(
                1_000_000 + number, vault.ref_key(f"bench-{number}"), tehsils[number % len(tehsils)], 4,
                "surveyed", today,
            )  # fmt: skip

    def persons() -> Iterator[str]:
        for number in numbers:
            cnic = filled.cnic(number)
            yield _line(
                first + number, 1_000_000 + number, vault.cnic_key(cnic), vault.seal(cnic), cnic[-4:], "valid",
                vault.seal("Bench"), "F", "head", "married", False, True,
            )  # fmt: skip

    def phones() -> Iterator[str]:
        for number in numbers:
            phone = filled.phone(number)
            yield _line(1_000_000 + number, vault.phone_key(phone), vault.seal(phone), "ur_Latn", False)

    def links() -> Iterator[str]:
        for number in numbers:
            yield _line(
                1_000_000 + number, 1_000_000 + number, first + number, "verified", "helpline", today, False
            )

    database = services.database
    for table, columns, rows in (
        ("household", "id, nser_key, tehsil, size, survey_status, surveyed_on", households()),
        (
            "person",
            _PERSON,
            persons(),
        ),
        ("phone", "id, phone_key, phone_sealed, language, opted_out", phones()),
        ("phone_link", "id, phone, person, status, verified_how, linked_on, details_by_sms", links()),
    ):
        _copy(
            database, f"COPY {table} ({columns}) FROM STDIN", rows, lambda done: progress.advance(task, done)
        )


def _dials(services: Services, filled: Filled, walks: list[list[Recorded]], progress: Progress) -> None:
    """Dials spread evenly over ninety days, each a copy of one of the walks, and the roll-ups of them all."""
    database = services.database
    start, spread = clock.now() - timedelta(days=_DAYS), _DAYS * 86_400
    task = progress.add_task("dials", total=filled.sessions)
    of_dial = sum(map(len, walks)) / len(walks)
    told = [[_line(*_said(turn)).rstrip("\n") for turn in walk] for walk in walks]
    hours: Counter[tuple[int, int]] = Counter()
    answers = services.book.answers
    outcomes = [
        ANSWERED if any(answers(each.turn.page) for each in walk) else Ending.LEFT.value for walk in walks
    ]
    keys = [services.vault.phone_key(filled.phone(number)) for number in range(filled.persons)]

    def at(number: int) -> float:
        return start.timestamp() + spread * number / filled.sessions

    def chosen(number: int) -> int:
        return (number * 2654435761 >> 7) % len(walks)

    def dials() -> Iterator[str]:
        for number in range(filled.sessions):
            walk = walks[chosen(number)]
            began, last = at(number), walk[-1].turn
            hours[int(began // 3600), chosen(number)] += 1
            yield _line(
                filled.session(number), keys[number % filled.persons], _iso(began), _iso(began + 9 * len(walk)), len(walk),
                last.language, last.page.screen, last.page.end, last.menu_version, "incomplete",
                outcomes[chosen(number)],
            )  # fmt: skip

    def turns() -> Iterator[str]:
        for number in range(filled.sessions):
            session, began = filled.session(number), at(number)
            for place, said in enumerate(told[chosen(number)]):
                yield f"{session}\t{place + 1}\t{_iso(began + 9 * place)}\t{said}\n"

    _without_indexes(database)
    _copy(
        database,
        "COPY ussd_session (id, phone_key, started_at, last_at, turns, language, screen, ended, menu_version, closed,"
        " outcome) FROM STDIN",
        dials(),
        lambda done: progress.advance(task, done / 2),
    )
    _copy(
        database,
        "COPY turn (session, number, at, screen_from, screen_to, edges, keys, text, ended, screen, language,"
        " trail_length, millis, calls, menu_version, owed, opening) FROM STDIN",
        turns(),
        lambda done: progress.advance(task, done / 2 / of_dial),
    )
    progress.update(task, completed=filled.sessions, description="dials, now their indexes")
    _with_indexes(database)
    _roll_up(database, walks, outcomes, hours)


def _roll_up(
    database: Database, walks: list[list[Recorded]], outcomes: list[str], hours: Counter[tuple[int, int]]
) -> None:
    """What `counting` says of each walk, as often as it was walked in each hour."""
    of_walk = [counting.of_turns(walk) for walk in walks]
    for (numbers, _), walk, outcome in zip(of_walk, walks, outcomes, strict=True):
        numbers[clock.hour_of(walk[0].at), counting.of_outcome(outcome)] += 1
    by_hour: dict[int, tuple[Counter, Counter]] = {}
    for (hour, walk), times in hours.items():
        numbers, amounts = by_hour.setdefault(hour, (Counter(), Counter()))
        for ours, theirs in ((numbers, of_walk[walk][0]), (amounts, of_walk[walk][1])):
            for (_, thing), number in theirs.items():
                ours[thing] += number * times
    for hour, (numbers, amounts) in by_hour.items():
        at = clock.hour_of(clock.now()) - timedelta(hours=int(clock.epoch() // 3600) - hour)
        with database.writing() as connection:
            counting.add(
                connection,
                Counter({(at, thing): number for thing, number in numbers.items()}),
                Counter({(at, thing): number for thing, number in amounts.items()}),
            )


def _walks(services: Services, client: Client) -> list[list[Recorded]]:
    """Dials of the demo's cast through the whole gateway, by chance, as the journal then has them."""
    rng = Random(4)
    sessions = []
    for number in range(_WALKS):
        phone = Phone(client, f"+9230012345{1 + number % 15:02d}")
        phone.dial()
        while not phone.ended and len(phone.trail) < 16:
            phone.send(rng.choice("12345600"))
        sessions.append(phone.session)
    while services.journal.drain():
        pass
    return [list(services.journal.turns(session)) for session in sessions]


def _said(recorded: Recorded) -> tuple[object, ...]:
    """The columns of a turn that do not depend on the dial."""
    turn, opening = recorded.turn, recorded.turn.opening
    return (
        turn.screen_from, turn.screen_to, json.dumps(turn.edges), turn.keys, turn.page.text, turn.page.end,
        turn.page.screen, turn.language, turn.trail_length, turn.millis,
        json.dumps([pack_call(call) for call in turn.calls]), turn.menu_version, None,
        json.dumps([opening.language, opening.resume, opening.screen]) if opening else None,
    )  # fmt: skip


def _line(*values: object) -> str:
    """A row in COPY's own text form."""
    return "\t".join(_NULL if value is None else str(value).translate(_ESCAPED) for value in values) + "\n"


def _copy(database: Database, statement: str, rows: Iterator[str], told: Callable[[int], None]) -> None:
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("SET statement_timeout = 0")
        with cursor.copy(statement) as copy:
            while batch := list(islice(rows, _BATCH)):
                copy.write("".join(batch))
                told(len(batch))
        connection.commit()
    finally:
        connection.close()


def _without_indexes(database: Database) -> None:
    """An index made at once is made many times quicker than one that grows."""
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE turn DROP CONSTRAINT pk_turn"))
        connection.execute(text("ALTER TABLE ussd_session DROP CONSTRAINT pk_ussd_session"))
        for name in _INDEXES:
            connection.execute(text(f"DROP INDEX {name}"))


def _with_indexes(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        connection.execute(text("ALTER TABLE turn ADD CONSTRAINT pk_turn PRIMARY KEY (session, number)"))
        connection.execute(text("ALTER TABLE ussd_session ADD CONSTRAINT pk_ussd_session PRIMARY KEY (id)"))
        connection.execute(text(f"CREATE INDEX {_INDEXES[0]} ON ussd_session (phone_key, last_at)"))
        connection.execute(text(f"CREATE INDEX {_INDEXES[1]} ON ussd_session (last_at)"))


def _iso(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat()
