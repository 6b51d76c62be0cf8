"""Where a row of the outbox goes by what the aggregator said of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, update

from gateway.messages.batches import Batch, Claimed
from gateway.messages.retry import after
from gateway.messages.tables import outbox
from gateway.messages.values import Receipt

MOST_ATTEMPTS = 8

# Only for who still holds the row; a row given up as `unknown` may still learn how it went.
SETTLE = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.claim == bindparam("mark"),
        or_(outbox.c.state == "sending", outbox.c.state == "unknown"),
    )
    .values(
        {
            name: bindparam(f"to_{name}")
            for name in ("state", "attempts", "next_at", "aggregator_id", "cost", "reason", "settled_at")
        }
    )
    .values(claim=None, lease_until=None)
)


def settlement(batch: Batch, row: Claimed, receipt: Receipt, now: datetime) -> dict[str, Any]:
    """What `SETTLE` takes for one row."""
    attempts, next_at, reason = row.attempts, now, receipt.reason
    state = {"accepted": "sent", "refused": "failed", "hold": "held", "unknown": "unknown"}.get(
        receipt.status
    )
    if receipt.status == "retry":
        attempts += 1
        if attempts >= MOST_ATTEMPTS:
            state, reason = "failed", f"gave up: {reason}"
        next_at = now + after(attempts)
    return {
        "row": row.id,
        "mark": batch.claim,
        "to_state": state or "pending",
        "to_attempts": attempts,
        "to_next_at": next_at,
        "to_aggregator_id": receipt.id or None,
        "to_cost": receipt.cost[:40],
        "to_reason": reason[:200],
        "to_settled_at": now if state == "failed" else None,
    }
