"""Whom an act reaches: a person by her verified phones, or a phone that speaks for nobody. Never by what stands in an address."""

from dataclasses import dataclass

from flask import abort, request, url_for

from gateway.console.access import note, services
from gateway.privacy import mask_phone


@dataclass(frozen=True, slots=True)
class Reached:
    """phones in E.164, one of which a form chooses by its number; subject as the audit names her."""

    person: int | None
    phones: tuple[str, ...]
    subject: str
    back: str

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Number and mask of each phone."""
        return [(str(number), mask_phone(phone)) for number, phone in enumerate(self.phones)]

    def chosen(self) -> str:
        """The phone that the form names, the first where it names none. 400 for another."""
        number = request.form.get("phone", "0")
        return self.phones[int(number)] if number in dict(self.choices) else abort(400)


def by_person(person: int) -> Reached:
    """404 for who has no phone that we know to be hers: nothing can be sent to her."""
    _noted(f"person:{person}")
    phones = services().core.casework.phones_of(person)
    if not phones:
        abort(404)
    return Reached(person, phones, f"person:{person}", caller_page(person))


def by_phone(phone_key: str) -> Reached:
    _noted(f"phone:{phone_key}")
    try:
        phone = services().core.casework.phone(phone_key)
    except LookupError:
        abort(404)
    return Reached(None, (phone,), f"phone:{phone_key}", url_for("console.phone", phone_key=phone_key))


def _noted(subject: str) -> None:
    """The form names her, so to open it is a look-up; what is done by it notes itself."""
    if request.method == "GET":
        note("form_opened", subject)


def caller_page(person: int) -> str:
    """Where an act on her leads back to."""
    return url_for("console.caller", person=person)
