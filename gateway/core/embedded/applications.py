"""Applications: made once, moved on by staff or taken back by her, each move told to her phones."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway import clock
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.offers import offers_of, stands
from gateway.core.embedded.programmes import Programme, Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.references import with_reference
from gateway.core.embedded.seats import SEATED, follow
from gateway.core.embedded.tables import OPEN_APPLICATIONS, application, application_event
from gateway.core.embedded.told import phones_of
from gateway.core.port import (
    Application,
    ApplicationState,
    Applied,
    Asked,
    Decision,
    Offer,
    RequestAnnouncer,
    RequestMoved,
)
from gateway.db import Database
from gateway.privacy import Vault

CALLER = "caller"

_RECEIVED, _NEEDS, _REVIEW, _APPROVED, _REJECTED, _WITHDRAWN = ApplicationState
_DECIDED = {_APPROVED, _REJECTED, _WITHDRAWN}
MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    _RECEIVED: frozenset({_NEEDS, _REVIEW, *_DECIDED}),
    _NEEDS: frozenset({_REVIEW, *_DECIDED}),
    _REVIEW: frozenset({_NEEDS, *_DECIDED}),
    _APPROVED: frozenset(),
    _REJECTED: frozenset({_REVIEW}),  # an appeal was granted
    _WITHDRAWN: frozenset(),
}

_OPEN = application.c.state.in_([str(state) for state in OPEN_APPLICATIONS])
_BY_KEY = select(application).where(application.c.asked_key == bindparam("key"))
_STANDING = select(application).where(
    application.c.person == bindparam("person"),
    application.c.programme == bindparam("programme"),
    application.c.subject == bindparam("subject"),
    _OPEN,
)
_SEATED = select(application).where(
    application.c.person == bindparam("person"),
    application.c.programme == bindparam("programme"),
    application.c.subject == bindparam("subject"),
    application.c.state.in_([str(state) for state in SEATED]),
)
_HERS = (
    select(application).where(application.c.person == bindparam("person")).order_by(application.c.id.desc())
)
_BY_REFERENCE = select(application).where(application.c.reference == bindparam("reference")).with_for_update()
_TURNS = (
    select(func.count())
    .select_from(application_event)
    .where(application_event.c.application == bindparam("which"))
)
_MOVE = (
    update(application)
    .where(application.c.id == bindparam("which"))
    .values(state=bindparam("to"), reason=bindparam("why"), moved_on=bindparam("today"))
)
_ADD, _RECORD = insert(application), insert(application_event)


@within_reach
class EmbeddedApplications:
    """`port.Applications` on the gateway's own database."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        programmes: Programmes,
        eligibility: EmbeddedEligibility,
        announcer: RequestAnnouncer,
    ) -> None:
        self._database = database
        self._vault = vault
        self._programmes = programmes
        self._eligibility = eligibility
        self._announcer = announcer

    def offers(self, person: int) -> tuple[Offer, ...]:
        with self._database.reading() as connection:
            hers = connection.execute(_HERS, {"person": person}).all()
        decisions = self._eligibility.decide_all(person)
        return offers_of(self._programmes, decisions, hers)

    def apply(  # noqa: PLR0913 - what an application is made of
        self, person: int, programme: str, phone: str, key: str, *, channel: str, subject: str = ""
    ) -> Applied:
        if programme not in self._programmes:
            return Applied("refused", code="UNKNOWN_PROGRAMME")
        entry = self._programmes[programme]
        with self._database.reading() as connection:
            if found := connection.execute(_BY_KEY, {"key": key[:200]}).first():
                return Applied("applied", _application(found))
            hers = connection.execute(_HERS, {"person": person}).all()
        by_event = entry.period == "event"
        decision = self._eligibility.decide(person, programme, subject if by_event else "")
        subject = decision.event if by_event else subject
        for earlier in hers:
            if (earlier.programme, earlier.subject) == (programme, subject) and stands(earlier, entry):
                mine = earlier.asked_key == key[:200]  # the same step came in between
                return Applied("applied" if mine else "already", _application(earlier))
        if barred := _bar(decision, entry, subject):
            return Applied("refused", code=barred)
        row = {
            "asked_key": key[:200],
            "person": person,
            "programme": programme,
            "subject": subject,
            "phone_key": self._vault.phone_key(phone),
            "channel": channel,
        }
        with self._database.writing() as connection:
            return self.add(connection, row)

    def add(self, connection: Connection, row: dict[str, Any]) -> Applied:
        """Enter an application in a transaction of the caller's; one that stands already is given back."""
        standing = connection.execute(
            _STANDING, {name: row[name] for name in ("person", "programme", "subject")}
        )
        if found := standing.first():
            mine = found.asked_key == row["asked_key"]
            return Applied("applied" if mine else "already", _application(found))
        today = clock.today()
        row = row | {"state": str(_RECEIVED), "applied_on": today, "moved_on": today}

        def put(reference: str) -> int:
            return int(
                connection.execute(_ADD, row | {"reference": reference}).inserted_primary_key[0]  # type: ignore[index]
            )

        try:
            with connection.begin_nested():
                reference, which = with_reference(connection, Asked.APPLICATION, put)
        except IntegrityError:
            # Another step of hers was quicker.
            found = connection.execute(_BY_KEY, {"key": row["asked_key"]}).first()
            return Applied("applied", _application(found)) if found else self._already(connection, row)
        connection.execute(
            _RECORD, {"application": which, "state": str(_RECEIVED), "by": CALLER, "at": clock.now()}
        )
        made = Application(reference, row["programme"], row["subject"], _RECEIVED, "", today, today)
        return Applied("applied", made)

    def of(self, person: int) -> tuple[Application, ...]:
        with self._database.reading() as connection:
            return tuple(_application(row) for row in connection.execute(_HERS, {"person": person}))

    def withdraw(self, person: int, reference: str) -> str:
        with self._database.writing() as connection:
            row = connection.execute(_BY_REFERENCE, {"reference": reference}).first()
            if row is None or row.person != person:
                return "unknown"
            if row.state == _WITHDRAWN:
                return "withdrawn"
            if _WITHDRAWN not in MOVES[ApplicationState(row.state)]:
                return "decided"
            self._move(connection, row, _WITHDRAWN, CALLER, "", tell=False)
        return "withdrawn"

    def move(self, reference: str, state: ApplicationState, by: str, reason: str = "") -> Application:
        with self._database.writing() as connection:
            row = connection.execute(_BY_REFERENCE, {"reference": reference}).first()
            if row is None:
                raise LookupError("no such application")
            if state == row.state and reason == row.reason:
                return _application(row)
            if state not in MOVES[ApplicationState(row.state)]:
                raise ValueError(f"{state} cannot follow {row.state}")
            self._move(connection, row, state, by, reason, tell=True)
        return Application(
            row.reference, row.programme, row.subject, state, reason, row.applied_on, clock.today()
        )

    def _move(  # noqa: PLR0913 - what a move is
        self,
        connection: Connection,
        row: Row[Any],
        state: ApplicationState,
        by: str,
        reason: str,
        *,
        tell: bool,
    ) -> None:
        today: date = clock.today()
        follow(connection, row, state)
        try:
            with connection.begin_nested():
                connection.execute(_MOVE, {"which": row.id, "to": str(state), "why": reason, "today": today})
        except IntegrityError:
            raise ValueError("she has another application open for the same") from None
        connection.execute(
            _RECORD,
            {"application": row.id, "state": str(state), "reason": reason, "by": by[:60], "at": clock.now()},
        )
        if tell:
            phones = phones_of(connection, self._vault, [row.person]).get(row.person, ())
            turn = connection.execute(_TURNS, {"which": row.id}).scalar_one()
            moved = RequestMoved(Asked.APPLICATION, row.reference, row.programme, str(state), turn, phones)
            self._announcer.asked_moved(connection, [moved])

    @staticmethod
    def _already(connection: Connection, row: dict[str, Any]) -> Applied:
        found = connection.execute(
            _STANDING, {name: row[name] for name in ("person", "programme", "subject")}
        ).one()
        return Applied("already", _application(found))


def _bar(decision: Decision, programme: Programme, subject: str) -> str | None:
    """Code of what keeps her from applying, or None."""
    if decision.outcome == "enrolled":
        return "ENROLLED"
    if decision.outcome != "may_apply":
        return decision.code
    return None if programme.apply or subject else "NOT_BY_PHONE"


def standing(connection: Connection, row: dict[str, Any]) -> Applied | None:
    """What stands of a row that `add` would enter: made by the same step, or open or approved already."""
    if found := connection.execute(_BY_KEY, {"key": row["asked_key"]}).first():
        return Applied("applied", _application(found))
    wanted = {name: row[name] for name in ("person", "programme", "subject")}
    found = connection.execute(_SEATED, wanted).first()
    return Applied("already", _application(found)) if found else None


def _application(row: Row[Any]) -> Application:
    return Application(
        row.reference,
        row.programme,
        row.subject,
        ApplicationState(row.state),
        row.reason,
        row.applied_on,
        row.moved_on,
    )
