"""Where a page ended, as a word that its reader gives back and need not understand."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

from gateway.api.problems import unfit

_MOST = 2**63 - 1


def cursor(*place: Any) -> str:
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in place]
    return urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_number(given: str | None) -> int:
    """The number a page ended at; 0 for none. Raises Problem."""
    if given is None:
        return 0
    (number,) = _read(given, int)
    return int(number)


def read_moment(given: str | None, kind: type) -> tuple[datetime, Any] | None:
    """The instant, and the number or name, that a page ended at. Raises Problem."""
    if given is None:
        return None
    at, last = _read(given, str, kind)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise unfit("cursor", "is none of ours") from None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        raise unfit("cursor", "is none of ours")
    return moment, last


def _read(given: str, *kinds: type) -> list[Any]:
    try:
        parts = json.loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except ValueError:
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise unfit("cursor", "is none of ours")
    if any(isinstance(part, int) and not 0 <= part <= _MOST for part in parts) or "\0" in str(parts[-1]):
        raise unfit("cursor", "is none of ours")
    return parts
