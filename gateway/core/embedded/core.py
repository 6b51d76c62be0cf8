"""The embedded core: the whole port on the gateway's own database, and what fills it from files."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Inspector, Table, inspect
from sqlalchemy.exc import OperationalError

from gateway.core.embedded import programme_rows
from gateway.core.embedded.accounts import EmbeddedAccounts
from gateway.core.embedded.applications import EmbeddedApplications
from gateway.core.embedded.bookings import EmbeddedBookings
from gateway.core.embedded.call_backs import EmbeddedCallBacks
from gateway.core.embedded.case_list import EmbeddedCaseList
from gateway.core.embedded.cases import EmbeddedCases
from gateway.core.embedded.casework import EmbeddedCasework
from gateway.core.embedded.categories import load_categories
from gateway.core.embedded.changes import EmbeddedChanges
from gateway.core.embedded.checks import load_checks
from gateway.core.embedded.consents import EmbeddedConsents
from gateway.core.embedded.courses import EmbeddedCourses
from gateway.core.embedded.desk import EmbeddedDesk
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.files.registry import FileTaken, import_registry
from gateway.core.embedded.files.sheet import Progress
from gateway.core.embedded.health import EmbeddedHealth
from gateway.core.embedded.links import EmbeddedLinks
from gateway.core.embedded.loans import EmbeddedLoans
from gateway.core.embedded.nutrition import EmbeddedNutrition
from gateway.core.embedded.pay_points import EmbeddedPayPoints
from gateway.core.embedded.payment_events import EmbeddedPaymentEvents
from gateway.core.embedded.payments import EmbeddedPayments
from gateway.core.embedded.payments_import import PaymentsImport
from gateway.core.embedded.pins import EmbeddedPins
from gateway.core.embedded.programmes import load_programmes
from gateway.core.embedded.registry import EmbeddedRegistry
from gateway.core.embedded.schools import EmbeddedSchools
from gateway.core.embedded.survey import EmbeddedSurveys
from gateway.core.embedded.survey_terms import load_survey_terms
from gateway.core.embedded.tables import benefit_rate, programme, rule_set
from gateway.core.embedded.totals import EmbeddedTotals
from gateway.core.embedded.tracking import EmbeddedTracking
from gateway.core.port import Announcer, Core, RequestAnnouncer, StaffAnnouncer, TextAnnouncer
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
    """`port.Core`, its imports, and what the API of other systems asks of it."""

    imports: Imports
    payment_events: EmbeddedPaymentEvents
    case_list: EmbeddedCaseList


class Announcers(Announcer, RequestAnnouncer, StaffAnnouncer, TextAnnouncer, Protocol):
    """Hears of everything that her phones are told of."""


def build(
    database: Database,
    vault: Vault,
    config: Path,
    announcer: Announcers,
    *,
    reported: Collection[str] | None = None,
) -> EmbeddedCore:
    """The core of this installation, its programmes read from `config` and stored.

    reported    categories of cases that callers can report: cases.yaml must hold these and no others
    Raises FileFault for a faulty file of `config`, CoreUnreachable for a database that does not answer. A database
    without its tables, or with older ones, is no error here: /readyz tells of it.
    """
    programmes = load_programmes(config / "programmes.yaml")
    categories = load_categories(config / "cases.yaml", reported)
    checks = load_checks(config / "checks.yaml")
    survey_terms = load_survey_terms(config / "survey.yaml")
    try:
        with database.reading() as connection:
            here = inspect(connection)
            ready = all(_stands(here, table) for table in (programme, rule_set, benefit_rate))
        if ready:
            with database.writing() as connection:
                programme_rows.store(connection, programmes)
    except OperationalError:
        raise CoreUnreachable("the database does not answer") from None
    directory = EmbeddedDirectory(database)
    eligibility = EmbeddedEligibility(database, vault, programmes, directory)
    payments = EmbeddedPayments(database, vault, programmes)
    applications = EmbeddedApplications(database, vault, programmes, eligibility, announcer)
    cases = EmbeddedCases(database, vault, categories, announcer)
    return EmbeddedCore(
        registry=EmbeddedRegistry(database, vault),
        pins=EmbeddedPins(database, vault),
        eligibility=eligibility,
        payments=payments,
        directory=directory,
        applications=applications,
        cases=cases,
        tracking=EmbeddedTracking(database, vault),
        surveys=EmbeddedSurveys(database, survey_terms, directory),
        bookings=EmbeddedBookings(database, vault, survey_terms, directory, announcer=announcer),
        changes=EmbeddedChanges(database, vault, announcer),
        accounts=EmbeddedAccounts(database),
        loans=EmbeddedLoans(database, programmes),
        health=EmbeddedHealth(database),
        schools=EmbeddedSchools(database, vault, programmes, eligibility, payments),
        nutrition=EmbeddedNutrition(database, vault, programmes, eligibility, payments),
        consents=EmbeddedConsents(database, vault),
        courses=EmbeddedCourses(database, directory, eligibility, applications),
        desk=EmbeddedDesk(database, vault, eligibility),
        casework=EmbeddedCasework(database, vault, categories, cases),
        call_backs=EmbeddedCallBacks(database, vault, announcer),
        links=EmbeddedLinks(database, vault, checks, announcer),
        pay_points=EmbeddedPayPoints(database),
        totals=EmbeddedTotals(database),
        imports=Imports(database, vault, PaymentsImport(database, vault, programmes, announcer)),
        payment_events=EmbeddedPaymentEvents(database, vault, programmes, announcer),
        case_list=EmbeddedCaseList(database, vault, categories),
    )


def _stands(here: Inspector, table: Table) -> bool:
    """Whether the database has a table with every column that this release knows."""
    if not here.has_table(table.name):
        return False
    return {column.name for column in table.c} <= {column["name"] for column in here.get_columns(table.name)}
