"""A caller's phones: a PIN unlocked, a phone linked or unlinked, each after the questions of config/checks.yaml."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from cryptography.exceptions import InvalidTag
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from pydantic_core import from_json, to_json
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import confirm
from gateway.console.access import allowed, member, note
from gateway.console.words import _, mark
from gateway.core.port.links import Check, Link
from gateway.privacy import ascii_digits, mask_phone
from gateway.services import Services

# Wrong rounds on one day; then she has to come herself.
ROUNDS = 3
_FAILED = "check_failed"
_PROOF = "proof"
_PROOF_SECONDS = 600
_QUESTIONS = {
    "cnic": mark("Your CNIC, all 13 digits?"),
    "birth_day": mark("The day and month you were born, as on the CNIC?"),
}
_HOW = {
    "sim_match": mark("the SIM is in her name"),
    "helpline": mark("by the helpline"),
    "office": mark("at the office"),
}


def add(console: Blueprint, services: Services) -> None:
    links = services.core.links

    @console.get("/persons/<int:person>/phones")
    @allowed("link_phone", act="phones_opened", subject="person:{person}")
    def phones(person: int) -> str:
        return _page(services, person)

    @console.post("/persons/<int:person>/phones/<int:number>/unlock")
    @allowed("unlock_pin")
    def phones_unlock(person: int, number: int) -> AnyResponse | str:
        told = [confirm.telling(_hers(services, person, number).phone, "pin_unlocked")]
        act = _Act(Check.UNLOCK_PIN, "pin_unlocked", _("Unlock the PIN"), told)
        return _checked(services, person, act, lambda by, key: links.unlock(person, number, by=by, key=key))

    @console.post("/persons/<int:person>/phones/<int:number>/unlink")
    @allowed("link_phone")
    def phones_unlink(person: int, number: int) -> AnyResponse | str:
        # The second of two clicks finds the link gone: nothing is left to do.
        link = next((each for each in links.of(person) if each.id == number), None)
        if link is None:
            return _to(person)
        told = [confirm.telling(link.phone, "phone_unlinked")]
        act = _Act(Check.LINK_PHONE, "phone_unlinked", _("Unlink this phone"), told)
        return _checked(services, person, act, lambda by, key: links.unlink(person, number, by=by, key=key))

    @console.post("/persons/<int:person>/phones/link")
    @allowed("link_phone")
    def phones_link(person: int) -> AnyResponse | str:
        number, hers = _typed(request.form.get("number", "")), links.of(person)
        if number is None:
            flash(_("That is no mobile number of Pakistan."), "bad")
            return _page(services, person, request.form.get("number", ""))
        if number in {each.phone for each in hers}:
            flash(_("This phone is linked to her already."))
            return _to(person)
        told = [confirm.telling(number, "phone_linked")]
        told += [confirm.telling(each.phone, "phone_added") for each in hers]
        act = _Act(Check.LINK_PHONE, "phone_linked", _("Link this phone"), told)
        return _checked(services, person, act, lambda by, key: links.link(person, number, by=by, key=key))


def _page(services: Services, person: int, number: str = "") -> str:
    """The page. number: what was typed for another phone; answers are secrets and are asked anew."""
    links = services.core.links
    return render_template(
        "console_phones.html",
        person=person,
        number=number,
        links=links.of(person),
        how=_HOW,
        mask_phone=mask_phone,
        questions={
            check: [(each, _(_QUESTIONS[each])) for each in links.questions(check)] for check in Check
        },
    )


@dataclass(frozen=True, slots=True)
class _Act:
    """What is checked before it, its name in the audit, its title, and every message that goes out with it."""

    check: Check
    name: str
    title: str
    told: Sequence[confirm.Told]


def _checked(services: Services, person: int, act: _Act, do: Callable[[str, str], bool]) -> AnyResponse | str:
    """Do an act once she has answered right and it is confirmed; before that, the page that confirms."""
    links, day_ago, subject = services.core.links, clock.now() - timedelta(days=1), f"person:{person}"
    failed = services.staff.audit.entries(act=_FAILED, subject=subject, since=day_ago, limit=ROUNDS)
    if len(failed) >= ROUNDS:
        flash(_("Too many wrong answers today. She can go to her tehsil office with her CNIC."), "bad")
        return _to(person)
    questions = links.questions(act.check)
    answers = {each: request.form.get(each, "") for each in questions}
    if not _passed(services, person, act) and not links.passes(person, act.check, answers):
        note(_FAILED, subject, check=str(act.check))
        flash(_("Not every answer is right. Nothing was done."), "bad")
        return _to(person)
    if not confirm.confirmed():
        back, proof = url_for("console.phones", person=person), _proof(services, person, act)
        return confirm.ask(
            act.title, _("Yes, do it"), back, act.told, without=questions, more={_PROOF: proof}
        )
    try:
        if do(member().mark, confirm.key()):
            note(act.name, subject)
            flash(_("Done. She is told by SMS."))
    except LookupError:
        abort(404)
    return _to(person)


def _proof(services: Services, person: int, act: _Act) -> str:
    """That she answered right a moment ago: carried by the confirming page in place of her answers."""
    until = clock.epoch() + _PROOF_SECONDS
    return services.vault.seal(to_json([member().id, person, act.name, until]).decode())


def _passed(services: Services, person: int, act: _Act) -> bool:
    try:
        who, whom, name, until = from_json(services.vault.open(request.form.get(_PROOF, "")))
    except (KeyError, InvalidTag, ValueError, TypeError):
        return False
    return bool((who, whom, name) == (member().id, person, act.name) and clock.epoch() < until)


def _hers(services: Services, person: int, number: int) -> Link:
    return next((each for each in services.core.links.of(person) if each.id == number), None) or abort(404)


def _typed(text: str) -> str | None:
    """An E.164 mobile of Pakistan from what a person types, or None."""
    try:
        parsed = phonenumbers.parse(ascii_digits(text), "PK")
    except phonenumbers.NumberParseException:
        return None
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    fits = mobile and parsed.country_code == 92 and phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if fits else None


def _to(person: int) -> AnyResponse:
    return redirect(url_for("console.phones", person=person), 303)
