"""The values of SMS that travel between channels, the inbox and the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """An SMS that came in. id is the aggregator's, the same each time it is delivered again."""

    id: str
    phone: str
    to: str
    body: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS to send.

    dedupe_key  one key is one message, however often it is put
    lane        `reply` (she asked), `alert` (money moved), `campaign`; sent in this order
    template    name of the words it was made from, kept when the body is purged
    subject     what it is about (`instalment:12`), or empty
    """

    dedupe_key: str
    phone: str
    body: str
    lane: str
    template: str
    language: str = "en"
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report. status: `sent` (on its way), `delivered`, `failed`, `unknown` (a word not known yet)."""

    id: str
    phone: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the aggregator said of one recipient of a send.

    status      `accepted`, `refused` (for good), `retry` (later may work), `hold` (a person must look),
                `pause` (nothing will go out now, for anybody), `unknown` (it may have been taken)
    id          the aggregator's message id, empty where it gave none; cost as it said it
    """

    phone: str
    status: str
    id: str = ""
    reason: str = ""
    cost: str = ""


class Sender(Protocol):
    """The sending half of an aggregator."""

    name: str

    def send(self, body: str, phones: Sequence[str]) -> list[Receipt]:
        """Send one text to up to 100 phones; one receipt for each, in order.

        Raises AggregatorError with kind `retry` (nothing was taken), `unknown` (it may have been taken), `pause`,
        `hold` or `refused` for the whole call.
        """
        ...
