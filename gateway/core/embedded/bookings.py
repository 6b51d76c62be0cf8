"""Tokens for a survey: the next working day with a place free, one for each purpose, never more than an office has."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from gateway import clock
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.registers import CALLER, Alike, Register
from gateway.core.embedded.survey import survey_of
from gateway.core.embedded.survey_terms import SurveyTerms
from gateway.core.embedded.tables import OPEN_BOOKINGS, office, survey_booking, survey_booking_event
from gateway.core.port import Asked, Booked, Booking, BookingState, Purpose, RequestAnnouncer, RequestMoved
from gateway.db import Database
from gateway.privacy import Vault

CLOCK = "survey clock"

_BOOKED, _KEPT, _LAPSED, _CANCELLED = BookingState
MOVES: dict[BookingState, frozenset[BookingState]] = {
    _BOOKED: frozenset({_KEPT, _LAPSED, _CANCELLED}),
    _KEPT: frozenset(),
    _LAPSED: frozenset({_KEPT}),  # she came, and it was noted later
    _CANCELLED: frozenset(),
}
BOOKINGS = Register(
    Asked.BOOKING,
    survey_booking,
    survey_booking_event,
    MOVES,
    same=("open_key", "purpose"),
    still_open=OPEN_BOOKINGS,
)

_one = survey_booking.c
_OFFICE = select(office.c.code, office.c.name, office.c.tokens_a_day).where(
    office.c.code == bindparam("code")
)
# Bookers of one office come one by one, so that each sees the places that were taken before.
_HOLD_OFFICE = _OFFICE.with_for_update()
_TAKEN = select(_one.on_day, _one.number).where(
    _one.office == bindparam("code"), _one.on_day > bindparam("today"), _one.state != str(_CANCELLED)
)
_PAST = select(survey_booking).where(_one.state == str(_BOOKED), _one.on_day < bindparam("today"))
_HER_PAST = _PAST.where(
    _one.open_key.in_(bindparam("open_key", expanding=True)),
    _one.purpose.in_(bindparam("purpose", expanding=True)),
).with_for_update()
_ALL_PAST = _PAST.order_by(_one.id).limit(500).with_for_update(skip_locked=True)


@within_reach
class EmbeddedBookings:
    """`port.Bookings` on the gateway's own database."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        terms: SurveyTerms,
        directory: EmbeddedDirectory,
        *,
        announcer: RequestAnnouncer,
    ) -> None:
        self._database = database
        self._vault = vault
        self._terms = terms
        self._directory = directory
        self._announcer = announcer

    def book(  # noqa: PLR0913 - the port's signature
        self,
        purpose: Purpose,
        phone: str,
        key: str,
        *,
        channel: str,
        person: int | None = None,
        office: str = "",
    ) -> Booked:
        today = clock.today()
        openers = [f"person:{person}"] if person is not None else self._vault.phone_keys(phone)
        alike = {"open_key": openers, "purpose": [str(purpose)]}
        near = office or self._nearest(person)
        row: dict[str, Any] = {
            "asked_key": key[:200],
            "purpose": str(purpose),
            "person": person,
            "phone_key": self._vault.phone_key(phone),
            "phone_sealed": self._vault.seal(phone),
            "open_key": openers[0],
            "channel": channel,
            "state": str(_BOOKED),
            "booked_on": today,
            "moved_on": today,
        }
        with self._database.writing() as connection:
            for past in connection.execute(_HER_PAST, {**alike, "today": today}).all():
                BOOKINGS.move(connection, past, _LAPSED, CLOCK)
            if known := BOOKINGS.find(connection, row["asked_key"], alike):
                return _booked(connection, *known)
            if purpose is Purpose.NEW_SURVEY and person is not None:
                survey = survey_of(connection, self._terms, person)
                if not survey.may_repeat:
                    return Booked("too_early", next_on=survey.next_on)
            return self._take_place(connection, near, row, alike)

    def cancel(self, reference: str, phone: str, person: int | None = None) -> str:
        with self._database.writing() as connection:
            try:
                row = BOOKINGS.hold(connection, reference)
            except LookupError:
                return "unknown"
            hers = person is not None and row.person == person
            if not hers and row.phone_key not in self._vault.phone_keys(phone):
                return "unknown"
            if row.state == _CANCELLED:
                return "cancelled"
            if row.state != _BOOKED or row.on_day < clock.today():
                return "over"
            BOOKINGS.move(connection, row, _CANCELLED, CALLER)
        return "cancelled"

    def move(self, reference: str, state: BookingState, by: str) -> Booking:
        with self._database.writing() as connection:
            row = BOOKINGS.hold(connection, reference)
            turn = BOOKINGS.move(connection, row, state, by)
            self._tell(connection, row, state, turn)
            return _booking(connection, BOOKINGS.hold(connection, reference))

    def lapse(self) -> int:
        with self._database.writing() as connection:
            past = connection.execute(_ALL_PAST, {"today": clock.today()}).all()
            for row in past:
                BOOKINGS.move(connection, row, _LAPSED, CLOCK)
        return len(past)

    def _nearest(self, person: int | None) -> str:
        hers = None if person is None else self._directory.office_of(person)
        return hers.code if hers else ""

    def _take_place(self, connection: Connection, code: str, row: dict[str, Any], alike: Alike) -> Booked:
        held = connection.execute(_HOLD_OFFICE, {"code": code}).first()
        if held is None:
            return Booked("where")
        place = self._free_place(connection, held)
        if place is None:
            return Booked("full")
        fresh, found = BOOKINGS.enter(connection, row | place, alike)
        if fresh:
            self._tell(connection, found, _BOOKED, 1)
        return _booked(connection, fresh, found)

    def _free_place(self, connection: Connection, held: Any) -> dict[str, Any] | None:
        """Office, day and number of the first place free, or None where all are taken."""
        places = self._terms.tokens_a_day if held.tokens_a_day is None else held.tokens_a_day
        today = clock.today()
        taken = {tuple(row) for row in connection.execute(_TAKEN, {"code": held.code, "today": today})}
        for day in self._terms.days_after(today):
            for number in range(1, places + 1):
                if (day, number) not in taken:
                    return {"office": held.code, "on_day": day, "number": number}
        return None

    def _tell(self, connection: Connection, row: Row[Any], state: BookingState, turn: int) -> None:
        moved = RequestMoved(
            Asked.BOOKING,
            row.reference,
            row.purpose,
            str(state),
            turn,
            (self._vault.open(row.phone_sealed),),
            target_on=row.on_day,
            place=_office_name(connection, row.office),
        )
        self._announcer.asked_moved(connection, [moved])


def _office_name(connection: Connection, code: str) -> str:
    return str(connection.execute(_OFFICE, {"code": code}).one().name)


def _booked(connection: Connection, fresh: bool, row: Row[Any]) -> Booked:  # noqa: FBT001 - as `Register` gives it
    return Booked("booked" if fresh else "already", _booking(connection, row))


def _booking(connection: Connection, row: Row[Any]) -> Booking:
    return Booking(
        row.reference,
        Purpose(row.purpose),
        BookingState(row.state),
        _office_name(connection, row.office),
        row.on_day,
        row.number,
    )
