"""One file being taken in: where its rows go, whom they name, and what each kind of file declares."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from gateway.core.embedded.files.ahead import Ahead
from gateway.core.embedded.files.fields import Field
from gateway.core.embedded.files.merge import AT_ONCE, Tally, merge, numbers_under
from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Row, Sheet
from gateway.core.embedded.tables import household, person
from gateway.privacy import Vault


@dataclass
class Work:
    """The transaction of one file."""

    connection: Connection
    vault: Vault
    sheet: Sheet
    ahead: Ahead
    _codes: dict[str, frozenset[str]] = field(default_factory=dict)

    def merge(self, table: Table, key: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> Tally:
        return merge(self.connection, self.ahead, table, key, rows)

    def naming(self, rows: Sequence[Row], column: str, table: Table) -> list[Row]:
        """The rows whose column names a row of the table by its code (or nothing); the others are faults."""
        if table.name not in self._codes:
            self._codes[table.name] = frozenset(self.connection.scalars(select(table.c.code)))
        known, sound = self._codes[table.name], []
        for row in rows:
            given = row[column]
            unknown = [
                each for each in (given if isinstance(given, list) else [given]) if each and each not in known
            ]
            for each in unknown:
                self.sheet.fault(
                    row.line, column, f"{quoted(each)} is no {table.name.replace('_', ' ')} that is known"
                )
            if not unknown:
                sound.append(row)
        return sound

    def of_persons(self, rows: Sequence[Row], column: str = "cnic") -> list[tuple[Row, int]]:
        """Each row with the number of the person whose CNIC (or B-form) it has; those of nobody are faults."""
        given = [row[column] for row in rows]
        found = self.persons(given, "bform_key") | self.persons(given, "cnic_key")
        return self._paired(rows, column, found, "is of nobody in the registry")

    def of_households(self, rows: Sequence[Row]) -> list[tuple[Row, int]]:
        """Each row with the number of its household; those of none are faults."""
        found = self.households([row["household"] for row in rows])
        return self._paired(rows, "household", found, "is no household of the registry")

    def persons(self, numbers: Sequence[str], column: str = "cnic_key") -> dict[str, int]:
        """CNIC (or B-form) -> person, of those who are known."""
        return numbers_under(self.connection, person, column, numbers, self.vault.cnic_keys)

    def households(self, references: Sequence[str]) -> dict[str, int]:
        """NSER reference -> household, of those that are known."""
        return numbers_under(self.connection, household, "nser_key", references, self.vault.ref_keys)

    def found(self, statement: Any, values: Iterable[Any]) -> Iterator[Any]:
        """What a statement finds for its bound `values`, asked in parts that a statement can hold."""
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), AT_ONCE):
            yield from self.connection.execute(statement, {"values": wanted[start : start + AT_ONCE]})

    def _paired(
        self, rows: Sequence[Row], column: str, found: dict[str, int], otherwise: str
    ) -> list[tuple[Row, int]]:
        paired = []
        for row in rows:
            if row[column] in found:
                paired.append((row, found[row[column]]))
            else:
                self.sheet.fault(row.line, column, otherwise)
        return paired


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file of the registry: its name, columns, columns that may not repeat, and how a batch of rows is taken.

    sealed      columns whose values are stored sealed
    prepare     makes what else takes long, with what is stored by then; the transaction may find it changed
    whole       finds the faults of all rows together, once they are taken
    """

    name: str
    fields: tuple[Field, ...]
    uniques: tuple[tuple[str, ...], ...]
    take: Callable[[Work, list[Row]], Tally]
    sealed: tuple[str, ...] = ()
    prepare: Callable[[Connection, Vault, Ahead, list[Row]], None] | None = None
    whole: Callable[[Work, list[Row]], None] | None = None
