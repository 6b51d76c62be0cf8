"""Changes in a family as people report them: staff verify each and enter it in NSER, and she hears of every step."""

from typing import Any

from sqlalchemy import Row, bindparam, select

from gateway import clock
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.registers import Register
from gateway.core.embedded.tables import OPEN_CHANGES, change_request, change_request_event
from gateway.core.embedded.told import phones_of
from gateway.core.port import (
    Asked,
    Change,
    ChangeRequest,
    ChangeState,
    Reported,
    RequestAnnouncer,
    RequestMoved,
)
from gateway.db import Database
from gateway.privacy import Vault

_RECEIVED, _VERIFIED, _APPLIED, _REFUSED = ChangeState
MOVES: dict[ChangeState, frozenset[ChangeState]] = {
    _RECEIVED: frozenset({_VERIFIED, _APPLIED, _REFUSED}),
    _VERIFIED: frozenset({_APPLIED, _REFUSED}),
    _APPLIED: frozenset(),
    _REFUSED: frozenset({_VERIFIED}),  # the proof came after all
}
CHANGES = Register(
    Asked.CHANGE,
    change_request,
    change_request_event,
    MOVES,
    same=("person", "change"),
    still_open=OPEN_CHANGES,
)
_HERS = (
    select(change_request)
    .where(change_request.c.person == bindparam("person"))
    .order_by(change_request.c.id.desc())
)


@within_reach
class EmbeddedChanges:
    """`port.Changes` on the gateway's own database. It writes no score and no household: those come from NSER."""

    def __init__(self, database: Database, vault: Vault, announcer: RequestAnnouncer) -> None:
        self._database = database
        self._vault = vault
        self._announcer = announcer

    def report(self, person: int, change: Change, phone: str, key: str, *, channel: str) -> Reported:
        today = clock.today()
        row = {
            "asked_key": key[:200],
            "change": str(change),
            "person": person,
            "phone_key": self._vault.phone_key(phone),
            "channel": channel,
            "state": str(_RECEIVED),
            "reported_on": today,
            "moved_on": today,
        }
        with self._database.writing() as connection:
            fresh, found = CHANGES.enter(connection, row, {"person": [person], "change": [str(change)]})
        return Reported("reported" if fresh else "already", _request(found))

    def of(self, person: int) -> tuple[ChangeRequest, ...]:
        with self._database.reading() as connection:
            return tuple(_request(row) for row in connection.execute(_HERS, {"person": person}))

    def move(self, reference: str, state: ChangeState, by: str, note: str = "") -> ChangeRequest:
        with self._database.writing() as connection:
            row = CHANGES.hold(connection, reference)
            note_sealed = self._vault.seal(note) if note else None
            turn = CHANGES.move(connection, row, state, by, note_sealed=note_sealed)
            phones = phones_of(connection, self._vault, [row.person]).get(row.person, ())
            moved = RequestMoved(Asked.CHANGE, row.reference, row.change, str(state), turn, phones)
            self._announcer.asked_moved(connection, [moved])
            return _request(CHANGES.hold(connection, reference))


def _request(row: Row[Any]) -> ChangeRequest:
    return ChangeRequest(
        row.reference, Change(row.change), ChangeState(row.state), row.reported_on, row.moved_on
    )
