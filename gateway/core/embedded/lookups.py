"""How often one phone may ask about CNICs: an open look-up would otherwise tell who is on the rolls, by trying."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, case, delete, distinct, func, insert, select, text

from gateway import clock
from gateway.core.embedded.tables import lookup
from gateway.db import Database

PER_MINUTE = 3
CNICS_A_DAY = 10
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)

_KNOWN = select(lookup.c.limited, lookup.c.notice).where(
    lookup.c.key == bindparam("key"),
    lookup.c.phone_key == bindparam("phone_key"),
    lookup.c.cnic_key == bindparam("cnic_key"),
)
_minute_ago = lookup.c.at > bindparam("minute_ago")
_counted = lookup.c.limited == ""
_other = lookup.c.cnic_key != bindparam("cnic_key")
_SO_FAR = select(
    func.count(case((and_(_counted, _minute_ago), 1))).label("in_minute"),
    func.count(distinct(case((and_(_counted, _other), lookup.c.cnic_key)))).label("others"),
    func.count(case((and_(lookup.c.notice, lookup.c.limited == "minute", _minute_ago), 1))).label(
        "told_minute"
    ),
    func.count(case((and_(lookup.c.notice, lookup.c.limited == "day"), 1))).label("told_day"),
).where(lookup.c.phone_key == bindparam("phone_key"), lookup.c.at > bindparam("day_ago"))
_ADD = insert(lookup)
_FORGET = delete(lookup).where(
    lookup.c.phone_key == bindparam("phone_key"), lookup.c.at <= bindparam("two_days_ago")
)
# Two look-ups of one phone at once must see each other; SQLite's writers come one by one anyway.
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:phone_key, 8171))")


def count(database: Database, phone_key: str, cnic_key: str, key: str) -> tuple[bool, bool]:
    """Count one look-up: whether it is within the limits, and whether a refused one is to be told so.

    The same key with the same CNIC counts once and is answered alike each time; with another it is another look-up.
    A refused look-up counts against nothing.
    """
    with database.reading() as connection:
        known = connection.execute(_KNOWN, {"key": key, "phone_key": phone_key, "cnic_key": cnic_key}).first()
    if known is not None:
        return known.limited == "", known.notice
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(_TAKE_TURN, {"phone_key": phone_key})
        return _count(connection, phone_key, cnic_key, key, clock.now())


def _count(
    connection: Connection, phone_key: str, cnic_key: str, key: str, now: datetime
) -> tuple[bool, bool]:
    known = connection.execute(_KNOWN, {"key": key, "phone_key": phone_key, "cnic_key": cnic_key}).first()
    if known is not None:  # the same step came in between
        return known.limited == "", known.notice
    so_far = connection.execute(
        _SO_FAR,
        {"phone_key": phone_key, "cnic_key": cnic_key, "minute_ago": now - _MINUTE, "day_ago": now - _DAY},
    ).one()
    limited, told = "", 0
    if so_far.in_minute >= PER_MINUTE:
        limited, told = "minute", so_far.told_minute
    elif so_far.others >= CNICS_A_DAY:
        limited, told = "day", so_far.told_day
    notice = bool(limited) and told == 0
    connection.execute(
        _ADD,
        {
            "key": key,
            "phone_key": phone_key,
            "cnic_key": cnic_key,
            "limited": limited,
            "notice": notice,
            "at": now,
        },
    )
    connection.execute(_FORGET, {"phone_key": phone_key, "two_days_ago": now - 2 * _DAY})
    return not limited, notice
