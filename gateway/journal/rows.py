"""Writing turns and dials as rows, so that writing one twice changes nothing, on SQLite and PostgreSQL alike."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, select, update

from gateway import clock
from gateway.journal import counting
from gateway.journal.counting import INSERTS, Thing
from gateway.journal.record import Recorded, pack_call
from gateway.journal.tables import turn, ussd_session


def _keep_turn(dialect: str) -> Any:
    return INSERTS[dialect](turn).on_conflict_do_nothing().returning(turn.c.session, turn.c.number)


def _merge_session(dialect: str) -> Any:
    """The later turn says how a dial stands; batches may come in any order."""
    new = INSERTS[dialect](ussd_session)
    old, given = ussd_session.c, new.excluded
    further = given.turns >= old.turns
    later = {
        name: case((further, given[name]), else_=old[name])
        for name in ("turns", "language", "screen", "ended", "menu_version")
    }
    return new.on_conflict_do_update(
        index_elements=[old.id],
        set_=later
        | {
            "started_at": case((given.started_at < old.started_at, given.started_at), else_=old.started_at),
            "last_at": case((given.last_at > old.last_at, given.last_at), else_=old.last_at),
        },
        where=old.phone_key == given.phone_key,  # nobody changes another phone's dial
    )


# Nobody adds a turn to another phone's dial.
_OWNERS = select(ussd_session.c.id, ussd_session.c.phone_key).where(
    ussd_session.c.id.in_(bindparam("ids", expanding=True))
)
_KEEP_TURN = {dialect: _keep_turn(dialect) for dialect in INSERTS}
_KEEP_DIAL = {
    dialect: INSERTS[dialect](ussd_session).on_conflict_do_nothing().returning(ussd_session.c.id)
    for dialect in INSERTS
}
_MERGE_SESSION = {dialect: _merge_session(dialect) for dialect in INSERTS}


def put_turns(connection: Connection, records: Iterable[Recorded]) -> None:
    """Insert turns that are new, count them, and bring their dials up to date."""
    records = list(records)
    rows: list[dict[str, Any]] = []
    dials: dict[str, dict[str, Any]] = {}
    for record in records:
        rows.append(_turn_row(record))
        dials[record.turn.session] = _session_row(record, dials.get(record.turn.session))
    if not rows:
        return
    dialect = connection.dialect.name
    # In order of the key: two workers that touch the same dials wait for each other instead of locking each other out.
    connection.execute(_MERGE_SESSION[dialect], [dials[name] for name in sorted(dials)])
    owners = dict(connection.execute(_OWNERS, {"ids": list(dials)}).all())
    ours = [row for row in rows if owners[row["session"]] == dials[row["session"]]["phone_key"]]
    if ours:
        kept = connection.execute(
            _KEEP_TURN[dialect], sorted(ours, key=lambda row: (row["session"], row["number"]))
        )
        new = {(row.session, row.number): None for row in kept}
        by_place = {(record.turn.session, record.turn.number): record for record in reversed(records)}
        counting.add(connection, *counting.of_turns(by_place[place] for place in new))


def close_session(connection: Connection, session_id: str, phone_key: str, status: str, at: datetime) -> None:
    """Note how a dial ended; its turns may still be on their way, so there may be no row yet."""
    ours = (ussd_session.c.id == session_id) & (ussd_session.c.phone_key == phone_key)
    first = bool(
        connection.execute(
            update(ussd_session).where(ours, ussd_session.c.closed.is_(None)).values(closed=status)
        ).rowcount
    )
    if not first and connection.execute(update(ussd_session).where(ours).values(closed=status)).rowcount:
        return  # brought again
    row = {
        "id": session_id, "phone_key": phone_key, "started_at": at, "last_at": at, "turns": 0, "language": "",
        "screen": "", "ended": False, "menu_version": "", "closed": status,
    }  # fmt: skip
    first = first or connection.execute(_KEEP_DIAL[connection.dialect.name], row).first() is not None
    if first:
        counting.add(connection, Counter({(clock.hour_of(at), Thing("closed", status)): 1}))


def _turn_row(record: Recorded) -> dict[str, Any]:
    one, opening = record.turn, record.turn.opening
    return {
        "session": one.session,
        "number": one.number,
        "at": record.at,
        "screen_from": one.screen_from,
        "screen_to": one.screen_to,
        "edges": list(one.edges),
        "keys": one.keys,
        "text": one.page.text,
        "ended": one.page.end,
        "screen": one.page.screen,
        "language": one.language,
        "trail_length": one.trail_length,
        "millis": one.millis,
        "calls": [pack_call(call) for call in one.calls],
        "menu_version": one.menu_version,
        "owed": record.owed,
        "opening": [opening.language, opening.resume, opening.screen] if opening else None,
    }


def _session_row(record: Recorded, before: dict[str, Any] | None) -> dict[str, Any]:
    one = record.turn
    if before and before["turns"] > one.number:
        return before | {
            "started_at": min(before["started_at"], record.at),
            "last_at": max(before["last_at"], record.at),
        }
    return {
        "id": one.session,
        "phone_key": record.phone_key,
        "started_at": min(before["started_at"], record.at) if before else record.at,
        "last_at": max(before["last_at"], record.at) if before else record.at,
        "turns": one.number,
        "language": one.language,
        "screen": one.page.screen,
        "ended": one.page.end,
        "menu_version": one.menu_version,
    }
