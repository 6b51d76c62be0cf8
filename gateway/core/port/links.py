"""Phones that speak for a person, as staff care for them: linked, unlinked, their PINs unlocked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Check(StrEnum):
    """What must be checked before an act; config/checks.yaml says by which questions."""

    UNLOCK_PIN = "unlock_pin"
    LINK_PHONE = "link_phone"


@dataclass(frozen=True, slots=True)
class Link:
    """phone in E.164; verified_how `sim_match`, `helpline` or `office`; locked: a PIN of three wrong tries, still shut."""

    id: int
    phone: str
    verified_how: str
    linked_on: date
    details_by_sms: bool
    has_pin: bool
    locked: bool


class Links(Protocol):
    def of(self, person: int) -> tuple[Link, ...]:
        """Her verified phones, the oldest link first."""
        ...

    def questions(self, check: Check) -> tuple[str, ...]:
        """`cnic`, `birth_day`: what to ask, in order."""
        ...

    def passes(self, person: int, check: Check, answers: Mapping[str, str]) -> bool:
        """Whether every question of a check was answered right. What is not known of her passes nobody."""
        ...

    def unlock(self, person: int, link: int, *, by: str, key: str) -> bool:
        """Open a locked PIN, and tell the phone. Raises LookupError for a link that is not hers."""
        ...

    def link(self, person: int, phone: str, *, by: str, key: str) -> bool:
        """Let a phone speak for her, verified by the helpline; it and her other phones are told."""
        ...

    def unlink(self, person: int, link: int, *, by: str, key: str) -> bool:
        """The phone speaks for her no more: its PIN and details by SMS end, and it is told. Raises LookupError."""
        ...
