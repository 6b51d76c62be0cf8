"""What the gateway asks of the core, by subject, and the values in which it answers.

The embedded core (SQLAlchemy) and the remote one (HTTP) both fulfil `Core`. Money is integer rupees, instants are
aware UTC, days are Pakistan's calendar days. Every method may raise `CoreUnreachable`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection


# -- registry: who answers from this phone ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """A person whom a phone may speak for. details_by_sms: she allowed figures in texts to this phone.

    pin_chosen_in       the session that chose her first PIN, where it was chosen by USSD, so that a lost session is
                        walked again the same way
    alive               False where she is recorded as deceased: nobody is spoken for, nothing of hers is told
    """

    id: int
    cnic_last4: str
    has_pin: bool
    details_by_sms: bool
    pin_chosen_in: str | None = None
    alive: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """What a phone prefers.

    language            chosen last, or None; chosen_in the session that chose it
    language_before     what held before that session, so that a lost session is walked again the same way
    """

    language: str | None = None
    chosen_in: str | None = None
    language_before: str | None = None
    opted_out: bool = False


class Registry(Protocol):
    def persons_on(self, phone: str) -> tuple[LinkedPerson, ...]:
        """The persons linked to an E.164 phone, oldest link first. More than one makes it a shared phone."""
        ...

    def contact(self, phone: str) -> Contact: ...

    def choose_language(self, phone: str, language: str, session: str) -> None:
        """Remember a language for a phone. Idempotent for one session and language."""
        ...

    def opt_out(self, phone: str, opted_out: bool) -> None: ...  # noqa: FBT001 - the state itself


# -- PINs --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PinAnswer:
    """state: `right`, `wrong`, `locked`, `unset`. tries_left after a wrong one; minutes until a lock opens."""

    state: str
    tries_left: int = 0
    minutes: int = 0


class Pins(Protocol):
    def check(self, person: int, phone: str, pin: str, key: str) -> PinAnswer:
        """Try a PIN. One key with one PIN counts one try, however often it is asked; another PIN under it is another.

        Three wrong ones lock for 30 minutes.
        """
        ...

    def choose(self, person: int, phone: str, pin: str, key: str, *, granted: bool) -> str:
        """Set a PIN where none is set, or replace it: `chosen`, or `weak` (1234, repeated, from her CNIC or birth).

        granted     whether the session was let in by the PIN that stands. Without it a PIN is replaced only by the
                    session that chose it first; for any other the answer is `set`, and the PIN stays.
        """
        ...

    def fits(self, person: int, pin: str) -> bool:
        """Whether a PIN is strong enough for this person."""
        ...


# -- eligibility -------------------------------------------------------------------------------------------------------
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
class Office:
    """A Benazir registration office. hours as people say them (`9-5 Mon-Fri`)."""

    name: str
    address: str
    district: str
    tehsil: str
    hours: str = ""


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
    """

    programme: str
    outcome: str
    reasons: tuple[Reason, ...]
    rule_version: str
    score: str | None
    decided_at: datetime
    office: Office | None = None
    resurvey_by: date | None = None

    @property
    def code(self) -> str | None:
        return next((reason.code for reason in self.reasons if not reason.passed), None)


class Eligibility(Protocol):
    def coarse(self, cnic: str, phone: str, key: str) -> CoarseAnswer:
        """The coarse answer for a CNIC of 13 digits, asked from a phone.

        One key with one CNIC is one look-up against the phone's limits.
        """
        ...

    def decide(self, person: int, programme: str) -> Decision:
        """Judge a person by the rules in force today and store the decision if it differs from the last."""
        ...

    def explain(self, cnic: str) -> tuple[Decision, ...]:
        """Every programme's decision on a CNIC, for staff; empty if the CNIC is unknown."""
        ...


# -- payments ----------------------------------------------------------------------------------------------------------
class Unpaid(StrEnum):
    """Why money is not in her hand (design of `domain`: code -> what she is told -> where to go)."""

    NOT_SURVEYED = "NOT_SURVEYED"
    RESURVEY_DUE = "RESURVEY_DUE"
    UNDER_REVIEW = "UNDER_REVIEW"
    PMT_ABOVE = "PMT_ABOVE"
    FILTERED = "FILTERED"
    CNIC_EXPIRED = "CNIC_EXPIRED"
    CNIC_BLOCKED = "CNIC_BLOCKED"
    CNIC_NOT_UPDATED = "CNIC_NOT_UPDATED"
    BIOMETRIC_FAILED = "BIOMETRIC_FAILED"
    DUPLICATE_FAMILY = "DUPLICATE_FAMILY"
    DECEASED = "DECEASED"
    NOT_RELEASED_IN_DISTRICT = "NOT_RELEASED_IN_DISTRICT"
    ACCOUNT_INACTIVE = "ACCOUNT_INACTIVE"
    SIM_NOT_OWN = "SIM_NOT_OWN"
    ALREADY_WITHDRAWN = "ALREADY_WITHDRAWN"
    CONDITION_NOT_MET = "CONDITION_NOT_MET"


class State(StrEnum):
    """An instalment's state; `core/embedded/instalments.py` holds the moves between them."""

    PLANNED = "PLANNED"
    GENERATED = "GENERATED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    CREDITED = "CREDITED"
    NOTIFIED = "NOTIFIED"
    WITHDRAWN = "WITHDRAWN"
    PARTIAL_DISPUTED = "PARTIAL_DISPUTED"
    BIOMETRIC_FAILED = "BIOMETRIC_FAILED"
    BRANCH_ROUTE = "BRANCH_ROUTE"
    RECONCILED = "RECONCILED"
    REVERSED = "REVERSED"
    RETURNED_UNCLAIMED = "RETURNED_UNCLAIMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of one programme for one period.

    period      `2026Q4`, or an event's code
    standing    what it means to her: `ready` (collect it), `branch` (collect at the branch on `place_on`, no thumb),
                `held` (see `unpaid`), `withdrawn`, `coming` (on its way), `gone` (reversed, returned, cancelled)
    place       pay point or branch; place_on the day booked there; until the last day to collect
    moved_on    the day it got into its state; for NOTIFIED, the day it was credited
    """

    id: int
    programme: str
    period: str
    amount: int
    state: State
    standing: str
    unpaid: Unpaid | None = None
    place: str = ""
    place_on: date | None = None
    until: date | None = None
    moved_on: date | None = None


@dataclass(frozen=True, slots=True)
class EventStanding:
    """A person and an emergency event: `listed` with her instalment, `may_apply`, `not_listed`, or `closed`."""

    code: str
    name: str
    standing: str
    until: date | None
    instalment: Instalment | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class InstalmentMoved:
    """An instalment came into a state: what an announcer may tell her. `phones` are E.164, verified links only."""

    instalment: int
    programme: str
    period: str
    amount: int
    state: State
    unpaid: Unpaid | None
    place: str
    place_on: date | None
    until: date | None
    phones: tuple[str, ...]
    moved_on: date | None = None


class Announcer(Protocol):
    """Hears of each move inside the transaction that made it, so that the move and its message stand or fall together."""

    def moved(self, connection: Connection, moves: Sequence[InstalmentMoved]) -> None: ...


class Payments(Protocol):
    def latest(self, person: int, programme: str) -> Instalment | None:
        """Her newest instalment of a programme, whatever its state."""
        ...

    def ready(self, person: int) -> tuple[Instalment, ...]:
        """All money waiting for her, one entry a programme and period, newest first."""
        ...

    def history(self, person: int, limit: int = 12) -> tuple[Instalment, ...]:
        """Her instalments, newest period first."""
        ...

    def events(self, person: int) -> tuple[EventStanding, ...]:
        """Her standing in each emergency event that is open or has money of hers, newest first."""
        ...

    def notified(self, instalments: Sequence[int]) -> None:
        """The alerts about these instalments were delivered: CREDITED becomes NOTIFIED; any other state stays."""
        ...


# -- directory ---------------------------------------------------------------------------------------------------------
class Directory(Protocol):
    def office_of(self, person: int) -> Office | None:
        """The office of her household's tehsil, else of her district."""
        ...

    def offices(self, district: str) -> tuple[Office, ...]: ...

    def districts(self, like: str, limit: int = 5) -> tuple[str, ...]:
        """Districts by name: an exact match alone, else the nearest spellings, best first."""
        ...


@dataclass(frozen=True)
class Core:
    """The whole core, gathered."""

    registry: Registry
    pins: Pins
    eligibility: Eligibility
    payments: Payments
    directory: Directory

    def ping(self) -> None:
        """Raises CoreUnreachable if the core cannot answer."""
        self.registry.contact("+920000000000")
