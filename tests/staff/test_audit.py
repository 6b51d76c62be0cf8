"""The audit: nothing changed, taken out or slipped in goes unseen, whoever writes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.staff.audit import Audit
from tests.parts.gateway import DAY

SLIPPED_IN = (
    "INSERT INTO audit (id, at, actor, act, subject, detail, previous, hash) "
    "VALUES (5, '2026-01-01 00:00:00', 'staff:1', 'x', 'y', '{}', 'p', 'h')"
)


@pytest.fixture
def audit(database):
    return Audit(database)


def write(audit, count):
    for number in range(1, count + 1):
        audit.record("staff:1", "caller_opened", f"person:{number}", why="she rang", step=number)


@pytest.fixture
def tamper(database):
    """A function: what somebody with all rights on the database can do, past the triggers."""

    def tamper(statement):
        with database.writing() as connection:
            if database.dialect == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                for act in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{act}"))
            connection.execute(text(statement))

    return tamper


def test_an_untouched_chain_holds(audit):
    assert audit.verify().rows == 0
    write(audit, 3)
    verdict = audit.verify()
    assert (verdict.rows, verdict.broken, len(verdict.newest)) == (3, None, 64)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET actor = 'staff:2' WHERE id = 2", 2),
        ("UPDATE audit SET act = 'nothing' WHERE id = 1", 1),
        ("UPDATE audit SET subject = 'person:9' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE id = 4", 4),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE id = 2", 2),
        ("UPDATE audit SET hash = previous WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 3", 3),
        (SLIPPED_IN, 5),
    ],
)
def test_the_first_row_that_does_not_hold_is_named(audit, tamper, statement, broken):
    write(audit, 4)
    tamper(statement)
    assert audit.verify().broken == broken


def test_rows_cut_off_at_the_end_are_seen_by_who_noted_the_newest(audit, tamper):
    write(audit, 4)
    noted = audit.verify()
    tamper("DELETE FROM audit WHERE id = 4")
    assert audit.verify().broken is None
    assert audit.verify((noted.rows, noted.newest)).broken == 4
    write(audit, 1)
    assert audit.verify((noted.rows, noted.newest)).broken == 4, "another row in its place is another row"


@pytest.mark.parametrize("statement", ["UPDATE audit SET act = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_database_itself_refuses_changes(audit, database, statement):
    write(audit, 1)
    if statement.startswith("TRUNCATE") and database.dialect == "sqlite":
        statement = "DELETE FROM audit WHERE id = 1"  # SQLite has no other word for it
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text(statement))
    assert audit.verify().rows == 1


def test_many_writers_at_once_make_one_chain(audit):
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: write(audit, 5), range(8)))
    verdict = audit.verify()
    assert (verdict.rows, verdict.broken) == (40, None)


def test_what_is_undone_is_not_written(audit, database):
    connection = database.engine.connect()
    audit.record("staff:1", "case_closed", "case:1", connection)
    connection.rollback()
    connection.close()
    assert audit.verify().rows == 0


@pytest.mark.parametrize("number", ["35202-1234501-2", "3520212345012", "+923001234501", "0300-1234501"])
def test_no_number_of_a_person_gets_in(audit, database, number):
    audit.record(
        "staff:1", "reveal_asked", f"phone:{number}", reason=f"she says {number} is hers", list=[number]
    )
    with database.reading() as connection:
        row = connection.exec_driver_sql("SELECT subject, detail FROM audit").one()
    assert number not in "".join(row)
    assert audit.verify().broken is None


def test_filters_and_paging(audit):
    with time_machine.travel(DAY, tick=False) as clock:
        for day in range(4):
            audit.record(f"staff:{day % 2}", "replayed" if day < 2 else "found", f"person:{day}", day=day)
            clock.shift(timedelta(days=1))

    def days(**filters):
        return [entry.detail["day"] for entry in audit.entries(**filters)]

    assert days() == [3, 2, 1, 0]
    assert days(actor="staff:1") == [3, 1]
    assert days(act="replayed") == [1, 0]
    assert days(subject="person:2") == [2]
    assert days(since=DAY + timedelta(days=1), until=DAY + timedelta(days=3)) == [2, 1]
    assert days(limit=2) == [3, 2]
    assert days(before=3, limit=2) == [1, 0]
