"""Rows of a file into a table: new ones added, different ones changed, equal ones left alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Table, and_, bindparam, insert, select, tuple_, update

from gateway.core.embedded.files.ahead import Ahead
from gateway.privacy import Vault

# SQLite takes 32,766 values in a statement, PostgreSQL 65,535.
AT_ONCE = 4000


@dataclass(slots=True)
class Tally:
    """What came of a file's rows."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def __iadd__(self, other: "Tally") -> Self:
        self.added += other.added
        self.changed += other.changed
        self.same += other.same
        return self


def merge(
    connection: Connection,
    ahead: Ahead,
    table: Table,
    key: tuple[str, ...],
    rows: Sequence[dict[str, Any]],
) -> Tally:
    """Make the table hold these rows, known by their key columns; columns that a row lacks are left alone.

    All rows have the same columns. A `_sealed` column is given as plain text and compared so, since no two seals are
    alike.
    """
    if not rows:
        return Tally()
    columns = [name for name in rows[0] if name not in key]
    known = _known(connection, table, key, columns, rows)
    added, changed = [], []
    for row in rows:
        before = known.get(tuple(row[name] for name in key))
        if before is None:
            added.append(_sealed(row, columns, ahead))
        elif different := {
            name: row[name]
            for name in columns
            if not _equal(name, row[name], getattr(before, name), ahead.vault)
        }:
            changed.append(({f"key_{name}": row[name] for name in key}, _sealed(different, different, ahead)))
    if added:
        connection.execute(insert(table), added)
    for where, values in changed:
        matches = and_(*(table.c[name] == bindparam(f"key_{name}") for name in key))
        connection.execute(update(table).where(matches).values(values), where)
    return Tally(len(added), len(changed), len(rows) - len(added) - len(changed))


def numbers_of(
    connection: Connection, table: Table, column: str, values: Sequence[Any], named: str = "id"
) -> dict[Any, Any]:
    """Value of a unique column -> number of its row, of those values that the table holds."""
    found: dict[Any, Any] = {}
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), AT_ONCE):
        statement = select(table.c[column], table.c[named]).where(
            table.c[column].in_(wanted[start : start + AT_ONCE])
        )
        found.update(connection.execute(statement).all())
    return found


def numbers_under(
    connection: Connection,
    table: Table,
    column: str,
    plain: Sequence[str],
    keys: Callable[[str], tuple[str, ...]],
) -> dict[str, Any]:
    """Plain value -> number of its row, where the column holds its look-up value under any key of the vault."""
    under = {key: value for value in plain for key in keys(value)}
    return {under[key]: number for key, number in numbers_of(connection, table, column, list(under)).items()}


def _known(
    connection: Connection,
    table: Table,
    key: tuple[str, ...],
    columns: list[str],
    rows: Sequence[dict[str, Any]],
) -> dict[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Any] = {}
    wanted = [table.c[name] for name in (*key, *columns)]
    at_once = AT_ONCE // len(key)
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        if len(key) == 1:
            matches = table.c[key[0]].in_([row[key[0]] for row in part])
        else:
            matches = tuple_(*(table.c[name] for name in key)).in_(
                [tuple(row[name] for name in key) for row in part]
            )
        for row in connection.execute(select(*wanted).where(matches)):
            found[tuple(getattr(row, name) for name in key)] = row
    return found


def _equal(name: str, given: Any, before: Any, vault: Vault) -> bool:
    if name.endswith("_sealed") and before is not None:
        return given is not None and vault.open(before) == given
    return bool(given == before)


def _sealed(row: dict[str, Any], columns: Any, ahead: Ahead) -> dict[str, Any]:
    sealed = {name for name in columns if name.endswith("_sealed") and row[name] is not None}
    return {name: ahead.seal(value) if name in sealed else value for name, value in row.items()}
