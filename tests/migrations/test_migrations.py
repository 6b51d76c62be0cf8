import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

import gateway.core.embedded.tables
import gateway.journal.tables
import gateway.messages.tables
import gateway.staff.tables  # noqa: F401
from gateway import migrations
from gateway.db import Database, metadata
from tests.parts.databases import postgres_empty

A_PERSON = (
    "INSERT INTO province VALUES ('p', 'P')",
    "INSERT INTO district VALUES ('d', 'p', 'D', NULL)",
    "INSERT INTO tehsil VALUES ('t', 'd', 'T')",
    "INSERT INTO programme (code, name, period) VALUES ('kafaalat', 'Kafaalat', 'quarter')",
    "INSERT INTO household (id, nser_key, tehsil, size, survey_status) VALUES (1, 'k', 't', 1, 'surveyed')",
    (
        "INSERT INTO person (id, household, cnic_key, name_sealed, sex, relation, marital_status, disability, alive) "
        "VALUES (1, 1, 'c', 'n', 'F', 'head', 'widowed', false, true)"
    ),
)


def test_the_migrated_schema_is_the_one_the_code_declares(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_checks_and_names_are_those_of_the_code(database):
    found = inspect(database.engine)
    for table in metadata.sorted_tables:
        declared = {check.name for check in table.constraints if type(check).__name__ == "CheckConstraint"}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == declared


def test_says_what_is_behind(tmp_path):
    url = f"sqlite:///{tmp_path / 'new' / 'gateway.db'}"
    migrations.upgrade(url, "0001_core")
    database = Database(url)
    assert migrations.behind(database)[-1] == migrations.newest()
    assert "0001_core" not in migrations.behind(database)
    migrations.upgrade(url)
    assert migrations.behind(database) == ()
    with database.reading() as connection:
        assert migrations.current(connection) == migrations.newest()
    database.close()


def test_an_empty_database_lacks_everything(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert migrations.behind(database)[0] == "0001_core"
    database.close()


def test_a_newer_releases_database_lacks_nothing(sqlite_database):
    with sqlite_database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    assert migrations.behind(sqlite_database) == ()


def test_running_twice_changes_nothing(database):
    migrations.upgrade(database.url)
    assert migrations.behind(database) == ()


def test_two_that_start_together_both_go_on(tmp_path):
    url, failures = f"sqlite:///{tmp_path / 'gateway.db'}", []

    def start():
        try:
            migrations.upgrade(url)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_failed_migration_leaves_nothing_behind(tmp_path):
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE instalment (id INTEGER)"))
    with pytest.raises(DBAPIError):
        migrations.upgrade(url)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["instalment"]
    database.close()


@pytest.mark.parametrize("table", ["decision", "instalment_event"])
def test_a_decision_and_a_move_once_written_stay(database, person, table):
    writes = {
        "decision": "INSERT INTO decision (person, programme, outcome, reasons, rule_version, at) "
        "VALUES (:person, 'kafaalat', 'enrolled', '[]', 'v', '2026-01-01 00:00:00')",
        "instalment_event": "INSERT INTO instalment_event (instalment, state, moved_on, source, recorded_at) "
        "VALUES (1, 'GENERATED', '2026-01-01', 'test', '2026-01-01 00:00:00')",
    }
    column = {"decision": "outcome", "instalment_event": "state"}[table]
    with database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO instalment (id, person, programme, period, amount, state, moved_on) "
                "VALUES (1, :person, 'kafaalat', '2026Q1', 1, 'GENERATED', '2026-01-01')"
            ),
            {"person": person},
        )
        connection.execute(text(writes[table]), {"person": person} if ":person" in writes[table] else {})
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = 'other'"))  # noqa: S608 - a table of this test


@pytest.fixture
def person(database) -> int:
    with database.writing() as connection:
        for statement in A_PERSON:
            connection.execute(text(statement))
    return 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_instalments_and_their_events_outlive_a_child_column(request, tmp_path, kind):
    if kind == "sqlite":
        _keeps_instalments(f"sqlite:///{tmp_path / 'gateway.db'}")
    else:
        with postgres_empty(request.getfixturevalue("postgres_url")) as url:
            _keeps_instalments(url)


def _keeps_instalments(url):
    migrations.upgrade(url, "0004_requests")
    database = Database(url)
    with database.writing() as connection:
        for statement in (
            *A_PERSON,
            (
                "INSERT INTO instalment (id, person, programme, period, amount, state, moved_on) "
                "VALUES (7, 1, 'kafaalat', '2026Q1', 13500, 'GENERATED', '2026-01-01')"
            ),
            (
                "INSERT INTO instalment_event (id, instalment, state, moved_on, source, recorded_at) "
                "VALUES (9, 7, 'GENERATED', '2026-01-01', 'test', '2026-01-01 00:00:00')"
            ),
        ):
            connection.execute(text(statement))
    migrations.upgrade(url)
    with database.reading() as connection:
        instalment = connection.execute(text("SELECT id, amount, kind, child FROM instalment")).one()
        event = connection.execute(text("SELECT id, instalment, state FROM instalment_event")).one()
    assert (tuple(instalment), tuple(event)) == ((7, 13500, "regular", None), (9, 7, "GENERATED"))
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text("UPDATE instalment_event SET state = 'HELD'"))
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(text("DELETE FROM instalment WHERE id = 7"))  # its event still points at it
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgres_empty(request.getfixturevalue("postgres_url")) as url:
        yield url


def test_programmes_keep_what_refers_to_them_when_their_periods_widen(empty_url):
    migrations.upgrade(empty_url, "0004_requests")
    database = Database(empty_url)
    with database.writing() as connection:
        connection.execute(
            text("INSERT INTO programme (code, name, period) VALUES ('kafaalat', 'K', 'quarter')")
        )
        connection.execute(
            text(
                "INSERT INTO benefit_rate (programme, amount, valid_from) VALUES ('kafaalat', 13500, '2025-01-01')"
            )
        )
    migrations.upgrade(empty_url)
    with database.writing() as connection:
        rate = connection.execute(text("SELECT programme, sex, province, amount FROM benefit_rate")).one()
        assert tuple(rate) == ("kafaalat", "", "", 13500)
        assert connection.scalar(text("SELECT name FROM programme")) == "K"
        connection.execute(text("INSERT INTO programme (code, name, period) VALUES ('sehat', 'S', 'year')"))
    for refused in (
        "INSERT INTO programme (code, name, period) VALUES ('other', 'O', 'month')",
        "INSERT INTO benefit_rate (programme, amount, valid_from) VALUES ('ghost', 1, '2025-01-01')",
        "DELETE FROM programme WHERE code = 'kafaalat'",
    ):
        with pytest.raises(DBAPIError), database.writing() as connection:
            connection.execute(text(refused))
    database.close()
