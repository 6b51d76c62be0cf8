"""The queues of requests, as statements: what is in each, in which order, and where the next page begins."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Integer, Select, and_, bindparam, case, false, func, or_, select

from gateway.core.embedded.tables import (
    OPEN_APPLICATIONS,
    OPEN_CASES,
    OPEN_CHANGES,
    application,
    case_,
    change_request,
)
from gateway.core.port import Asked
from gateway.core.port.casework import CONFIDENTIAL, MINE, OMBUDSMAN, OPEN, OVERDUE, UNASSIGNED

_open = case_.c.state.in_([str(state) for state in OPEN_CASES])
_seen = or_(case_.c.confidential == false(), bindparam("confidential", type_=Boolean))
_IN: Mapping[str, Any] = {
    MINE: case_.c.assigned_to == bindparam("me"),
    UNASSIGNED: case_.c.assigned_to.is_(None),
    OVERDUE: case_.c.target_on < bindparam("today", type_=Date),
    OMBUDSMAN: or_(case_.c.ombudsman_on <= bindparam("soon", type_=Date), case_.c.state == "escalated"),
    CONFIDENTIAL: case_.c.confidential,
    OPEN: case_.c.id > 0,
}
# Urgent ones first, then by target day; a page goes on behind its last row.
_behind = or_(
    case_.c.urgent < bindparam("urgent", type_=Boolean),
    and_(
        case_.c.urgent == bindparam("urgent", type_=Boolean),
        or_(
            case_.c.target_on > bindparam("target_on", type_=Date),
            and_(
                case_.c.target_on == bindparam("target_on", type_=Date),
                case_.c.id > bindparam("which", type_=Integer),
            ),
        ),
    ),
)


def _listed(name: str) -> Select[Any]:
    return (
        select(case_)
        .where(_open, _seen, _IN[name], _behind)
        .order_by(case_.c.urgent.desc(), case_.c.target_on, case_.c.id)
        .limit(bindparam("most"))
    )


LISTED = {name: _listed(name) for name in _IN}
COUNTS = select(
    *(func.coalesce(func.sum(case((each, 1), else_=0)), 0).label(name) for name, each in _IN.items())
).where(_open, _seen)

_TABLES = {
    Asked.APPLICATION: (application, OPEN_APPLICATIONS),
    Asked.CHANGE: (change_request, OPEN_CHANGES),
}
WAITING = {
    asked: select(table)
    .where(table.c.state.in_([str(state) for state in states]), table.c.id > bindparam("which"))
    .order_by(table.c.id)
    .limit(bindparam("most"))
    for asked, (table, states) in _TABLES.items()
}
ONE = {
    asked: select(table).where(table.c.reference == bindparam("reference"))
    for asked, (table, _) in _TABLES.items()
}
WAITING_COUNTS = select(
    *(
        select(func.count())
        .select_from(table)
        .where(table.c.state.in_([str(state) for state in states]))
        .scalar_subquery()
        .label(asked)
        for asked, (table, states) in _TABLES.items()
    )
)


def place_of(row: Any) -> str:
    """Where a page ends, as text for an address: it tells nothing of a person."""
    return f"{int(row.urgent)}.{row.target_on:%Y%m%d}.{row.id}"


def behind(after: str) -> dict[str, Any]:
    """The values of `_behind` for a place, or for the beginning. Raises ValueError."""
    if not after:
        return {"urgent": True, "target_on": date.min, "which": 0}
    urgent, day, which = after.split(".")
    return {
        "urgent": urgent == "1",
        "target_on": date(int(day[:4]), int(day[4:6]), int(day[6:])),
        "which": int(which),
    }
