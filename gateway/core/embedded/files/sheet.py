"""A CSV file as staff give it, read row by row; every fault is kept with its line and column, and read past."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol

from gateway.core.embedded.files.fields import Field
from gateway.core.embedded.files.quoted import is_personal
from gateway.errors import FileFault

# Called with the file's name, the bytes read so far and the bytes it holds.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A sound row: the line it begins on, and its values by column."""

    line: int
    values: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


class Given(Protocol):
    """Rows as somebody gave them, whatever they came in: the sound ones, and where the faults of the others go."""

    def fault(self, line: int, column: str, what: str) -> None: ...
    def batches(self) -> Iterator[list[Row]]: ...


def read_row(
    fields: Iterable[Field], given: Mapping[str, str], today: date, fault: Callable[[str, str], None]
) -> dict[str, Any]:
    """The values of a row's cells. What is wrong with a column goes to `fault`, and that column has no value then."""
    values: dict[str, Any] = {}
    for field in fields:
        cell = given.get(field.name, "").strip()
        try:
            values[field.name] = field.read(cell, today) if cell else _blank(field)
        except ValueError as error:
            fault(field.name, str(error))
    return values


class Sheet:
    """One CSV file (UTF-8, comma, a header) against its fields.

    uniques     sets of columns that together may not repeat within the file (unless all of them are blank)
    today       the day that relative days count from
    """

    def __init__(
        self,
        path: Path,
        fields: Sequence[Field],
        today: date,
        uniques: Sequence[tuple[str, ...]] = (),
        progress: Progress | None = None,
    ) -> None:
        self._path = path
        self._fields = {field.name: field for field in fields}
        self._today = today
        self._uniques = uniques
        self._progress = progress
        self._seen: dict[int, int] = {}  # hash of unique values -> line
        self.faults: list[str] = []

    @property
    def name(self) -> str:
        return self._path.name

    def fault(self, line: int, column: str, what: str) -> None:
        """Keep a fault: `persons.csv:12: sex: is missing`."""
        place = f"{column}: " if column else ""
        self.faults.append(f"{self.name}:{line}: {place}{what}")

    def settle(self) -> None:
        """Raises FileFault with all that was found wrong; nothing, if nothing was."""
        if self.faults:
            raise FileFault(self.faults)

    def batches(self, size: int = 2000) -> Iterator[list[Row]]:
        """The sound rows, so many at a time."""
        batch: list[Row] = []
        for row in self.rows():
            batch.append(row)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch

    def rows(self) -> Iterator[Row]:
        """The sound rows in the file's order; the others are in `faults` afterwards."""
        line = 0
        try:
            with self._path.open("rb") as raw:
                total = self._path.stat().st_size
                reader = csv.reader(TextIOWrapper(raw, encoding="utf-8-sig", newline=""), strict=True)
                try:
                    yield from self._rows(reader, lambda: self._report(raw.tell(), total))
                finally:
                    line = reader.line_num
                self._report(total, total)
        except OSError as error:
            self.fault(1, "", f"cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self.fault(_undecodable_line(self._path), "", "is not UTF-8")
        except csv.Error as error:
            self.fault(line, "", f"is no CSV: {error}")

    def _rows(self, reader: Any, report: Callable[[], None]) -> Iterator[Row]:
        header = self._header(next(reader, None))
        if header is None:
            return
        begins = reader.line_num + 1
        for number, cells in enumerate(reader, start=1):
            line, begins = begins, reader.line_num + 1
            if not cells:
                continue
            if len(cells) != len(header):
                self.fault(line, "", f"has {len(cells)} cells, the header {len(header)}")
                continue
            row = self._row(line, header, cells)
            if row is not None:
                yield row
            if number % 1000 == 0:
                report()

    def _header(self, cells: list[str] | None) -> list[str] | None:
        if cells is None:
            self.fault(1, "", "is empty: not even a header")
            return None
        header = [cell.strip() for cell in cells]
        if any(is_personal(cell) and cell not in self._fields for cell in header):
            self.fault(1, "", f"is no header but a row of values: the columns are {', '.join(self._fields)}")
            return None
        before = len(self.faults)
        for column in dict.fromkeys(header):
            if column not in self._fields:
                self.fault(1, column[:40], f"is no column of this file ({', '.join(self._fields)})")
            elif header.count(column) > 1:
                self.fault(1, column, "stands twice in the header")
        for name, field in self._fields.items():
            if name not in header and field.blank is ...:
                self.fault(1, name, "is missing in the header")
        return header if len(self.faults) == before else None

    def _row(self, line: int, header: list[str], cells: list[str]) -> Row | None:
        given = dict(zip(header, cells, strict=True))
        before = len(self.faults)
        values = read_row(
            self._fields.values(), given, self._today, lambda column, what: self.fault(line, column, what)
        )
        if len(self.faults) > before or not self._first_time(line, values):
            return None
        return Row(line, values)

    def _first_time(self, line: int, values: dict[str, Any]) -> bool:
        before = len(self.faults)
        for columns in self._uniques:
            found = tuple(values[name] for name in columns)
            if not any(found):
                continue
            # Only the hash is kept: a file may hold millions of rows.
            first = self._seen.setdefault(hash((columns, found)), line)
            if first != line:
                self.fault(line, "+".join(columns), f"stands on line {first} already")
        return len(self.faults) == before

    def _report(self, read: int, total: int) -> None:
        if self._progress is not None:
            self._progress(self.name, read, total)


def _blank(field: Field) -> Any:
    if field.blank is ...:
        raise ValueError("is missing")
    return field.blank() if callable(field.blank) else field.blank


def _undecodable_line(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
