"""Tables whose rows stay as they were written; old ones may be deleted when their time has come."""

from alembic import op


def forbid_updates(table: str) -> None:
    """Refuse every UPDATE of a table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_append_only BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_update()'
    )


def allow_updates(table: str) -> None:
    """Take the refusal back."""
    on = f' ON "{table}"' if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {table}_append_only{on}")
