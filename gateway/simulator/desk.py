"""The simulator as one whole, without its page: every part on one store and one line."""

import time
from collections.abc import Mapping
from pathlib import Path

from gateway.simulator import length, wire
from gateway.simulator.calls import Calls
from gateway.simulator.courier import TAKEN, Courier, Post
from gateway.simulator.exchange import Exchange
from gateway.simulator.line import Line
from gateway.simulator.mailbox import Mailbox, Sms
from gateway.simulator.messaging import Account, Messaging, Reply
from gateway.simulator.store import Store
from gateway.simulator.timing import Timing

# A text from a phone is tried for five minutes; the real aggregator tries for twelve hours.
TEXT_TRIES = 60


class Desk:
    """What the page and the SMS server work with."""

    def __init__(self, store: Path, line: Line, service_code: str, account: Account, timing: Timing) -> None:
        kept = Store(store)
        self.calls, self.mailbox = Calls(kept), Mailbox(kept)
        self.exchange = Exchange(service_code, line, self.calls, lambda: self.courier)
        self.courier = Courier(
            kept, line, self._tell, lambda: self.exchange.time_out_idle(timing.idle), timing.sweep
        )
        self._messaging = Messaging(self.mailbox, self.calls, self.courier, account, timing)
        self._timing = timing
        self.number = service_code.strip("*#").partition("*")[0]

    def take_sms(self, form: Mapping[str, str], api_key: str | None) -> Reply:
        """A send of the SDK."""
        return self._messaging.take(form, api_key)

    def time_out(self, phone: str) -> None:
        """The network waited for a key as long as it does."""
        self.exchange.time_out(phone, self._timing.idle)

    def text(self, phone: str, body: str) -> None:
        """A phone texts the service's number."""
        now = time.time()
        form = wire.text_message(phone=phone, to=self.number, body=body, at=now)
        message_id = dict(form)["id"]
        self.mailbox.put([Sms(message_id, phone, False, body, now, length.parts(body), "on its way")])
        self.courier.put([Post("sms", form, message_id, now, TEXT_TRIES, self._timing.gap)])

    def opt_out(self, phone: str) -> None:
        """The operator says that a phone wants no more bulk messages."""
        form = wire.opt_out(phone=phone, sender=self.number)
        self.courier.put([Post("opt-out", form, "", time.time(), gap=self._timing.gap)])

    def _tell(self, hook: str, about: str, outcome: str) -> None:
        if hook == "ussd-ended":
            self.calls.note(about, outcome)
        elif hook == "delivery":
            message_id, status = about.split()
            told = f"reported {status}" if outcome == TAKEN else f"report {status} {outcome}"
            self.mailbox.settle(message_id, f"arrived, {told}")
        elif hook == "sms":
            self.mailbox.settle(about, f"taken by {self.number}" if outcome == TAKEN else outcome)
