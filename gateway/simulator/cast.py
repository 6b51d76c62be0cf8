"""The people of the demo whom the page can call as."""

import csv
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("key", "name", "phone", "cnic", "pin", "hears")


@dataclass(frozen=True, slots=True)
class Caller:
    """One row of cast.csv; cnic and pin are empty where she has none."""

    key: str
    name: str
    phone: str
    cnic: str
    pin: str
    hears: str


def read(path: Path) -> tuple[Caller, ...]:
    """The cast in its order; lines that begin with `#` are remarks. Raises ValueError for a file that is no cast."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path}: the columns must be {','.join(COLUMNS)}")
        callers = tuple(Caller(**{name: (row[name] or "").strip() for name in COLUMNS}) for row in rows)
    if not callers:
        raise ValueError(f"{path}: nobody in it")
    return callers
