"""Insert a row unless its key is there already, in one statement on either database."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, *rows: dict[str, Any]) -> bool:
    """Add rows in the caller's transaction, leaving out those whose key exists. For one row: whether it is new."""
    if not rows:
        return False
    build = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added = connection.execute(
        build(table).on_conflict_do_nothing(),
        rows[0] if len(rows) == 1 else list(rows),
        execution_options={"preserve_rowcount": True},  # else it is known of updates alone
    )
    return added.rowcount == 1
