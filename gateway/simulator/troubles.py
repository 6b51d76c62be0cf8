"""What can go wrong on purpose with the SMS of a phone, chosen on the page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with the SMS of a phone on purpose.

    code, status    the recipient's own result; `whole` refuses the request of which it is a part, `http` fails it
    report          status of the delivery report, empty for none; copies of it; late adds `Timing.late` seconds
    hangs           the message is accepted, the answer comes after the sender has stopped waiting
    """

    told: str
    code: int = 101
    status: str = "Success"
    whole: str = ""
    http: int = 0
    report: str = "Success"
    reason: str = ""
    copies: int = 1
    late: bool = False
    hangs: bool = False

    @property
    def accepted(self) -> bool:
        return self.code < 400


TROUBLES = {
    "none": Trouble("None: delivered and reported"),
    "refused": Trouble("Refused: UserInBlacklist", 406, "UserInBlacklist"),
    "balance": Trouble("Refused: InsufficientBalance", 405, "InsufficientBalance"),
    "gateway-error": Trouble("Refused for now: GatewayError", 501, "GatewayError"),
    "sender": Trouble("Whole request refused: InvalidSenderId", whole="InvalidSenderId"),
    "broken": Trouble("HTTP 500 to the whole request", http=500),
    "time-out": Trouble("Time-out after it was accepted", hangs=True),
    "no-report": Trouble("Delivered, never reported", report=""),
    "late-report": Trouble("Delivered, reported late", late=True),
    "failed-report": Trouble("Reported as failed", report="Failed", reason="DeliveryFailure"),
    "two-reports": Trouble("Reported twice", copies=2),
}
# What a number gets that is none.
INVALID = Trouble("", 403, "InvalidPhoneNumber")
