"""What a person allows on a phone of hers: so far, figures in texts."""

from dataclasses import dataclass
from typing import Protocol

DETAILS_BY_SMS = "details_by_sms"


@dataclass(frozen=True, slots=True)
class Said:
    """How an answer about consent was given.

    wording     language and version of what she read; at_gate  it was asked unbidden, behind her PIN
    """

    channel: str
    session: str
    wording: str
    at_gate: bool = False


class Consents(Protocol):
    def choose(self, person: int, phone: str, key: str, said: Said, *, allowed: bool) -> str:
        """Allow or refuse details by SMS to a phone: `allowed`, `refused`.

        `shared` where more than one person is linked to the phone: nobody can allow it there. `gone` where she is
        linked to it no more. One key is one answer; the newest answer holds.
        """
        ...
