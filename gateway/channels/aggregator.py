"""What any aggregator comes down to: the values that travel and the Protocol that a channel module fulfils."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from gateway.conversation.session import Page
from gateway.messages.values import Report, Sender, Text


class Dial(NamedTuple):
    """One hop of a USSD session as the aggregator tells it.

    session     the aggregator's id; phone E.164; service_code as dialled (`*8171#`)
    trail       all keys of the session so far, joined by `*`; empty on the first hop
    label       our own label of the hop before, where the aggregator echoes it; empty otherwise
    """

    session: str
    phone: str
    service_code: str
    network: str
    trail: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """The aggregator says that a session is over.

    status      `success`, `incomplete` (she left, or time ran out), `failed` (we did)
    seconds     how long it lasted from its first hop to its end, or None where that is not told
    """

    session: str
    phone: str
    status: str
    reason: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """A phone asked the operator for no more messages."""

    phone: str


class Headers(Protocol):
    """Request headers by name, whatever its case."""

    def get(self, name: str, default: str, /) -> str: ...


class Aggregator(Sender, Protocol):
    """A channel: one module, one case table of captured requests.

    Parsers take the fields of a form. They raise
    `channels.aggregator.Unreadable` where phone or session is missing, and never anything else.
    """

    def parse_dial(self, form: Mapping[str, str], headers: Headers) -> Dial: ...
    def parse_ended(self, form: Mapping[str, str]) -> Ended: ...
    def parse_text(self, form: Mapping[str, str]) -> Text: ...
    def parse_report(self, form: Mapping[str, str]) -> Report: ...
    def parse_opt_out(self, form: Mapping[str, str]) -> OptOut: ...
    def render_page(self, page: Page) -> tuple[str, dict[str, str]]:
        """The body to answer with and extra response headers."""
        ...


class Unreadable(ValueError):
    """The request lacks what it would take to answer it."""
