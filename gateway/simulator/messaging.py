"""The aggregator's SMS server: takes what the SDK sends, gives each recipient an answer, and reports on it later."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.simulator import length, wire
from gateway.simulator.calls import Calls, Choice
from gateway.simulator.courier import Courier, Post
from gateway.simulator.mailbox import Mailbox, Sms
from gateway.simulator.timing import Timing
from gateway.simulator.troubles import INVALID, TROUBLES, Trouble

PRICE_OF_A_PART = 0.8
FIELDS = ("username", "to", "message")
_WRONG_ACCOUNT = "The supplied authentication is invalid"


@dataclass(frozen=True, slots=True)
class Account:
    """What a sender must present."""

    username: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the SMS server answers; wait that many seconds before."""

    code: int
    body: str
    content_type: str = "text/plain"
    wait: float = 0.0


class Messaging:
    """`POST /version1/messaging` for one account."""

    def __init__(
        self, mailbox: Mailbox, calls: Calls, courier: Courier, account: Account, timing: Timing
    ) -> None:
        self._mailbox, self._calls, self._courier = mailbox, calls, courier
        self._account, self._timing = account, timing

    def take(self, form: Mapping[str, str], api_key: str | None) -> Reply:
        """Answer one request of the SDK."""
        refusal = self._refuse(form, api_key)
        if refusal:
            return refusal
        phones = [phone.strip() for phone in form["to"].split(",") if phone.strip()]
        choices = self._calls.choices()
        recipients = [_Recipient.of(phone, choices.get(phone, Choice())) for phone in phones]
        for recipient in recipients:
            if recipient.trouble.http:
                return Reply(recipient.trouble.http, "There was an internal server error.")
            if recipient.trouble.whole:
                return _created(recipient.trouble.whole, [])
        return self._deliver(recipients, form["message"])

    def _refuse(self, form: Mapping[str, str], api_key: str | None) -> Reply | None:
        if api_key is None:
            return Reply(401, "The resource requires authentication, which was not supplied with the request")
        if api_key != self._account.api_key:
            return Reply(401, _WRONG_ACCOUNT)
        for name in FIELDS:
            if not form.get(name):
                return Reply(400, f"Request is missing required form field '{name}'")
        return None if form["username"] == self._account.username else Reply(401, _WRONG_ACCOUNT)

    def _deliver(self, recipients: list["_Recipient"], body: str) -> Reply:
        now, parts = time.time(), length.parts(body)
        price = f"KES {PRICE_OF_A_PART * parts:.4f}"
        self._mailbox.put([recipient.sms(body, now, parts, price) for recipient in recipients])
        self._courier.put([post for recipient in recipients for post in recipient.reports(now, self._timing)])
        sent = sum(recipient.trouble.accepted for recipient in recipients)
        summary = f"Sent to {sent}/{len(recipients)} Total Cost: "
        summary += f"KES {PRICE_OF_A_PART * parts * sent:.4f} Message parts: {parts}" if sent else "0"
        wait = self._timing.hang if any(recipient.trouble.hangs for recipient in recipients) else 0.0
        return _created(summary, [recipient.result(parts, price) for recipient in recipients], wait)


@dataclass(frozen=True, slots=True)
class _Recipient:
    """One phone of a send; id is its message's, whether or not the sender is told."""

    phone: str
    line: Choice
    trouble: Trouble
    id: str

    @classmethod
    def of(cls, phone: str, line: Choice) -> "_Recipient":
        valid = re.fullmatch(r"\+[1-9]\d{6,14}", phone, re.ASCII)
        trouble = TROUBLES.get(line.trouble, TROUBLES["none"]) if valid else INVALID
        return cls(phone, line, trouble, wire.new_message_id())

    def result(self, parts: int, price: str) -> dict[str, str | int]:
        accepted = self.trouble.accepted
        return {
            "statusCode": self.trouble.code,
            "number": self.phone,
            "status": self.trouble.status,
            "cost": price if accepted else "0",
            "messageId": self.id if accepted else "None",
            "messageParts": parts if accepted else 0,
        }

    def sms(self, body: str, at: float, parts: int, price: str) -> Sms:
        accepted = self.trouble.accepted
        waiting = "not reported yet" if self.trouble.report else "never reported"
        state = f"arrived, {waiting}" if accepted else f"never came: {self.trouble.status}"
        return Sms(self.id, self.phone, True, body, at, parts, state, price if accepted else "")

    def reports(self, now: float, timing: Timing) -> list[Post]:
        """The delivery reports that follow."""
        trouble = self.trouble
        if not trouble.accepted or not trouble.report:
            return []
        form = wire.report(
            phone=self.phone,
            message_id=self.id,
            status=trouble.report,
            reason=trouble.reason,
            network=self.line.network,
        )
        due = now + timing.report + (timing.late if trouble.late else 0)
        return [Post("delivery", form, f"{self.id} {trouble.report}", due, gap=timing.gap)] * trouble.copies


def _created(message: str, recipients: list[dict[str, str | int]], wait: float = 0.0) -> Reply:
    body = json.dumps({"SMSMessageData": {"Message": message, "Recipients": recipients}})
    return Reply(201, body, "application/json", wait)
