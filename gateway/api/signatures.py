"""Signatures of payment events: HMAC-SHA-256 under a shared key over the time and the body, good once and for minutes.

X-Signature: t=1764000000,k=core,v1=<64 hex digits of HMAC-SHA-256(key, "1764000000." + body)>
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from gateway import clock
from gateway.api.problems import Problem
from gateway.core.port import Signature

TOLERANCE = timedelta(minutes=5)
_FORM = re.compile(r"t=([0-9]{1,12}),k=([A-Za-z0-9]{1,40}),v1=([0-9a-f]{64})", re.ASCII)


def check(header: str, body: bytes, keys: Mapping[str, bytes]) -> tuple[Signature, str]:
    """The signature, and the id of its key. Raises Problem for one that does not hold, without saying why it does not
    beyond its form and its time: which keys there are is nobody's to learn.
    """
    found = _FORM.fullmatch(header)
    if found is None:
        raise Problem(401, "X-Signature is missing, or not `t=<seconds>,k=<key id>,v1=<hex>`")
    seconds, kid, given = found.groups()
    key = keys.get(kid, b"")
    wanted = hmac.digest(key or b"none", seconds.encode() + b"." + body, "sha256").hex()
    if not hmac.compare_digest(wanted, given) or not key:
        raise Problem(401, "the signature does not hold")
    at = float(seconds)
    if abs(clock.epoch() - at) > TOLERANCE.total_seconds():
        raise Problem(401, "the signature is not of these five minutes: look at your clock")
    # A moment longer than it would be taken, so that no second lies between.
    until = datetime.fromtimestamp(at, UTC) + TOLERANCE + timedelta(seconds=1)
    return Signature(given, until), kid
