"""Payment events as rows of the payments file, so that one set of rules reads both."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from gateway.core.embedded.files.payments import FIELDS
from gateway.core.embedded.files.sheet import Row, read_row
from gateway.core.port import EventFault, EventsRefused

_COLUMNS = frozenset(field.name for field in FIELDS)


class EventRows:
    """The events of one batch by their place in it. Faults are kept, and read past."""

    def __init__(self, cells: Mapping[int, Mapping[str, str]], today: date) -> None:
        self._cells = cells
        self._today = today
        self._faults: list[EventFault] = []

    def fault(self, line: int, column: str, what: str) -> None:
        self._faults.append(EventFault(line, column, what))

    def settle(self) -> None:
        """Raises EventsRefused with all that was found wrong, in the batch's order."""
        if self._faults:
            raise EventsRefused(sorted(self._faults, key=lambda fault: fault.index))

    def batches(self) -> Iterator[list[Row]]:
        """The sound events, all at once: a batch is small."""
        yield [row for index, given in self._cells.items() for row in self._row(index, given)]

    def _row(self, index: int, given: Mapping[str, str]) -> Sequence[Row]:
        before = len(self._faults)
        for column in given.keys() - _COLUMNS:
            self.fault(index, column[:40], "is no field of an event")
        values = read_row(FIELDS, given, self._today, lambda column, what: self.fault(index, column, what))
        return (Row(index, values),) if len(self._faults) == before else ()
