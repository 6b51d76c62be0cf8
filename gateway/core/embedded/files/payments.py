"""The payments file: its columns, and how a row becomes the move of an instalment.

A row says: this person's instalment of this programme and period reached this state on this day.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from gateway import clock
from gateway.core.embedded.files import days, fields
from gateway.core.embedded.files.fields import Field
from gateway.core.embedded.files.payees import Payee, bonuses_of, children_of, levels_of
from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Given, Row
from gateway.core.embedded.instalments import reason_in
from gateway.core.embedded.moves import Course, Key, Move
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.tables import INSTALMENT_KINDS, enrolment, event, pay_point, person
from gateway.core.port import State, Unpaid
from gateway.privacy import Vault

REGULAR, BONUS = INSTALMENT_KINDS
# The level of what is paid once, for a child who has finished primary school.
BONUS_LEVEL = "primary_completion"
# The level of a child who is no student, where a programme pays for small ones.
_SMALL_CHILD = "child"

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
    Field("child", fields.cnic, None),  # B-form of the child of hers that it is paid for
    Field("kind", fields.one_of(INSTALMENT_KINDS), REGULAR),
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
    """The rows that were given with everything that they name looked up."""

    def __init__(self, connection: Connection, vault: Vault, programmes: Programmes, sheet: Given) -> None:
        self._connection = connection
        self._vault = vault
        self._programmes = programmes
        self._sheet = sheet
        self._today = clock.today()
        self._rates: dict[tuple[str, str, str, str], int | None] = {}
        self._payees: dict[str, Payee] = {}
        self._bonuses: dict[tuple[int, str], str] = {}
        self._events = {row.code: row for row in connection.execute(select(event))}
        self.places: dict[str, str] = dict(
            connection.execute(select(pay_point.c.code, pay_point.c.name)).all()
        )

    def read(self) -> Iterator[Reported]:
        """The sound rows in the file's order; the faults of the others are told to what gave them."""
        for batch in self._sheet.batches():
            persons = self._persons(batch)
            enrolments = self._enrolments(list(persons.values()))
            children = children_of(
                self._connection, self._vault, (row["child"] for row in batch if row["child"])
            )
            self._payees = children
            self._bonuses |= bonuses_of(self._connection, {child.id for child in children.values()})
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
        paid_by = self._programmes[code].period
        if paid_by == "event":
            if row["child"] or row["kind"] != REGULAR:
                raise _CellError("child", f"is not what {code} pays for: one payment is for a whole family")
            period, opens = self._of_event(row)
            key = Key(her, code, period)
        elif paid_by == "quarter":
            key, opens = self._of_quarter(row, her, enrolments.get((her, code)))
        else:
            raise _CellError("programme", f"{code} pays no instalments")
        return Reported(row.line, key, row["amount"], self._move(row), opens)

    def _of_event(self, row: Row) -> tuple[str, Course]:
        known = self._events.get(row["period"])
        if known is None or known.programme != row["programme"]:
            raise _CellError("period", f"{quoted(row['period'])} is no event of {row['programme']}")
        return known.code, Course(row["amount"] or known.amount, event=known.code)

    def _of_quarter(self, row: Row, her: int, enrolled: int | None) -> tuple[Key, Course]:
        code = row["programme"]
        try:
            period = days.read_period(row["period"], self._today)
        except ValueError as error:
            raise _CellError("period", str(error)) from None
        if enrolled is None:
            raise _CellError("cnic", f"is of somebody who is not enrolled in {code}")
        child = self._child(row, her)
        amount = row["amount"] or self._rate(code, period, self._level(row, child), child)
        if amount is None:
            raise _CellError("amount", f"is missing, and no rate of {code} was in force in {period}")
        key = Key(her, code, period, row["kind"], child.id if child else None)
        self._check_bonus(key)
        return key, Course(amount, enrolment=enrolled)

    def _child(self, row: Row, her: int) -> Payee | None:
        """The child that a row names. Raises _CellError for one that is not hers."""
        if row["child"] is None:
            return None
        child = self._payees.get(row["child"])
        if child is None:
            raise _CellError("child", "is of nobody in the registry")
        if child.holder != her or child.id == her:
            raise _CellError("child", "is no child of her family unit")
        return child

    def _level(self, row: Row, child: Payee | None) -> str:
        """What of a programme's rates a row is paid by. Raises _CellError where a programme does not pay so."""
        code = row["programme"]
        programme = self._programmes[code]
        levels = levels_of(programme)
        if child is None:
            if levels and not any(rate.level == "" for rate in programme.rates):
                raise _CellError("child", f"is missing: {code} is paid for each child")
            if row["kind"] == BONUS:
                raise _CellError("child", "is missing: a bonus is paid for a child")
            return ""
        level = child.level if child.level in levels else _SMALL_CHILD
        if level not in levels:
            raise _CellError("child", f"is no student, and {code} pays for no other child")
        return BONUS_LEVEL if row["kind"] == BONUS else level

    def _check_bonus(self, key: Key) -> None:
        if key.kind == BONUS and key.child is not None:
            paid = self._bonuses.setdefault((key.child, key.programme), key.period)
            if paid != key.period:
                raise _CellError("kind", f"bonus is paid once, and it was for {paid}")

    def _rate(self, code: str, period: str, level: str, child: Payee | None) -> int | None:
        """What a programme pays in a quarter."""
        named = (code, period, level, child.sex if child else "")
        if named not in self._rates:  # a file names few periods, many times
            first, _ = clock.quarter_bounds(period)
            self._rates[named] = self._programmes[code].rate_on(first, level, named[3])
        return self._rates[named]

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
