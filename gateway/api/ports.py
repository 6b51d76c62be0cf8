"""What the API asks beside the services."""

from dataclasses import dataclass

from gateway.core.port import CaseList, PaymentEvents


@dataclass(frozen=True, slots=True)
class Ports:
    """Filled by `compose.ports`."""

    payment_events: PaymentEvents
    case_list: CaseList
