"""Africa's Talking's SMS API through its SDK, on connections that are kept, with every answer told apart.

As shipped the SDK opens a connection and reads the certificates for each call, and drops the HTTP status.
"""

import json
import re
import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from traceback import walk_tb
from typing import Any

import requests
from africastalking.Service import DEFAULT_TIMEOUT_S
from africastalking.SMS import SMSService
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from gateway import clock
from gateway.errors import AggregatorError
from gateway.messages.values import Receipt

TIMEOUT: tuple[float, float] = DEFAULT_TIMEOUT_S  # seconds to connect, to be answered

# A kept connection that idled longer is opened anew: the other side may be closing it just now, and a send that
# dies on such a connection cannot be told from one that was taken.
_IDLE_SECONDS = 15

_SENDABLE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)

_HOME_DIGITS = 9  # fewer could be the end of somebody else's number

# The API's status words and codes, as a receipt's status.
_STATUS = {
    100: "accepted",  # Processed
    101: "accepted",  # Sent
    102: "accepted",  # Queued
    401: "hold",  # RiskHold
    402: "refused",  # InvalidSenderId
    403: "refused",  # InvalidPhoneNumber
    404: "refused",  # UnsupportedNumberType
    405: "pause",  # InsufficientBalance
    406: "refused",  # UserInBlacklist
    407: "refused",  # CouldNotRoute
    409: "refused",  # DoNotDisturbRejection
    500: "retry",  # InternalServerError
    501: "retry",  # GatewayError
    502: "refused",  # RejectedByGateway
}

# What a failing HTTP status says of the whole call; a 5xx leaves open whether it was taken.
_HTTP = {
    HTTPStatus.UNAUTHORIZED: "hold",
    HTTPStatus.PAYMENT_REQUIRED: "pause",
    HTTPStatus.FORBIDDEN: "hold",
    HTTPStatus.NOT_FOUND: "hold",
    HTTPStatus.REQUEST_TIMEOUT: "unknown",
    HTTPStatus.TOO_MANY_REQUESTS: "retry",
}


class SmsApi(SMSService):  # type: ignore[misc]  # the SDK ships no types
    """The SDK's SMS service with a connection kept for each thread."""

    def __init__(self, username: str, api_key: str, url: str = "") -> None:
        super().__init__(username, api_key)
        if url:
            self._baseUrl = self._contentUrl = url.rstrip("/") + "/version1"
        self._kept = threading.local()

    def send(self, message: str, recipients: Sequence[str], sender_id: str | None = None) -> list[Receipt]:
        """One receipt for each recipient, in order. Raises AggregatorError where the whole call failed."""
        sendable = [phone for phone in recipients if _SENDABLE.fullmatch(phone)]
        told: dict[str, Mapping[str, Any]] = {}
        if sendable:
            told = _recipients(
                super().send(message, sendable, sender_id=sender_id, timeout=TIMEOUT), sendable
            )
        bad = set(recipients) - set(sendable)
        return [
            Receipt(phone, "refused", reason="InvalidPhoneNumber")
            if phone in bad
            else _receipt(phone, told.get(phone))
            for phone in recipients
        ]

    def _make_request(  # noqa: PLR0913, PLR0917 - the SDK's signature
        self,
        url: str,
        method: str,
        headers: dict[str, str],
        data: dict[str, Any] | None,
        params: dict[str, Any] | None,
        callback: Any = None,  # noqa: ARG002 - nothing here calls back
        timeout: tuple[float, float] = DEFAULT_TIMEOUT_S,
    ) -> Any:
        try:
            # A redirected POST becomes a GET, so none is followed.
            answer = self._session().request(
                method, url, params=params, data=data, headers=headers, timeout=timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            self._kept.session = None
            kind = "retry" if _never_left(error) else "unknown"
            raise AggregatorError(kind, type(error).__name__) from None
        self._kept.used = clock.ticks()
        if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise AggregatorError(_kind(answer.status_code), f"HTTP {answer.status_code}")
        try:
            return json.loads(answer.text)
        except ValueError:
            raise AggregatorError("unknown", f"HTTP {answer.status_code} without JSON") from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._kept, "session", None)
        if session and clock.ticks() - self._kept.used > _IDLE_SECONDS:
            session.close()
            session = None
        if session is None:
            session = self._kept.session = requests.Session()
            self._kept.used = clock.ticks()
        return session


def _never_left(error: BaseException | None) -> bool:
    """Whether the request was not written yet. TLS fails alike before it and in its answer, but not in one place."""
    while error is not None:
        if isinstance(error, NewConnectionError | ConnectTimeoutError):
            return True
        if any(frame.f_code.co_name == "do_handshake" for frame, _ in walk_tb(error.__traceback__)):
            return True
        error = error.__context__
    return False


def _kind(status: int) -> str:
    if status in _HTTP:
        return _HTTP[HTTPStatus(status)]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "unknown"
    return "refused" if status >= HTTPStatus.BAD_REQUEST else "hold"


def _recipients(answer: Any, asked: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Phone as it was asked for -> what was said of it. An answer without recipients is a failure of the whole call."""
    try:
        said = answer["SMSMessageData"]
        listed = {_meant(str(one["number"]), asked): one for one in said["Recipients"]}
        message = str(said.get("Message", ""))[:100]
    except (KeyError, TypeError, AttributeError):
        raise AggregatorError("unknown", "answer in no known shape") from None
    if listed:
        return listed
    kind = {"InvalidSenderId": "hold", "InsufficientBalance": "pause"}.get(message.strip(), "refused")
    raise AggregatorError(kind, message or "no recipients")


def _receipt(phone: str, one: Mapping[str, Any] | None) -> Receipt:
    if one is None:
        # It may have been taken under a spelling not known.
        return Receipt(phone, "unknown", reason="NotListed")
    word = str(one.get("status", ""))[:100]
    try:
        code = int(one["statusCode"])
    except (KeyError, TypeError, ValueError):
        code = 101 if word == "Success" else 0
    status = _STATUS.get(code, "accepted" if 100 <= code < 200 else "refused")
    given = str(one.get("messageId") or "")
    return Receipt(
        phone,
        status,
        id="" if given == "None" else given[:100],
        reason="" if status == "accepted" else word or str(code),
        cost=str(one.get("cost") or "")[:40],
    )


def _meant(number: str, asked: Sequence[str]) -> str:
    """The phone asked for that a number means, however it is spelt: no plus, spaces, as dialled at home; else E.164."""
    digits = re.sub(r"\D", "", number).lstrip("0")
    if (whole := f"+{digits}") in asked or len(digits) < _HOME_DIGITS:
        return whole
    ending = [phone for phone in asked if phone.endswith(digits)]
    return ending[0] if len(ending) == 1 else whole
