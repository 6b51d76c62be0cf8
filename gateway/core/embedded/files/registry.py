"""`gateway registry import`: a folder of CSV files into the tables, each file whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

from gateway import clock
from gateway.core.embedded.files.ahead import Ahead
from gateway.core.embedded.files.benefits import ACCOUNTS, ENROLMENTS, EVENT_LISTINGS, EVENTS
from gateway.core.embedded.files.courses import COURSES
from gateway.core.embedded.files.health import CLAIMS, COVERAGES
from gateway.core.embedded.files.loans import LOANS, REPAYMENTS
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.nutrition import CLINIC_VISITS, NUTRITION_CASES
from gateway.core.embedded.files.people import HOUSEHOLDS, PERSONS, PROFILE_FLAGS, SCORES
from gateway.core.embedded.files.phones import phones_file
from gateway.core.embedded.files.places import DISTRICTS, FACILITIES, OFFICES, PAY_POINTS, PROVINCES, TEHSILS
from gateway.core.embedded.files.schools import ATTENDANCE, STUDENTS
from gateway.core.embedded.files.sheet import Progress, Row, Sheet
from gateway.core.embedded.files.work import FileKind, Work
from gateway.db import Database
from gateway.errors import FileFault
from gateway.privacy import Vault

# Files that may lie in the same folder and belong to others.
_NOT_OURS = frozenset({"payments.csv", "cast.csv"})


@dataclass(frozen=True, slots=True)
class FileTaken:
    """What came of one file."""

    name: str
    added: int
    changed: int
    same: int


def file_kinds(*, allow_pins: bool = False) -> tuple[FileKind, ...]:
    """Every file of a registry, in the order in which they are taken: each names only what came before it."""
    return (
        *(PROVINCES, DISTRICTS, TEHSILS, OFFICES, PAY_POINTS, FACILITIES),
        COURSES,
        *(HOUSEHOLDS, PERSONS, SCORES, PROFILE_FLAGS, phones_file(allow_pins=allow_pins)),
        *(ENROLMENTS, EVENTS, EVENT_LISTINGS, ACCOUNTS),
        *(LOANS, REPAYMENTS, COVERAGES, CLAIMS),
        *(STUDENTS, ATTENDANCE, NUTRITION_CASES, CLINIC_VISITS),
    )


def import_registry(
    folder: Path,
    database: Database,
    vault: Vault,
    *,
    allow_pins: bool,
    progress: Progress | None = None,
) -> tuple[FileTaken, ...]:
    """Take every file of a registry that the folder holds. Running it twice changes nothing.

    allow_pins      take PINs from phones.csv: for the demo alone
    Raises FileFault with every fault of the first file that has any; the files before it are taken, the rest is not.
    """
    kinds = file_kinds(allow_pins=allow_pins)
    _check_folder(folder, kinds)
    today = clock.today()
    return tuple(
        _take(Sheet(folder / kind.name, kind.fields, today, kind.uniques, progress), kind, database, vault)
        for kind in kinds
        if (folder / kind.name).exists()
    )


def _take(sheet: Sheet, kind: FileKind, database: Database, vault: Vault) -> FileTaken:
    # Reading, sealing and hashing come before the transaction, which on SQLite holds up every other writer.
    batches = list(sheet.batches())
    ahead = Ahead(vault)
    _prepare(ahead, batches, kind, database, vault)
    tally = Tally()
    with database.writing() as connection:
        work = Work(connection, vault, sheet, ahead)
        for batch in batches:
            tally += kind.take(work, batch)
        if kind.whole is not None:
            kind.whole(work, [row for batch in batches for row in batch])
        sheet.settle()
    return FileTaken(kind.name, tally.added, tally.changed, tally.same)


def _prepare(
    ahead: Ahead, batches: list[list[Row]], kind: FileKind, database: Database, vault: Vault
) -> None:
    for batch in batches:
        for row in batch:
            for column in kind.sealed:
                if row[column]:
                    ahead.stock(row[column])
        if kind.prepare is not None:
            with database.reading() as connection:
                kind.prepare(connection, vault, ahead, batch)


def _check_folder(folder: Path, kinds: tuple[FileKind, ...]) -> None:
    names = [kind.name for kind in kinds]
    if not folder.is_dir():
        raise FileFault([f"{folder}: is no folder"])
    found = {path.name for path in folder.glob("*.csv")}
    strange = sorted(found - set(names) - _NOT_OURS)
    if strange:
        raise FileFault([f"{name}: is no file of a registry ({', '.join(names)})" for name in strange])
    if not found & set(names):
        raise FileFault([f"{folder}: holds no file of a registry ({', '.join(names)})"])
