"""INSERT ... ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy keeps in two places."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(dialect: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing`, for `Database.dialect`."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
