"""How many messages stand where, for metrics."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from gateway import clock
from gateway.db import Database
from gateway.messages.tables import deferred, inbox, outbox

_DAY = timedelta(days=1)
_MADE = (
    select(outbox.c.lane, outbox.c.state, func.count().label("number"))
    .where(outbox.c.created_at >= bindparam("since"), outbox.c.created_at < bindparam("until"))
    .group_by(outbox.c.lane, outbox.c.state)
)


def of_day(database: Database) -> dict[tuple[str, str], int]:
    """Messages of the last 24 hours by (lane, state)."""
    asked = (
        select(outbox.c.lane, outbox.c.state, func.count())
        .where(outbox.c.created_at >= clock.now() - _DAY)
        .group_by(outbox.c.lane, outbox.c.state)
    )
    with database.reading() as connection:
        return {(lane, state): number for lane, state, number in connection.execute(asked)}


def made(database: Database, since: datetime, until: datetime) -> dict[tuple[str, str], int]:
    """Messages made from `since` to before `until`, by (lane, state now)."""
    with database.reading() as connection:
        rows = connection.execute(_MADE, {"since": since, "until": until})
        return {(row.lane, row.state): row.number for row in rows}


def waiting(database: Database) -> dict[str, int]:
    """Messages still to go out, by lane."""
    asked = (
        select(outbox.c.lane, func.count().label("waiting"))
        .where(outbox.c.state.in_(("pending", "claimed", "sending")))
        .group_by(outbox.c.lane)
    )
    with database.reading() as connection:
        return {row.lane: row.waiting for row in connection.execute(asked)}


def unanswered(database: Database) -> dict[str, int]:
    """Texts not answered yet, answers owed to callers, messages that a person must look at: `inbox`, `deferred`, `held`."""
    held = select(func.count()).select_from(outbox).where(outbox.c.state == "held")
    with database.reading() as connection:
        owed = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.answered_at.is_(None))
            ).scalar_one()
            for table in (inbox, deferred)
        }
        return owed | {"held": connection.execute(held).scalar_one()}
