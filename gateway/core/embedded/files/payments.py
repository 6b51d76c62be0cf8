"""The payments file: its columns, and how a row becomes the move of an instalment.

A row says: this person's instalment of this programme and period reached this state on this day.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from gateway import clock
from gateway.core.embedded.files import days, fields
from gateway.core.embedded.files.fields import Field
from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Row, Sheet
from gateway.core.embedded.instalments import reason_in
from gateway.core.embedded.moves import Course, Key, Move
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.tables import enrolment, event, pay_point, person
from gateway.core.port import State, Unpaid
from gateway.privacy import Vault

FIELDS = (
    Field("cnic", fields.cnic),
    Field("programme", fields.code),
    Field("period", fields.text(40)),  # a quarter, or an event's code, as the programme has it
    Field("amount", fields.whole(1, 10_000_000), None),  # blank: the rate in force, or the event's amount
    Field("state", fields.one_of(tuple(State))),
    Field("at", fields.past_day),
    Field("unpaid", fields.one_of(tuple(Unpaid)), None),
    Field("place", fields.code, None),  # a pay point
    Field("place_on", fields.day, None),  # the day booked there
    Field("until", fields.day, None),  # the last day to collect
)

_PERSONS = select(person.c.cnic_key, person.c.id).where(
    person.c.cnic_key.in_(bindparam("keys", expanding=True))
)
_ENROLMENTS = select(enrolment.c.person, enrolment.c.programme, enrolment.c.id).where(
    enrolment.c.person.in_(bindparam("persons", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A sound row. opens: the instalment as it would begin, should nobody have heard of it."""

    line: int
    key: Key
    amount: int | None
    move: Move
    opens: Course


class _CellError(Exception):
    """What is wrong with a column."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(column, what)
        self.column, self.what = column, what


class PaymentRows:
    """The rows of a sheet with everything that they name looked up."""

    def __init__(self, connection: Connection, vault: Vault, programmes: Programmes, sheet: Sheet) -> None:
        self._connection = connection
        self._vault = vault
        self._programmes = programmes
        self._sheet = sheet
        self._today = clock.today()
        self._rates: dict[tuple[str, str], tuple[str, int | None]] = {}
        self._events = {row.code: row for row in connection.execute(select(event))}
        self.places: dict[str, str] = dict(
            connection.execute(select(pay_point.c.code, pay_point.c.name)).all()
        )

    def read(self) -> Iterator[Reported]:
        """The sound rows in the file's order; the faults of the others are the sheet's."""
        for batch in self._sheet.batches():
            persons = self._persons(batch)
            enrolments = self._enrolments(list(persons.values()))
            for row in batch:
                try:
                    yield self._reported(row, persons.get(row["cnic"]), enrolments)
                except _CellError as error:
                    self._sheet.fault(row.line, error.column, error.what)

    def _persons(self, batch: list[Row]) -> dict[str, int]:
        """CNIC -> person, of those who are known."""
        by_key = {key: row["cnic"] for row in batch for key in self._vault.cnic_keys(row["cnic"])}
        found = self._connection.execute(_PERSONS, {"keys": list(by_key)})
        return {by_key[key]: number for key, number in found if key is not None}

    def _enrolments(self, persons: list[int]) -> dict[tuple[int, str], int]:
        found = self._connection.execute(_ENROLMENTS, {"persons": persons})
        return {(her, programme): number for her, programme, number in found}

    def _reported(self, row: Row, her: int | None, enrolments: dict[tuple[int, str], int]) -> Reported:
        if her is None:
            raise _CellError("cnic", "is of nobody in the registry")
        code = row["programme"]
        if code not in self._programmes:
            raise _CellError("programme", f"{quoted(code)} is no programme")
        if self._programmes[code].period == "event":
            period, opens = self._of_event(row)
        else:
            period, opens = self._of_quarter(row, enrolments.get((her, code)))
        return Reported(row.line, (her, code, period), row["amount"], self._move(row), opens)

    def _of_event(self, row: Row) -> tuple[str, Course]:
        known = self._events.get(row["period"])
        if known is None or known.programme != row["programme"]:
            raise _CellError("period", f"{quoted(row['period'])} is no event of {row['programme']}")
        return known.code, Course(row["amount"] or known.amount, event=known.code)

    def _of_quarter(self, row: Row, enrolled: int | None) -> tuple[str, Course]:
        code = row["programme"]
        named = (code, row["period"])
        if named not in self._rates:  # a file names few periods, many times
            self._rates[named] = self._rate_of(*named)
        period, rate = self._rates[named]
        if enrolled is None:
            raise _CellError("cnic", f"is of somebody who is not enrolled in {code}")
        amount = row["amount"] or rate
        if amount is None:
            raise _CellError("amount", f"is missing, and no rate of {code} was in force in {period}")
        return period, Course(amount, enrolment=enrolled)

    def _rate_of(self, code: str, given: str) -> tuple[str, int | None]:
        """The quarter, and what a programme pays in it."""
        try:
            period = days.read_period(given, self._today)
        except ValueError as error:
            raise _CellError("period", str(error)) from None
        return period, self._programmes[code].rate_on(clock.quarter_bounds(period)[0])

    def _move(self, row: Row) -> Move:
        state, unpaid = State(row["state"]), row["unpaid"]
        try:
            reason = reason_in(state, Unpaid(unpaid) if unpaid else None)
        except ValueError as error:
            raise _CellError("unpaid", str(error)) from None
        if row["place"] is not None and row["place"] not in self.places:
            raise _CellError("place", f"{quoted(row['place'])} is no pay point")
        if state is State.BRANCH_ROUTE:
            for column in ("place", "place_on"):
                if row[column] is None:
                    raise _CellError(column, "is missing: BRANCH_ROUTE names the branch and the day")
        for column in ("place_on", "until"):
            if row[column] is not None and row[column] < row["at"]:
                raise _CellError(column, "is before the day in `at`")
        return Move(state, reason, row["place"], row["place_on"], row["until"], row["at"])
