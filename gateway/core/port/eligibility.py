"""Who may have what: the open answer to a CNIC, and a decision with its reasons."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from gateway.core.port.directory import Office


class Coarse(StrEnum):
    """All that anybody may learn about a CNIC, as on 8171 today."""

    PAYMENT_READY = "payment_ready"
    NO_PAYMENT_YET = "no_payment_yet"
    MAY_APPLY = "may_apply"
    CNIC_ISSUE = "cnic_issue"
    NOT_ELIGIBLE = "not_eligible"
    UNDER_REVIEW = "under_review"
    SURVEY_NEEDED = "survey_needed"
    RESURVEY_NEEDED = "resurvey_needed"
    DECEASED = "deceased"
    RATE_LIMITED = "rate_limited"


@dataclass(frozen=True, slots=True)
class CoarseAnswer:
    """The coarse answer. emergency: she is on the list of an open event. office: where to go, if she must go anywhere.

    notice      False when a limited asker was told so already within this window and gets silence by SMS
    """

    result: Coarse
    office: Office | None = None
    emergency: bool = False
    notice: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule with its result: `code` as in `domain` (PMT_ABOVE, FILTERED, ...), the data that decided it."""

    code: str
    passed: bool
    rule: str
    seen: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a programme says to a person, stored each time it changes.

    outcome     `enrolled`, `may_apply`, `not_eligible`, `under_review`, `survey_needed`, `deceased`
    reasons     every rule, passed or failed, in the order of the rules; `code` of the first failed one is the reason
    score       PMT score used, as text with two digits, or None
    resurvey_by the day by which she must be surveyed again, if that is due
    event       code of the emergency event that it was judged for, for a programme that pays by event
    """

    programme: str
    outcome: str
    reasons: tuple[Reason, ...]
    rule_version: str
    score: str | None
    decided_at: datetime
    office: Office | None = None
    resurvey_by: date | None = None
    event: str = ""

    @property
    def code(self) -> str | None:
        return next((reason.code for reason in self.reasons if not reason.passed), None)


class Eligibility(Protocol):
    def coarse(self, cnic: str, phone: str, key: str) -> CoarseAnswer:
        """The coarse answer for a CNIC of 13 digits, asked from a phone.

        One key with one CNIC is one look-up against the phone's limits.
        """
        ...

    def coarse_of(self, person: int) -> Coarse:
        """The coarse answer for a person whom a phone speaks for: no look-up, so no limit counts it."""
        ...

    def decide(self, person: int, programme: str) -> Decision:
        """Judge a person by the rules in force today and store the decision if it differs from the last."""
        ...

    def explain(self, cnic: str) -> tuple[Decision, ...]:
        """Every programme's decision on a CNIC, for staff; empty if the CNIC is unknown."""
        ...
