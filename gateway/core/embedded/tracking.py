"""Following what was asked for by its reference. Somebody else's says no more than one that does not exist."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    bindparam,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

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

# Each kind of thing that has a reference.
TABLES = {
    Asked.APPLICATION: application,
    Asked.CASE: case_,
    Asked.CHANGE: change_request,
    Asked.BOOKING: survey_booking,
}
# Of a type: the first part of a union says how the days of all are read.
_NO_DAY = type_coerce(null(), Date)
_NO_PLACE = literal("")


def _rows(
    asked: Asked,
    topic: str,
    target_on: ColumnElement[Any] = _NO_DAY,
    place: ColumnElement[str] = _NO_PLACE,
) -> Select[Any]:
    one = TABLES[asked].c
    return select(
        literal(str(asked)).label("asked"),
        one.reference,
        one[topic].label("topic"),
        one.state,
        one.moved_on,
        target_on.label("target_on"),
        place.label("place"),
        one.person,
        one.phone_key,
    )


# The four kinds in the same columns, for whoever asks of them.
ROWS = {
    Asked.APPLICATION: _rows(Asked.APPLICATION, "programme"),
    Asked.CASE: _rows(Asked.CASE, "category", target_on=case_.c.target_on),
    Asked.CHANGE: _rows(Asked.CHANGE, "change"),
    Asked.BOOKING: _rows(
        Asked.BOOKING, "purpose", target_on=survey_booking.c.on_day, place=office.c.name
    ).select_from(survey_booking.join(office, office.c.code == survey_booking.c.office)),
}
_OPEN: dict[Asked, Collection[str]] = {
    Asked.APPLICATION: OPEN_APPLICATIONS,
    Asked.CASE: OPEN_CASES,
    Asked.CHANGE: OPEN_CHANGES,
    Asked.BOOKING: OPEN_BOOKINGS,
}

_BY_REFERENCE = {
    asked: rows.where(TABLES[asked].c.reference == bindparam("reference")) for asked, rows in ROWS.items()
}
_ALL_OPEN = union_all(
    *(
        rows.where(
            TABLES[asked].c.person == bindparam("person"),
            TABLES[asked].c.state.in_([str(state) for state in _OPEN[asked]]),
        )
        for asked, rows in ROWS.items()
    )
)


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
