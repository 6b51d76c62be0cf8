"""Seats of courses: one is held by each application that stands, and given back by one that falls."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, update

from gateway.core.embedded.tables import OPEN_APPLICATIONS, course
from gateway.core.port import TRADES, ApplicationState

# States in which an application holds its seat.
SEATED = frozenset({*OPEN_APPLICATIONS, ApplicationState.APPROVED})

_WHICH = course.c.code == bindparam("which")
_TAKE = update(course).where(_WHICH, course.c.taken < course.c.seats).values(taken=course.c.taken + 1)
_GIVE_BACK = update(course).where(_WHICH, course.c.taken > 0).values(taken=course.c.taken - 1)


def subject_of(code: str, child: int | None) -> str:
    """What an application to a course is about: the course, and whom it is for where that is not herself."""
    return code if child is None else f"{code}:{child}"


def take(connection: Connection, code: str) -> bool:
    """Hold a seat; False where none is left. The statement itself decides, so no two take the last one."""
    return connection.execute(_TAKE, {"which": code}).rowcount == 1


def follow(connection: Connection, application: Row[Any], state: ApplicationState) -> None:
    """An application comes to a state: its seat goes or comes with it. Raises ValueError where none is left to come."""
    if application.programme not in TRADES or not application.subject:
        return
    code = application.subject.partition(":")[0]
    held, holds = application.state in SEATED, state in SEATED
    if held and not holds:
        connection.execute(_GIVE_BACK, {"which": code})
    elif holds and not held and not take(connection, code):
        raise ValueError("no seat of the course is left")
