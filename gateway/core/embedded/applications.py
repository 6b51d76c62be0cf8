"""Applications: made once, moved on by staff or taken back by her, each move told to her phones."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from gateway import clock
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.offers import offers_of, stands
from gateway.core.embedded.programmes import Programme, Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.registers import CALLER, Register
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

_SAME = ("person", "programme", "subject")
APPLICATIONS = Register(
    Asked.APPLICATION,
    application,
    application_event,
    MOVES,
    same=_SAME,
    still_open=OPEN_APPLICATIONS,
    shown=("reason",),
    twice="she has another application open for the same",
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
            if found := APPLICATIONS.entered(connection, key[:200]):
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
        row = self.row(person, programme, subject, phone, key, channel=channel)
        with self._database.writing() as connection:
            return self.add(connection, row)

    def row(  # noqa: PLR0913 - what an application is made of
        self, person: int, programme: str, subject: str, phone: str, key: str, *, channel: str
    ) -> dict[str, Any]:
        """An application as `add` enters it."""
        today = clock.today()
        return {
            "asked_key": key[:200],
            "person": person,
            "programme": programme,
            "subject": subject,
            "phone_key": self._vault.phone_key(phone),
            "channel": channel,
            "state": str(_RECEIVED),
            "applied_on": today,
            "moved_on": today,
        }

    def add(self, connection: Connection, row: dict[str, Any]) -> Applied:
        """Enter an application in a transaction of the caller's; one that stands already is given back."""
        fresh, found = APPLICATIONS.enter(connection, row, {name: [row[name]] for name in _SAME})
        return Applied("applied" if fresh else "already", _application(found))

    def of(self, person: int) -> tuple[Application, ...]:
        with self._database.reading() as connection:
            return tuple(_application(row) for row in connection.execute(_HERS, {"person": person}))

    def withdraw(self, person: int, reference: str) -> str:
        with self._database.writing() as connection:
            try:
                row = APPLICATIONS.hold(connection, reference)
            except LookupError:
                return "unknown"
            if row.person != person:
                return "unknown"
            if row.state == _WITHDRAWN:
                return "withdrawn"
            if _WITHDRAWN not in MOVES[ApplicationState(row.state)]:
                return "decided"
            follow(connection, row, _WITHDRAWN)
            APPLICATIONS.move(connection, row, _WITHDRAWN, CALLER, reason="")
        return "withdrawn"

    def move(self, reference: str, state: ApplicationState, by: str, reason: str = "") -> Application:
        with self._database.writing() as connection:
            row = APPLICATIONS.hold(connection, reference)
            if state == row.state and reason == row.reason:
                return _application(row)
            APPLICATIONS.allow(row, state)
            # The seat comes first: whoever applies holds the course before the application too.
            follow(connection, row, state)
            turn = APPLICATIONS.move(connection, row, state, by, reason=reason)
            phones = phones_of(connection, self._vault, [row.person]).get(row.person, ())
            moved = RequestMoved(Asked.APPLICATION, row.reference, row.programme, str(state), turn, phones)
            self._announcer.asked_moved(connection, [moved])
            return _application(APPLICATIONS.hold(connection, reference))


def _bar(decision: Decision, programme: Programme, subject: str) -> str | None:
    """Code of what keeps her from applying, or None."""
    if decision.outcome == "enrolled":
        return "ENROLLED"
    if decision.outcome != "may_apply":
        return decision.code
    return None if programme.apply or subject else "NOT_BY_PHONE"


def standing(connection: Connection, row: dict[str, Any]) -> Applied | None:
    """What stands of a row that `add` would enter: made by the same step, or open or approved already."""
    if found := APPLICATIONS.entered(connection, row["asked_key"]):
        return Applied("applied", _application(found))
    wanted = {name: row[name] for name in _SAME}
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
