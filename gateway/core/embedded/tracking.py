"""Following what was asked for by its reference. Somebody else's says no more than one that does not exist."""

from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, literal, null, select, type_coerce, union_all

from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.references import asked_by
from gateway.core.embedded.tables import (
    OPEN_APPLICATIONS,
    OPEN_BOOKINGS,
    OPEN_CASES,
    OPEN_CHANGES,
    application,
    case_,
    change_request,
    office,
    survey_booking,
)
from gateway.core.port import Asked, Tracked
from gateway.db import Database
from gateway.privacy import Vault

# The four kinds in the same columns, for whoever asks of them.
# Of a type: the first part of a union says how the days of all are read.
_NO_DAY = type_coerce(null(), Date)


def applications() -> Select[Any]:
    one = application.c
    return select(
        literal(str(Asked.APPLICATION)).label("asked"),
        one.reference,
        one.programme.label("topic"),
        one.state,
        one.moved_on,
        _NO_DAY.label("target_on"),
        literal("").label("place"),
        one.person,
        one.phone_key,
    )


def cases() -> Select[Any]:
    one = case_.c
    return select(
        literal(str(Asked.CASE)).label("asked"),
        one.reference,
        one.category.label("topic"),
        one.state,
        one.moved_on,
        one.target_on,
        literal("").label("place"),
        one.person,
        one.phone_key,
    )


def changes() -> Select[Any]:
    one = change_request.c
    return select(
        literal(str(Asked.CHANGE)).label("asked"),
        one.reference,
        one.change.label("topic"),
        one.state,
        one.moved_on,
        _NO_DAY.label("target_on"),
        literal("").label("place"),
        one.person,
        one.phone_key,
    )


def bookings() -> Select[Any]:
    one = survey_booking.c
    return select(
        literal(str(Asked.BOOKING)).label("asked"),
        one.reference,
        one.purpose.label("topic"),
        one.state,
        one.moved_on,
        one.on_day.label("target_on"),
        office.c.name.label("place"),
        one.person,
        one.phone_key,
    ).select_from(survey_booking.join(office, office.c.code == one.office))


# Each kind of thing that has a reference: how one is found, and which of a person's are open.
_BY_REFERENCE = {
    Asked.APPLICATION: applications().where(application.c.reference == bindparam("reference")),
    Asked.CASE: cases().where(case_.c.reference == bindparam("reference")),
    Asked.CHANGE: changes().where(change_request.c.reference == bindparam("reference")),
    Asked.BOOKING: bookings().where(survey_booking.c.reference == bindparam("reference")),
}
_OPEN = (
    applications().where(
        application.c.person == bindparam("person"),
        application.c.state.in_([str(state) for state in OPEN_APPLICATIONS]),
    ),
    cases().where(
        case_.c.person == bindparam("person"), case_.c.state.in_([str(state) for state in OPEN_CASES])
    ),
    changes().where(
        change_request.c.person == bindparam("person"),
        change_request.c.state.in_([str(state) for state in OPEN_CHANGES]),
    ),
    bookings().where(
        survey_booking.c.person == bindparam("person"),
        survey_booking.c.state.in_([str(state) for state in OPEN_BOOKINGS]),
    ),
)
_ALL_OPEN = union_all(*_OPEN)


@within_reach
class EmbeddedTracking:
    """`port.Tracking` on the gateway's own database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def track(self, reference: str, phone: str, person: int | None = None) -> Tracked | None:
        asked = asked_by(reference)
        if asked not in _BY_REFERENCE:
            return None
        with self._database.reading() as connection:
            row = connection.execute(_BY_REFERENCE[asked], {"reference": reference}).first()
        if row is None:
            return None
        if person is not None and row.person is not None:
            hers = row.person == person  # of two women on one phone each has her own
        else:
            hers = row.phone_key in self._vault.phone_keys(phone)
        return _tracked(row) if hers else None

    def open_of(self, person: int) -> tuple[Tracked, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_ALL_OPEN, {"person": person}).all()
        return tuple(
            _tracked(row) for row in sorted(rows, key=lambda row: (row.moved_on, row.reference), reverse=True)
        )


def _tracked(row: Row[Any]) -> Tracked:
    return Tracked(
        row.reference, Asked(row.asked), row.topic, row.state, row.moved_on, row.target_on, row.place
    )
