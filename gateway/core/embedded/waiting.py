"""Applications and changes of record that wait for an officer, and where each may go from there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from gateway.core.embedded.applications import MOVES as APPLICATION_MOVES
from gateway.core.embedded.case_queues import ONE, WAITING
from gateway.core.embedded.changes import MOVES as CHANGE_MOVES
from gateway.core.port import Asked, RequestPage, RequestRow

_MOVES: Mapping[Asked, Mapping[Any, Any]] = {
    Asked.APPLICATION: APPLICATION_MOVES,
    Asked.CHANGE: CHANGE_MOVES,
}


def page_of(connection: Connection, asked: Asked, after: str, limit: int) -> RequestPage:
    rows = connection.execute(WAITING[asked], {"which": int(after or 0), "most": limit + 1}).all()
    more = str(rows[limit - 1].id) if len(rows) > limit else ""
    return RequestPage(tuple(_request(asked, row) for row in rows[:limit]), more)


def request_of(connection: Connection, asked: Asked, reference: str) -> tuple[RequestRow, tuple[str, ...]]:
    row = connection.execute(ONE[asked], {"reference": reference}).first()
    if row is None:
        raise LookupError("no such request")
    moves = _MOVES[asked]
    # What she takes back is hers alone to take back.
    following = (str(each) for each in moves if each in moves[row.state] and each != "withdrawn")
    return _request(asked, row), tuple(following)


def _request(asked: Asked, row: Row[Any]) -> RequestRow:
    if asked is Asked.CHANGE:
        return RequestRow(
            row.reference,
            row.change,
            "",
            row.state,
            "",
            row.person,
            row.reported_on,
            row.moved_on,
            row.channel,
        )
    return RequestRow(
        row.reference,
        row.programme,
        row.subject,
        row.state,
        row.reason,
        row.person,
        row.applied_on,
        row.moved_on,
        row.channel,
    )
