"""What was reported of instalments, taken: moves made, written, and fresh ones told to the announcer, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection

from gateway import clock
from gateway.core.embedded import moves
from gateway.core.embedded.files.payments import Reported
from gateway.core.embedded.files.sheet import Given
from gateway.core.embedded.instalments import may_move
from gateway.core.embedded.moves import Course, Key
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.told import phones_of
from gateway.core.port import Announcer, InstalmentMoved
from gateway.privacy import Vault

# Older moves are history that is being loaded, and wake nobody.
NEWS = timedelta(days=7)


@dataclass
class Taking:
    """One taking on the caller's transaction: `moves.hold` before, then `apply` in order, `write`, `announce`."""

    connection: Connection
    reported: Sequence[Reported]
    _courses: dict[Key, Course] = field(init=False)

    def __post_init__(self) -> None:
        self._courses = moves.load(self.connection, (each.key for each in self.reported))

    def apply(self, given: Given) -> list[bool]:
        """For each row whether it moves its instalment; False for what is known already, and for a fault."""
        return [_apply(self._courses, each, given) for each in self.reported]

    def write(self, source: str) -> Iterator[int]:
        """Store the moves; yields how many are written after each batch."""
        yield from moves.write(self.connection, self._courses, source[:40], clock.now())

    def announce(
        self, announcer: Announcer, vault: Vault, programmes: Programmes, places: Mapping[str, str]
    ) -> int:
        """Tell where each instalment stands that moved these days. A state that was gone past at once is no news."""
        news = [(key, course) for key, course in self._courses.items() if _is_news(course, clock.today())]
        for some in moves.split(news, moves.AT_ONCE):
            phones = phones_of(self.connection, vault, sorted({key.person for key, _ in some}))
            told = [
                _told(
                    key,
                    course,
                    places,
                    phones.get(key.person, ()),
                    discreet=programmes[key.programme].discreet,
                )
                for key, course in some
            ]
            announcer.moved(self.connection, told)
        return len(news)


def _apply(courses: dict[Key, Course], each: Reported, given: Given) -> bool:
    """Whether a row moved its instalment; False for what is known already and for a fault."""
    course = courses.setdefault(each.key, each.opens)
    move, now = each.move, course.now
    if each.amount is not None and each.amount != course.amount:
        given.fault(each.line, "amount", f"is {each.amount}, but the instalment is of {course.amount}")
    elif move.mark in course.reached:
        pass
    elif not may_move(None if now is None else now.state, move.state):
        before = "an instalment not yet reported" if now is None else now.state
        given.fault(each.line, "state", f"{move.state} cannot follow {before}")
    elif now is not None and move.moved_on < now.moved_on:
        given.fault(each.line, "at", f"is before {now.moved_on}, when it came to {now.state}")
    else:
        course.take(move)
        return True
    return False


def _is_news(course: Course, today: date) -> bool:
    return bool(course.moves) and course.now is not None and today - course.now.moved_on <= NEWS


def _told(
    key: Key, course: Course, places: Mapping[str, str], phones: tuple[str, ...], *, discreet: bool
) -> InstalmentMoved:
    now = course.now
    assert course.id is not None  # noqa: S101 - it was written just before
    assert now is not None  # noqa: S101 - it moved
    return InstalmentMoved(
        instalment=course.id,
        programme=key.programme,
        period=key.period,
        amount=course.amount,
        state=now.state,
        unpaid=now.reason,
        place=places[now.pay_point] if now.pay_point else "",
        place_on=now.place_on,
        until=now.collect_by,
        phones=phones,
        moved_on=now.moved_on,
        discreet=discreet,
    )
