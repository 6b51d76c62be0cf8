"""Payment events: what another core system tells of instalments, in the words of the payments file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.errors import GatewayError


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One instalment reached one state. id: the sender's own, for good; cells: columns of the payments file as text."""

    id: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signature:
    """What signed a batch. mark: the signature itself, good for one time; until: when it would be too old anyway."""

    mark: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an event: `moved` its instalment, or `unchanged`: that was known from elsewhere."""

    id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class EventFault:
    """What is wrong with an event: where it stands in its batch, which field. Names no person."""

    index: int
    field: str
    what: str


class EventsRefused(GatewayError):
    """Nothing of a batch was taken, for these faults."""

    code = "events_refused"

    def __init__(self, faults: Sequence[EventFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


class EventsDiffer(EventsRefused):
    """Nothing of a batch was taken: an id of it came before with other content."""

    code = "events_differ"


class SignatureUsed(GatewayError):
    """Nothing of a batch was taken: its signature was used before."""

    code = "signature_used"


class PaymentEvents(Protocol):
    def take(self, events: Sequence[PaymentEvent], signature: Signature, source: str) -> tuple[Taken, ...]:
        """Take a batch whole or not at all, in its order, and tell her phones in the same transaction.

        An event that was taken before is answered as it was then. source: who sent them, for the record.
        Raises EventsRefused, EventsDiffer, SignatureUsed; DatabaseUnreachable where it may go through later.
        """
        ...
