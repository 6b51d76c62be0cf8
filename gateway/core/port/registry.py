"""Who answers from a phone, and what a phone prefers."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """A person whom a phone may speak for. details_by_sms: she allowed figures in texts to this phone.

    pin_chosen_in       the session that chose her first PIN, where it was chosen by USSD, so that a lost session is
                        walked again the same way
    alive               False where she is recorded as deceased: nobody is spoken for, nothing of hers is told
    details_asked       whether she ever answered about figures in texts here, in a file too
    details_asked_in    sessions that asked her so and got an answer, to be walked again the same way likewise
    """

    id: int
    cnic_last4: str
    has_pin: bool
    details_by_sms: bool
    pin_chosen_in: str | None = None
    alive: bool = True
    details_asked: bool = True
    details_asked_in: tuple[str, ...] = ()


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

    def phone_of(self, phone_key: str) -> str | None:
        """The E.164 phone of a look-up value, where it is known: somebody chose a language on it, or is linked to it."""
        ...

    def choose_language(self, phone: str, language: str, session: str) -> None:
        """Remember a language for a phone. Idempotent for one session and language."""
        ...

    def opt_out(self, phone: str, opted_out: bool) -> None: ...  # noqa: FBT001 - the state itself
