"""`gateway payments import`: a file of instalments that reached a state, taken whole or not at all.

A row that was taken before changes nothing, so a file may be given twice, or grow and be given again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from gateway import clock
from gateway.core.embedded import moves
from gateway.core.embedded.files.payments import FIELDS, PaymentRows, Reported
from gateway.core.embedded.files.sheet import Progress, Sheet
from gateway.core.embedded.instalments import may_move
from gateway.core.embedded.moves import Course, Key
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.tables import phone, phone_link
from gateway.core.port import Announcer, InstalmentMoved
from gateway.db import Database
from gateway.privacy import Vault

# Older moves are history that is being loaded, and wake nobody.
NEWS = timedelta(days=7)

_PHONES = (
    select(phone_link.c.person, phone.c.phone_sealed)
    .select_from(phone_link.join(phone, phone.c.id == phone_link.c.phone))
    .where(phone_link.c.person.in_(bindparam("persons", expanding=True)), phone_link.c.status == "verified")
    .order_by(phone_link.c.id)
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: rows read, moves made, rows that were known already, instalments announced."""

    rows: int
    moved: int
    unchanged: int
    announced: int


@dataclass(frozen=True)
class PaymentsImport:
    """Takes payments files into the database, and tells the announcer of fresh moves within the same transaction."""

    database: Database
    vault: Vault
    programmes: Programmes
    announcer: Announcer

    def take(self, path: Path, progress: Progress | None = None) -> Imported:
        """Take one file. Raises FileFault with every fault found, and then nothing was taken.

        Reading and looking up come before the transaction, so that it keeps other writers waiting as short as can be.
        """
        sheet = Sheet(path, FIELDS, clock.today(), progress=progress)
        with self.database.reading() as connection:
            rows = PaymentRows(connection, self.vault, self.programmes, sheet)
            reported = list(rows.read())
        sheet.settle()
        with self.database.writing() as connection:
            moves.hold(connection)
            courses = moves.load(connection, (each.key for each in reported))
            moved = sum(_apply(courses, each, sheet) for each in reported)
            sheet.settle()
            for written in moves.write(connection, courses, f"file {path.name}"[:40], clock.now()):
                if progress is not None:
                    progress(f"{path.name}, writing", written, moved)
            announced = self._announce(connection, courses, rows.places)
        return Imported(len(reported), moved, len(reported) - moved, announced)

    def _announce(self, connection: Connection, courses: dict[Key, Course], places: dict[str, str]) -> int:
        """Tell where each instalment stands that moved these days. A state that the file itself went past is no news."""
        news = [(key, course) for key, course in courses.items() if _is_news(course, clock.today())]
        for some in moves.split(news, moves.AT_ONCE):
            phones = self._phones(connection, sorted({key[0] for key, _ in some}))
            self.announcer.moved(
                connection, [_told(key, course, places, phones.get(key[0], ())) for key, course in some]
            )
        return len(news)

    def _phones(self, connection: Connection, persons: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Person -> her phones, oldest link first."""
        found: dict[int, tuple[str, ...]] = {}
        for her, sealed in connection.execute(_PHONES, {"persons": persons}):
            found[her] = (*found.get(her, ()), self.vault.open(sealed))
        return found


def _apply(courses: dict[Key, Course], each: Reported, sheet: Sheet) -> bool:
    """Whether a row moved its instalment; False for what is known already and for a fault."""
    course = courses.setdefault(each.key, each.opens)
    move, now = each.move, course.now
    if each.amount is not None and each.amount != course.amount:
        sheet.fault(each.line, "amount", f"is {each.amount}, but the instalment is of {course.amount}")
    elif (move.state, move.reason) in course.reached:
        pass
    elif not may_move(None if now is None else now.state, move.state):
        before = "an instalment not yet reported" if now is None else now.state
        sheet.fault(each.line, "state", f"{move.state} cannot follow {before}")
    elif now is not None and move.moved_on < now.moved_on:
        sheet.fault(each.line, "at", f"is before {now.moved_on}, when it came to {now.state}")
    else:
        course.take(move)
        return True
    return False


def _is_news(course: Course, today: date) -> bool:
    return bool(course.moves) and course.now is not None and today - course.now.moved_on <= NEWS


def _told(key: Key, course: Course, places: dict[str, str], phones: tuple[str, ...]) -> InstalmentMoved:
    now = course.now
    assert course.id is not None  # noqa: S101 - it was written just before
    assert now is not None  # noqa: S101 - it moved
    return InstalmentMoved(
        instalment=course.id,
        programme=key[1],
        period=key[2],
        amount=course.amount,
        state=now.state,
        unpaid=now.reason,
        place=places[now.pay_point] if now.pay_point else "",
        place_on=now.place_on,
        until=now.collect_by,
        phones=phones,
        moved_on=now.moved_on,
    )
