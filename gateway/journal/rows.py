"""Writing turns and dials as rows, so that writing one twice changes nothing, on SQLite and PostgreSQL alike."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, select, update

from gateway import clock
from gateway.conversation.session import Page
from gateway.journal import counting
from gateway.journal.counting import INSERTS, Counts
from gateway.journal.ending import told_ending
from gateway.journal.passed import ANSWERED, Passed
from gateway.journal.record import Recorded, pack_call
from gateway.journal.tables import turn, ussd_session

Answers = Callable[[Page], bool]
InConfidence = Callable[[Iterable[str]], frozenset[str]]


def _keep_turn(dialect: str) -> Any:
    return INSERTS[dialect](turn).on_conflict_do_nothing().returning(turn.c.session, turn.c.number)


def _merge_session(dialect: str) -> Any:
    """The later turn says how a dial stands; batches may come in any order."""
    new = INSERTS[dialect](ussd_session)
    old, given = ussd_session.c, new.excluded
    further = given.turns >= old.turns
    bare = old.turns == 0  # its times are those of a notice that came first
    later = {
        name: case((further, given[name]), else_=old[name])
        for name in ("turns", "language", "screen", "ended", "menu_version")
    }
    return new.on_conflict_do_update(
        index_elements=[old.id],
        set_=later
        | {
            "started_at": case(
                (bare | (given.started_at < old.started_at), given.started_at), else_=old.started_at
            ),
            "last_at": case((bare | (given.last_at > old.last_at), given.last_at), else_=old.last_at),
            "confidential": old.confidential | given.confidential,
        },
        where=old.phone_key == given.phone_key,  # nobody changes another phone's dial
    )


def _close_session(dialect: str) -> Any:
    """The newest word counts, but what an earlier notice told and a later one leaves out stays."""
    new = INSERTS[dialect](ussd_session)
    old, given = ussd_session.c, new.excluded
    kept = {name: func.coalesce(given[name], old[name]) for name in ("lasted", "patience")}
    return new.on_conflict_do_update(
        index_elements=[old.id],
        set_={"closed": given.closed} | kept,
        where=old.phone_key == given.phone_key,
    ).returning(ussd_session)


_DIALS = select(ussd_session).where(ussd_session.c.id.in_(bindparam("ids", expanding=True)))
_OUTCOME = (
    update(ussd_session)
    .where(ussd_session.c.id == bindparam("which"))
    .values(outcome=bindparam("now"), counted_in=bindparam("hour"))
)
_KEEP_TURN = {dialect: _keep_turn(dialect) for dialect in INSERTS}
_CLOSE_SESSION = {dialect: _close_session(dialect) for dialect in INSERTS}
_MERGE_SESSION = {dialect: _merge_session(dialect) for dialect in INSERTS}


class End(NamedTuple):
    """An aggregator's word of a dial's end; lasted and patience as in `Passed`."""

    session: str
    phone_key: str
    status: str
    lasted: float | None = None
    patience: float | None = None


def no_answers(page: Page) -> bool:  # noqa: ARG001 - of a journal without a book
    return False


def none_in_confidence(texts: Iterable[str]) -> frozenset[str]:  # noqa: ARG001 - of a journal without a core
    return frozenset()


def put_turns(
    connection: Connection,
    records: Iterable[Recorded],
    answers: Answers = no_answers,
    confidential: Collection[str] = (),
) -> None:
    """Insert turns that are new, count them, and bring their dials up to date.

    answers: which pages tell what was asked for; confidential: dials that are for few from now on
    """
    records = list(records)
    rows: list[dict[str, Any]] = []
    dials: dict[str, dict[str, Any]] = {}
    for record in records:
        rows.append(_turn_row(record))
        name = record.turn.session
        dials[name] = _session_row(record, dials.get(name)) | {"confidential": name in confidential}
    if not rows:
        return
    dialect = connection.dialect.name
    # In order of the key: two workers that touch the same dials wait for each other instead of locking each other out.
    connection.execute(_MERGE_SESSION[dialect], [dials[name] for name in sorted(dials)])
    found = connection.execute(_DIALS, {"ids": list(dials)}).mappings()
    # Nobody adds a turn to another phone's dial.
    ours = {row["id"]: row for row in found if row["phone_key"] == dials[row["id"]]["phone_key"]}
    rows = [row for row in rows if row["session"] in ours]
    if not rows:
        return
    kept = connection.execute(
        _KEEP_TURN[dialect], sorted(rows, key=lambda row: (row["session"], row["number"]))
    )
    new = {(row.session, row.number): None for row in kept}
    by_place = {(record.turn.session, record.turn.number): record for record in reversed(records)}
    numbers, amounts = counting.of_turns(by_place[place] for place in new)
    answered = {place[0] for place in new if answers(by_place[place].turn.page)}
    texts = {record.turn.session for record in records if counting.is_text(record)}
    told = [Passed(**row) for name, row in ours.items() if name not in texts]
    numbers.update(_settle(connection, told, answered))
    counting.add(connection, numbers, amounts)


def close_session(connection: Connection, end: End, at: datetime) -> None:
    """Note how a dial ended; its turns may still be on their way, so there may be no row yet."""
    row = {
        "id": end.session, "phone_key": end.phone_key, "started_at": at, "last_at": at, "turns": 0, "language": "",
        "screen": "", "ended": False, "menu_version": "", "closed": end.status, "lasted": end.lasted,
        "patience": end.patience,
    }  # fmt: skip
    found = connection.execute(_CLOSE_SESSION[connection.dialect.name], row).mappings().one_or_none()
    if found:
        counting.add(connection, _settle(connection, [Passed(**found)]))


def _settle(connection: Connection, dials: Iterable[Passed], answered: Collection[str] = ()) -> Counts:
    """Count dials as answered, else as how they ended; where more is known than before, as what they are now.

    Their rows are this transaction's until its end, so each counts once.
    """
    counts: Counts = Counter()
    changed = []
    for one in dials:
        now, hour = ANSWERED if one.id in answered else _outcome(one), clock.hour_of(one.started_at)
        if (now, hour) == (one.outcome, one.counted_in) or now is one.outcome is None:
            continue
        # Taken from the hour it was counted in: an earlier turn that comes late moves a dial's beginning.
        for outcome, at, number in ((one.outcome, one.counted_in, -1), (now, hour, 1)):
            if outcome and at:
                counts[at, counting.of_outcome(outcome)] += number
        changed.append({"which": one.id, "now": now, "hour": hour})
    if changed:
        connection.execute(_OUTCOME, changed)
    return counts


def _outcome(one: Passed) -> str | None:
    if one.outcome == ANSWERED:
        return ANSWERED
    return told_ending(one) if one.turns and (one.ended or one.closed is not None) else None


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
    both = {
        "started_at": min(before["started_at"], record.at) if before else record.at,
        "last_at": max(before["last_at"], record.at) if before else record.at,
    }
    if before and before["turns"] > one.number:
        return before | both
    return both | {
        "id": one.session,
        "phone_key": record.phone_key,
        "turns": one.number,
        "language": one.language,
        "screen": one.page.screen,
        "ended": one.page.end,
        "menu_version": one.menu_version,
    }
