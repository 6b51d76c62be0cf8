"""Cases: opened once, moved on by staff, passed to the Ombudsman when their day is past; each move told to her."""

from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, bindparam, select

from gateway import clock
from gateway.core.embedded.categories import Categories
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.registers import CALLER, Register
from gateway.core.embedded.tables import OPEN_CASES, case_, case_event
from gateway.core.port import (
    Asked,
    Case,
    CaseState,
    Opened,
    RequestAnnouncer,
    RequestMoved,
    ReviewedText,
    TextAnnouncer,
)
from gateway.db import Database
from gateway.privacy import Vault

CLOCK = "ombudsman clock"

_NEW, _ASSIGNED, _PROGRESS, _RESOLVED, _REOPENED, _ESCALATED, _CLOSED = CaseState
_WORK = {_ASSIGNED, _PROGRESS, _RESOLVED, _ESCALATED, _CLOSED}
MOVES: dict[CaseState, frozenset[CaseState]] = {
    _NEW: frozenset(_WORK),
    _ASSIGNED: frozenset(_WORK),
    _PROGRESS: frozenset(_WORK - {_PROGRESS}),
    _RESOLVED: frozenset({_REOPENED, _CLOSED}),
    _REOPENED: frozenset(_WORK),
    _ESCALATED: frozenset({_PROGRESS, _RESOLVED, _CLOSED}),
    _CLOSED: frozenset({_REOPENED}),
}

CASES = Register(
    Asked.CASE, case_, case_event, MOVES, same=("open_key", "category", "subject"), still_open=OPEN_CASES
)
_HERS = select(case_).where(case_.c.person == bindparam("person")).order_by(case_.c.id.desc())
# On the thirtieth day, not after it: by then thirty days have passed.
_LATE = (
    select(case_)
    .where(
        case_.c.state.in_([str(state) for state in OPEN_CASES if state is not _ESCALATED]),
        case_.c.ombudsman_on <= bindparam("today"),
    )
    .order_by(case_.c.id)
    .limit(500)
    .with_for_update(skip_locked=True)
)


class CaseAnnouncer(RequestAnnouncer, TextAnnouncer, Protocol):
    """Hears of all that the phone of a case is told."""


@within_reach
class EmbeddedCases:
    """`port.Cases` on the gateway's own database."""

    def __init__(
        self, database: Database, vault: Vault, categories: Categories, announcer: CaseAnnouncer
    ) -> None:
        self._database = database
        self._vault = vault
        self._categories = categories
        self._announcer = announcer

    def open(  # noqa: PLR0913 - the port's signature
        self,
        category: str,
        phone: str,
        key: str,
        *,
        channel: str,
        person: int | None = None,
        subject: str = "",
        words: str = "",
        session: str = "",
    ) -> Opened:
        with self._database.writing() as connection:
            return self.enter(
                connection, category, phone, key, channel=channel, person=person, subject=subject, words=words,
                session=session,
            )  # fmt: skip

    def enter(  # noqa: PLR0913 - what a case is made of
        self,
        connection: Connection,
        category: str,
        phone: str,
        key: str,
        *,
        channel: str,
        person: int | None,
        subject: str,
        words: str,
        session: str = "",
        by: str = CALLER,
        tell: bool = False,
    ) -> Opened:
        """`open` in a transaction of the caller's. tell: she saw no screen, so its reference is sent to her."""
        kind, today = self._categories[category], clock.today()
        openers = [f"person:{person}"] if person is not None else self._vault.phone_keys(phone)
        row = {
            "asked_key": key[:200],
            "category": category,
            "person": person,
            "phone_key": self._vault.phone_key(phone),
            "phone_sealed": self._vault.seal(phone),
            "open_key": openers[0],
            "subject": subject,
            "words_sealed": self._vault.seal(words) if words else None,
            "channel": channel,
            "session": session[:120],
            "state": str(_NEW),
            "urgent": kind.urgent,
            "confidential": kind.confidential,
            "opened_on": today,
            "target_on": today + timedelta(days=kind.days),
            "ombudsman_on": today + timedelta(days=self._categories.ombudsman_days),
            "moved_on": today,
        }
        alike = {"open_key": openers, "category": [category], "subject": [subject]}
        fresh, found = CASES.enter(connection, row, alike, by)
        if fresh and tell:
            self._tell(connection, found, _NEW, 1)
        return Opened("opened" if fresh else "already", case_of(found))

    def of(self, person: int) -> tuple[Case, ...]:
        with self._database.reading() as connection:
            return tuple(case_of(row) for row in connection.execute(_HERS, {"person": person}))

    def move(
        self, reference: str, state: CaseState, by: str, note: str = "", text: ReviewedText | None = None
    ) -> Case:
        with self._database.writing() as connection:
            row = CASES.hold(connection, reference)
            self.bring(connection, row, state, by, note)
            if text is not None:
                self.send_along(connection, row, text)
            return case_of(CASES.hold(connection, reference))

    def escalate(self) -> int:
        with self._database.writing() as connection:
            late = connection.execute(_LATE, {"today": clock.today()}).all()
            for row in late:
                self.bring(connection, row, _ESCALATED, CLOCK, "")
        return len(late)

    def bring(  # noqa: PLR0913, PLR0917 - what a step is made of
        self,
        connection: Connection,
        row: Row[Any],
        state: CaseState,
        by: str,
        note: str,
        assigned_to: str | None = None,
    ) -> None:
        """`move` in a transaction of the caller's, of a case that it holds."""
        note_sealed = self._vault.seal(note) if note else None
        turn = CASES.move(connection, row, state, by, note_sealed=note_sealed, assigned_to=assigned_to)
        self._tell(connection, row, state, turn)

    def send_along(self, connection: Connection, row: Row[Any], text: ReviewedText) -> None:
        """A text with the step just made, to the phone that is told of the case: at most one a step."""
        about = f"{Asked.CASE}:{row.reference}"
        key = f"{about}:{CASES.turn(connection, row.id)}"
        phone = self._vault.open(row.phone_sealed)
        self._announcer.text_given(connection, phone, text, key=key, subject=about)

    def _tell(self, connection: Connection, row: Row[Any], state: CaseState, turn: int) -> None:
        moved = RequestMoved(
            Asked.CASE,
            row.reference,
            row.category,
            str(state),
            turn,
            (self._vault.open(row.phone_sealed),),
            target_on=row.target_on,
        )
        self._announcer.asked_moved(connection, [moved])


def case_of(row: Row[Any]) -> Case:
    return Case(
        row.reference,
        row.category,
        row.subject,
        CaseState(row.state),
        row.urgent,
        row.opened_on,
        row.target_on,
        row.ombudsman_on,
        row.moved_on,
    )
