"""What people ask for, on a database with a few people: every register, and what was told of each move."""

import threading
from pathlib import Path

from gateway.core.embedded import programme_rows
from gateway.core.embedded.applications import EmbeddedApplications
from gateway.core.embedded.bookings import EmbeddedBookings
from gateway.core.embedded.cases import EmbeddedCases
from gateway.core.embedded.categories import load_categories
from gateway.core.embedded.changes import EmbeddedChanges
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.programmes import load_programmes
from gateway.core.embedded.survey import EmbeddedSurveys
from gateway.core.embedded.survey_terms import load_survey_terms
from gateway.core.embedded.tracking import EmbeddedTracking
from gateway.privacy import Vault
from tests.core.people import LAHORE, SUKKUR, VAULT, settle, settle_places

HERS, THEIRS = "+923001234501", "+923009999999"


class Listener:
    """Writes what it hears into the transaction, as the outbox does."""

    def __init__(self):
        self.heard, self.texts = [], []

    def asked_moved(self, connection, moves):
        assert connection.in_transaction()
        self.heard.extend(moves)

    def text_given(self, connection, phone, text, *, key, subject):
        assert connection.in_transaction()
        self.texts.append((phone, text.name, key, subject))


class Asking:
    """Two women of two districts, `her` with a phone, `other` without."""

    def __init__(self, database, vault: Vault = VAULT):
        self.database, self.listener = database, Listener()
        programmes = load_programmes(Path("config/programmes.yaml"))
        with database.writing() as connection:
            settle_places(connection)
            programme_rows.store(connection, programmes)
            self.her = settle(connection, phones=(HERS,)).id
            self.other = settle(connection, SUKKUR, tehsil="rohri").id
        directory = EmbeddedDirectory(database)
        eligibility = EmbeddedEligibility(database, vault, programmes, directory)
        terms = load_survey_terms(Path("config/survey.yaml"))
        self.applications = EmbeddedApplications(database, vault, programmes, eligibility, self.listener)
        self.cases = self.cases_under(vault)
        self.surveys = EmbeddedSurveys(database, terms, directory)
        self.bookings = EmbeddedBookings(database, vault, terms, directory, announcer=self.listener)
        self.changes = EmbeddedChanges(database, vault, self.listener)
        self.tracking = EmbeddedTracking(database, vault)

    def cases_under(self, vault: Vault) -> EmbeddedCases:
        return EmbeddedCases(self.database, vault, load_categories(Path("config/cases.yaml")), self.listener)


def at_once(number, do):
    """Call `do(n)` in so many threads at the same moment; what each gave. Raises what one raised."""
    start, given, broke = threading.Barrier(number), [], []

    def run(n):
        start.wait()
        try:
            given.append(do(n))
        except Exception as error:  # noqa: BLE001 - told to the test
            broke.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broke:
        raise broke[0]
    return given


__all__ = ["HERS", "LAHORE", "SUKKUR", "THEIRS", "Asking", "at_once"]
