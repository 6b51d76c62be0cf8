"""Rows of the outbox that one worker holds, grouped into calls of the aggregator."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row of the outbox that this worker holds; `phone` is E.164, `attempts` those that failed so far."""

    id: int
    phone: str
    lane: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One call: rows of one lane with one text, no phone twice. `claim` is the mark of the worker that holds them."""

    claim: str
    lane: str
    body: str
    rows: tuple[Claimed, ...]


def group(claim: str, rows: Iterable[Claimed], size: int) -> list[Batch]:
    """Batches of up to `size` rows, in the order in which their first rows stand."""
    filling: dict[tuple[str, str], dict[str, Claimed]] = {}
    full: list[tuple[tuple[str, str], tuple[Claimed, ...]]] = []
    for row in rows:
        key = (row.lane, row.body)
        batch = filling.setdefault(key, {})
        # Receipts tell recipients apart by phone, so a phone stands once in a call.
        if row.phone in batch or len(batch) >= size:
            full.append((key, tuple(batch.values())))
            batch = filling[key] = {}
        batch[row.phone] = row
    full += [(key, tuple(batch.values())) for key, batch in filling.items()]
    full.sort(key=lambda entry: (_RANK.get(entry[0][0], len(_RANK)), entry[1][0].id))
    return [Batch(claim, lane, body, rows) for (lane, body), rows in full]


_RANK = {"reply": 0, "alert": 1, "campaign": 2}
