"""The embedded core: the whole port on the gateway's own database, and what fills it from files."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from gateway.core.embedded import programme_rows
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.files.registry import FileTaken, import_registry
from gateway.core.embedded.files.sheet import Progress
from gateway.core.embedded.payments import EmbeddedPayments
from gateway.core.embedded.payments_import import PaymentsImport
from gateway.core.embedded.pins import EmbeddedPins
from gateway.core.embedded.programmes import load_programmes
from gateway.core.embedded.registry import EmbeddedRegistry
from gateway.core.port import Announcer, Core
from gateway.db import Database
from gateway.errors import CoreUnreachable
from gateway.privacy import Vault


@dataclass(frozen=True)
class Imports:
    """The files that staff give to an embedded core; a remote one is filled elsewhere."""

    database: Database
    vault: Vault
    payments: PaymentsImport

    def registry(
        self, folder: Path, *, allow_pins: bool, progress: Progress | None = None
    ) -> tuple[FileTaken, ...]:
        """See `files.registry.import_registry`."""
        return import_registry(folder, self.database, self.vault, allow_pins=allow_pins, progress=progress)


@dataclass(frozen=True)
class EmbeddedCore(Core):
    """`port.Core`, and its imports."""

    imports: Imports


def build(database: Database, vault: Vault, config: Path, announcer: Announcer) -> EmbeddedCore:
    """The core of this installation, its programmes read from `config` and stored.

    Raises FileFault for a faulty programmes.yaml, CoreUnreachable for a database that does not answer. A database
    without its tables is no error here: /readyz tells of it.
    """
    programmes = load_programmes(config / "programmes.yaml")
    try:
        with database.reading() as connection:
            migrated = inspect(connection).has_table("programme")
        if migrated:
            with database.writing() as connection:
                programme_rows.store(connection, programmes)
    except OperationalError:
        raise CoreUnreachable("the database does not answer") from None
    directory = EmbeddedDirectory(database)
    return EmbeddedCore(
        registry=EmbeddedRegistry(database, vault),
        pins=EmbeddedPins(database, vault),
        eligibility=EmbeddedEligibility(database, vault, programmes, directory),
        payments=EmbeddedPayments(database, programmes),
        directory=directory,
        imports=Imports(database, vault, PaymentsImport(database, vault, programmes, announcer)),
    )
