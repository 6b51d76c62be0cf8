"""When a household was surveyed, and from which day it may be surveyed again."""

from sqlalchemy import Connection, bindparam, select

from gateway import clock
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.survey_terms import SurveyTerms
from gateway.core.embedded.tables import household, person
from gateway.core.port import Survey
from gateway.db import Database

_HERS = (
    select(
        household.c.survey_status,
        household.c.surveyed_on,
        household.c.next_survey_on,
        household.c.resurvey_by,
    )
    .select_from(person.join(household, household.c.id == person.c.household))
    .where(person.c.id == bindparam("person"))
)


def survey_of(connection: Connection, terms: SurveyTerms, person_id: int) -> Survey:
    """The survey of her household, without its office. Raises LookupError."""
    row = connection.execute(_HERS, {"person": person_id}).first()
    if row is None:
        raise LookupError("no such person")
    next_on = row.next_survey_on or (row.surveyed_on and terms.repeat_on(row.surveyed_on))
    if row.survey_status == "not_surveyed" or row.resurvey_by is not None:
        next_on = None  # nothing to repeat; or it was NSER that asked
    may_repeat = next_on is None or clock.today() >= next_on
    return Survey(row.survey_status, row.surveyed_on, next_on, row.resurvey_by, may_repeat)


@within_reach
class EmbeddedSurveys:
    """`port.Surveys` on the gateway's own database."""

    def __init__(self, database: Database, terms: SurveyTerms, directory: EmbeddedDirectory) -> None:
        self._database = database
        self._terms = terms
        self._directory = directory

    def of(self, person: int) -> Survey:
        with self._database.reading() as connection:
            found = survey_of(connection, self._terms, person)
        return Survey(
            found.status,
            found.surveyed_on,
            found.next_on,
            found.resurvey_by,
            found.may_repeat,
            self._directory.office_of(person),
        )
