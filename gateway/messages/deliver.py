"""One round of sending: claim, wait for the throttle, send, settle."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from gateway import clock
from gateway.core.port import Contact
from gateway.errors import AggregatorError, CoreUnreachable, StoreUnreachable
from gateway.messages.batches import Batch, Claimed
from gateway.messages.outbox import Outbox
from gateway.messages.throttle import Throttle
from gateway.messages.values import Receipt, Sender

log = structlog.get_logger()

# Nobody is sent to for so long after the aggregator said that the account itself is at fault (money, key, sender).
STOP_SECONDS = 300
_STOPPING = {"pause", "hold"}
_CORE_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True)
class Delivery:
    """Sends what is due in the outbox through one aggregator. Any number of them may run at once, anywhere.

    contact     what a phone prefers: one that opted out gets replies only
    batch       the most recipients of one call
    """

    outbox: Outbox
    sender: Sender
    throttle: Throttle
    contact: Callable[[str], Contact]
    batch: int = 100
    claim: int = 500
    stop: threading.Event = field(default_factory=threading.Event)

    def round(self) -> int:
        """Send what is due, up to one claim; the number of messages taken. A round while stopped takes none."""
        self.outbox.recover()
        if self.throttle.stopped():
            return 0
        batches = self.outbox.claim(self.claim, self.batch)
        for done, batch in enumerate(batches):
            if not self._send_batch(batch):
                for left in batches[done + 1 :]:
                    self.outbox.release(left, left.rows)
                break
        return sum(len(batch.rows) for batch in batches)

    def _send_batch(self, batch: Batch) -> bool:
        """Send one batch; False where nothing more should go out now. Nothing it holds is lost on any way out."""
        try:
            if batch.lane != "reply":
                self._leave_out_opted_out(batch)
            if not self._wait(len(batch.rows)):
                self.outbox.release(batch, batch.rows)
                return False
        except CoreUnreachable:
            self.outbox.release(batch, batch.rows, clock.now() + _CORE_PAUSE)
            return True
        except StoreUnreachable:
            self.outbox.release(batch, batch.rows)
            log.warning("throttle_unreachable")
            return False
        rows = self.outbox.start(batch)
        return self._send(batch, rows) if rows else True

    def _leave_out_opted_out(self, batch: Batch) -> None:
        refusing = [row for row in batch.rows if self.contact(row.phone).opted_out]
        if refusing:
            self.outbox.suppress(batch, refusing)

    def _wait(self, messages: int) -> bool:
        """Wait for the throttle; False if the worker stops or another one was told to stop sending."""
        while seconds := self.throttle.take(messages):
            if self.stop.wait(min(seconds, 1.0)) or self.throttle.stopped():
                return False
        return not self.stop.is_set()

    def _send(self, batch: Batch, rows: Sequence[Claimed]) -> bool:
        started = clock.ticks()
        try:
            receipts = self.sender.send(batch.body, [row.phone for row in rows])
        except AggregatorError as error:
            # The whole call failed. What the account is to blame for is no fault of these messages: they wait.
            status = "pause" if error.kind in _STOPPING else error.kind
            receipts = [Receipt(row.phone, status, reason=str(error)) for row in rows]
            stopping = error.kind in _STOPPING
            log.warning(
                "send_failed", kind=error.kind, reason=str(error), messages=len(rows), lane=batch.lane
            )
        else:
            stopping = any(receipt.status == "pause" for receipt in receipts)
            log.info(
                "sent",
                messages=len(rows),
                accepted=sum(receipt.status == "accepted" for receipt in receipts),
                lane=batch.lane,
                seconds=round(clock.ticks() - started, 3),
            )
        self.outbox.settle(batch, list(zip(rows, receipts, strict=True)))
        if stopping:
            log.error(
                "sending_stopped",
                seconds=STOP_SECONDS,
                reason=next(r.reason for r in receipts if r.status == "pause"),
            )
            self.throttle.stop(STOP_SECONDS)
        return not stopping
