"""Africa's Talking: what its five webhooks say, and how it is asked to send.

Facts of the wire: requests are forms, unsigned; `text` is the whole trail; an answer of 201 may hold refusals.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

import phonenumbers

from gateway.channels.africastalking_sms import SmsApi
from gateway.channels.aggregator import Dial, Ended, Headers, OptOut, Unreadable
from gateway.conversation.session import Page
from gateway.messages.values import Receipt, Report, Text

_LABEL = "at-ussd-hop-metadata"
_LONGEST_LABEL = 99
# Longer than any trail that is walked; a longer one is cut so that it stays longer, and the same each time.
_LONGEST_TRAIL = 4096
_LONGEST_TEXT = 1600

_E164 = re.compile(r"\+(?:923\d{9}|(?!92|0)\d{8,15})", re.ASCII)
_DIGITS = re.compile(r"\+?\d{7,18}", re.ASCII)
_ID = re.compile(r"[\w.:@/-]{1,100}", re.ASCII)
_MILLIS = re.compile(r"\s*(\d{1,9})\s*", re.ASCII)  # nine digits are eleven days
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")

_ENDED = {"success": "success", "incomplete": "incomplete", "failed": "failed"}
_REPORTED = {
    "sent": "sent",
    "submitted": "sent",
    "buffered": "sent",
    "success": "delivered",
    "rejected": "failed",
    "failed": "failed",
    "absentsubscriber": "failed",
    "expired": "failed",
}


class AfricasTalking:
    """The aggregator Africa's Talking. Safe to share between threads.

    url     another base address than its own (`/version1` is appended), or empty
    sender  what the recipient sees as the sender
    """

    name = "africastalking"

    def __init__(self, username: str, api_key: str, url: str = "", sender: str | None = None) -> None:
        self._api = SmsApi(username, api_key, url)
        self._sender = sender or None

    def parse_dial(self, form: Mapping[str, str], headers: Headers) -> Dial:
        trail = form.get("text", "")
        if not trail.isprintable():
            trail = _CONTROL.sub("", trail)
        return Dial(
            session=_id(form, "sessionId"),
            phone=_phone(form, "phoneNumber"),
            service_code=_short(form.get("serviceCode", ""), 40),
            network=_short(form.get("networkCode", ""), 12),
            trail=trail[:_LONGEST_TRAIL],
            label=_short(headers.get(_LABEL, ""), _LONGEST_LABEL),
        )

    def parse_ended(self, form: Mapping[str, str]) -> Ended:
        return Ended(
            session=_id(form, "sessionId"),
            phone=_phone(form, "phoneNumber"),
            status=_ENDED.get(form.get("status", "").strip().lower(), "incomplete"),
            reason=_short(form.get("errorMessage", ""), 200),
            seconds=_seconds(form.get("durationInMillis", "")),
        )

    def parse_text(self, form: Mapping[str, str]) -> Text:
        return Text(
            id=_id(form, "id"),
            phone=_phone(form, "from"),
            to=_short(form.get("to", ""), 40),
            body=_CONTROL.sub(" ", form.get("text", "")[:_LONGEST_TEXT]).strip(),
            sent_at=_instant(form.get("date", "")),
        )

    def parse_report(self, form: Mapping[str, str]) -> Report:
        word = _short(form.get("status", ""), 40)
        status = _REPORTED.get(word.strip().lower(), "unknown")
        # The documents spell one reason wrongly, some senders rightly: one spelling is kept.
        reason = _short(form.get("failureReason", ""), 100).replace("Subcriber", "Subscriber")
        return Report(
            id=_id(form, "id"),
            phone=_phone(form, "phoneNumber"),
            status=status,
            reason=reason or ("" if status in {"sent", "delivered"} else word),
        )

    def parse_opt_out(self, form: Mapping[str, str]) -> OptOut:
        return OptOut(phone=_phone(form, "phoneNumber"))

    def render_page(self, page: Page) -> tuple[str, dict[str, str]]:
        return ("END " if page.end else "CON ") + page.text, {_LABEL: _label(page.screen)}

    def send(self, body: str, phones: Sequence[str]) -> list[Receipt]:
        return self._api.send(body, phones, self._sender)


@cache
def _label(screen: str) -> str:
    """A screen's name as a header may hold it. Screens are few, so each is written once."""
    return screen.replace("|", "_").encode("ascii", "replace").decode()[:_LONGEST_LABEL]


def _id(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "")
    if not _ID.fullmatch(value):
        raise Unreadable(f"{name} is missing or malformed")
    return value


def _phone(form: Mapping[str, str], name: str) -> str:
    """E.164. A number that came without its plus is completed; one whose plus was lost to a space is not guessed at."""
    phone = form.get(name, "")
    if _E164.fullmatch(phone):
        return phone
    if _DIGITS.fullmatch(phone):
        for written in (phone, f"+{phone.lstrip('+')}"):
            try:
                number = phonenumbers.parse(written, "PK")
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number) or (
                written[0] == "+" and phonenumbers.is_possible_number(number)
            ):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Unreadable(f"{name} is missing or malformed")


def _short(text: str, longest: int) -> str:
    return (text if text.isprintable() else _CONTROL.sub("", text))[:longest]


def _seconds(text: str) -> float | None:
    """Milliseconds as seconds; None for what is no duration. No session lasts no time at all."""
    millis = _MILLIS.fullmatch(text)
    return int(millis[1]) / 1000 or None if millis else None


def _instant(text: str) -> datetime | None:
    """An instant as `2017-05-03T06:04:45Z` or `2017-05-03 06:04:45`, both UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
