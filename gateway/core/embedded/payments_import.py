"""`gateway payments import`: a file of instalments that reached a state, taken whole or not at all.

A row that was taken before changes nothing, so a file may be given twice, or grow and be given again.
"""

from dataclasses import dataclass
from pathlib import Path

from gateway import clock
from gateway.core.embedded import moves
from gateway.core.embedded.files.payments import FIELDS, PaymentRows
from gateway.core.embedded.files.sheet import Progress, Sheet
from gateway.core.embedded.payments_taken import Taking
from gateway.core.embedded.programmes import Programmes
from gateway.core.port import Announcer
from gateway.db import Database
from gateway.privacy import Vault


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: rows read, moves made, rows that were known already, instalments announced."""

    rows: int
    moved: int
    unchanged: int
    announced: int


@dataclass(frozen=True)
class PaymentsImport:
    """Takes payments files into the database, and tells the announcer of fresh moves within the same transaction."""

    database: Database
    vault: Vault
    programmes: Programmes
    announcer: Announcer

    def take(self, path: Path, progress: Progress | None = None) -> Imported:
        """Take one file. Raises FileFault with every fault found, and then nothing was taken.

        Reading and looking up come before the transaction, so that it keeps other writers waiting as short as can be.
        """
        sheet = Sheet(path, FIELDS, clock.today(), progress=progress)
        with self.database.reading() as connection:
            rows = PaymentRows(connection, self.vault, self.programmes, sheet)
            reported = list(rows.read())
        sheet.settle()
        with self.database.writing() as connection:
            moves.hold(connection)
            taking = Taking(connection, reported)
            moved = sum(taking.apply(sheet))
            sheet.settle()
            for written in taking.write(f"file {path.name}"):
                if progress is not None:
                    progress(f"{path.name}, writing", written, moved)
            announced = taking.announce(self.announcer, self.vault, self.programmes, rows.places)
        return Imported(len(reported), moved, len(reported) - moved, announced)
