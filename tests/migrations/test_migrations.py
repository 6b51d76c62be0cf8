import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

import gateway.core.embedded.tables
import gateway.journal.tables
import gateway.messages.tables  # noqa: F401
from gateway import migrations
from gateway.db import Database, metadata


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
        for statement in (
            "INSERT INTO province VALUES ('p', 'P')",
            "INSERT INTO district VALUES ('d', 'p', 'D', NULL)",
            "INSERT INTO tehsil VALUES ('t', 'd', 'T')",
            "INSERT INTO programme (code, name, period) VALUES ('kafaalat', 'Kafaalat', 'quarter')",
            "INSERT INTO household (id, nser_key, tehsil, size, survey_status) VALUES (1, 'k', 't', 1, 'surveyed')",
            (
                "INSERT INTO person (id, household, cnic_key, name_sealed, sex, relation, marital_status, disability, alive) "
                "VALUES (1, 1, 'c', 'n', 'F', 'head', 'widowed', false, true)"
            ),
        ):
            connection.execute(text(statement))
    return 1
