"""What the call centre sees of a caller: masked unless said otherwise, and nothing of it may leave the console."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from gateway.core.port.eligibility import Decision
from gateway.core.port.payments import State, Unpaid
from gateway.core.port.requests import Asked

HIDDEN_FIELDS = ("name", "cnic", "phone", "address")


@dataclass(frozen=True, slots=True)
class Kin:
    """A member of a household. name: initials alone; last4 of the CNIC, empty for a child without one."""

    id: int
    name: str
    last4: str
    sex: str
    born_on: date | None
    relation: str
    alive: bool
    disability: bool
    same_unit: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is, masked. her: she herself; kin: the others of her household, her own family unit first.

    cnic_state  `valid`, `expired`, `blocked`, `unverified`, or empty for who has no CNIC
    """

    her: Kin
    cnic_state: str
    cnic_expires_on: date | None
    marital_status: str
    district: str
    tehsil: str
    household_size: int
    survey_status: str
    surveyed_on: date | None
    resurvey_by: date | None
    kin: tuple[Kin, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A phone and a person it is or was linked to. phone_key: keyed hash; masked: the phone as it may be shown.

    status      `claimed`, `verified`, `revoked`; how it was verified, or empty
    consents    what was answered about details by SMS, newest first: (when, allowed, channel)
    """

    person: int
    phone_key: str
    masked: str
    status: str
    how: str
    linked_on: date
    has_pin: bool
    pin_locked_until: datetime | None
    details_by_sms: bool
    opted_out: bool
    language: str
    consents: tuple[tuple[datetime, bool, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A state that an instalment came to."""

    state: State
    unpaid: Unpaid | None
    place: str
    moved_on: date


@dataclass(frozen=True, slots=True)
class Paid:
    """An instalment with all its steps, oldest first. child: initials of whom it is paid for, or empty."""

    id: int
    programme: str
    period: str
    amount: int
    standing: str
    unpaid: Unpaid | None
    place: str
    place_on: date | None
    until: date | None
    child: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A programme that she is or was in."""

    programme: str
    level: str
    status: str
    enrolled_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was stored; code of the first failed rule, or empty."""

    programme: str
    outcome: str
    code: str
    rule_version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Anything with a reference. person and phone_key: whose it is and where it was asked.

    confidential    for staff who may see such cases alone
    """

    asked: Asked
    reference: str
    topic: str
    state: str
    moved_on: date
    target_on: date | None
    place: str
    person: int | None
    phone_key: str
    confidential: bool


class Desk(Protocol):
    def person_of(self, cnic: str) -> int | None:
        """Who holds a CNIC of 13 digits."""
        ...

    def identity(self, person: int) -> Identity | None: ...

    def masked(self, persons: Collection[int]) -> tuple[Kin, ...]:
        """Several persons, masked, for a list to choose from."""
        ...

    def links_of(self, person: int) -> tuple[Link, ...]:
        """Her phones, whatever the link's state, with their consents; verified ones first."""
        ...

    def linked_to(self, phone_keys: Collection[str]) -> tuple[Link, ...]:
        """Whom a phone is or was linked to, verified links first, without consents."""
        ...

    def money(self, person: int) -> tuple[Paid, ...]:
        """Her newest instalments with their steps, newest first."""
        ...

    def enrolments(self, person: int) -> tuple[Enrolled, ...]: ...

    def judged(self, person: int) -> tuple[Decision, ...]:
        """What every programme says today, each rule with what it saw; nothing is stored by asking."""
        ...

    def decided(self, person: int) -> tuple[Decided, ...]:
        """Decisions as they were stored, newest first."""
        ...

    def requests_of(self, person: int) -> tuple[Request, ...]:
        """All that was asked for her, open or not, newest first."""
        ...

    def requests_from(self, phone_keys: Collection[str]) -> tuple[Request, ...]:
        """All that was asked from a phone, newest first."""
        ...

    def request(self, reference: str) -> Request | None: ...

    def hidden(self, person: int, field: str) -> tuple[str, ...]:
        """A field of `HIDDEN_FIELDS` in the open; several values for phones. Raises ValueError for another field."""
        ...
