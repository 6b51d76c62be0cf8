"""What Africa's Talking puts on the wire: headers, ids, and forms with their fields in its own order."""

import re
import secrets
import time
import uuid
from urllib.parse import urlencode

# name, value; a list and not a mapping, since the order is part of what is imitated
Form = list[tuple[str, str]]

USSD_HEADERS = {"User-Agent": "at-ussd-api/1.0", "Accept-Encoding": "gzip"}
FORM_TYPE = "application/x-www-form-urlencoded"
LABEL_HEADER = "at-ussd-hop-metadata"
SANDBOX_NETWORK = "99999"
LONGEST_LABEL = 99


def encode(form: Form) -> bytes:
    """The body of a form: UTF-8, `+` for a space, `%2B`, `%2A`, `%23` for plus, star and hash."""
    return urlencode(form).encode("ascii")


def new_session() -> str:
    return f"ATUid_{secrets.token_hex(16)}"


def new_message_id() -> str:
    return f"ATXid_{secrets.token_hex(16)}"


def hop(*, phone: str, service_code: str, text: str, session: str, network: str) -> Form:
    """One hop of a USSD session; `text` is every input so far."""
    return [
        ("phoneNumber", phone),
        ("serviceCode", service_code),
        ("text", text),
        ("sessionId", session),
        ("networkCode", network),
    ]


def report(*, phone: str, message_id: str, status: str, reason: str, network: str) -> Form:
    """A delivery report; the reason goes along only where there is one."""
    because = [("failureReason", reason)] if reason else []
    return [
        ("phoneNumber", phone),
        *because,
        ("retryCount", "0"),
        ("id", message_id),
        ("status", status),
        ("networkCode", network),
    ]


def text_message(*, phone: str, to: str, body: str, at: float) -> Form:
    """An SMS from a phone, with an id that stays the same each time it is posted again."""
    return [
        ("linkId", f"{secrets.randbelow(10**20):020d}"),
        ("text", body),
        ("to", to),
        ("id", str(uuid.uuid4())),
        ("date", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))),
        ("from", phone),
    ]


def opt_out(*, phone: str, sender: str) -> Form:
    """A phone wants no more bulk messages of a sender."""
    return [("senderId", sender), ("phoneNumber", phone)]


def split_dialled(dialled: str, base: str) -> tuple[str, str]:
    """The service code that a dial string reaches and the text of its first hop.

    `*8171*1#` on the base `*8171#` is the extension `1`; a code under another base stands for itself.
    Raises ValueError for what no phone would dial.
    """
    if not re.fullmatch(r"\*[0-9][0-9*]*#", dialled):
        raise ValueError(f"a dial string begins with * and ends with #, like {base}")
    stem = base.removesuffix("#")
    if dialled.startswith(f"{stem}*"):
        return base, dialled[len(stem) + 1 : -1]
    return dialled, ""
