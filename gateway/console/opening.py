"""Open a case for a caller: category, what it is about, her words. Says beforehand by when, and the SMS she gets."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import case_words, casebook, confidence, confirm, reached
from gateway.console.access import allowed, member, note
from gateway.console.said import Said
from gateway.console.shown import day, money, when
from gateway.console.words import _
from gateway.journal.passed import Passed
from gateway.services import Services

LONGEST_WORDS = 2000
# A reference is drawn when the case is opened; until then its place is shown.
_UNDRAWN = "2XXXXXXX"


def add(console: Blueprint, services: Services) -> None:
    @console.route("/persons/<int:person>/case", methods=["GET", "POST"])
    @allowed("open_case")
    def open_case(person: int) -> AnyResponse | str:
        return _opening(services, reached.by_person(person))

    @console.route("/phones/<string(maxlength=32):phone_key>/case", methods=["GET", "POST"])
    @allowed("open_case")
    def open_case_by_phone(phone_key: str) -> AnyResponse | str:
        return _opening(services, reached.by_phone(phone_key))


def _opening(services: Services, her: reached.Reached) -> AnyResponse | str:
    category = request.form.get("category", "")
    if not category:
        return render_template(
            "console_open_case.html",
            her=her,
            categories=[
                (code, f"{_(label)}, {_('{days} days', days=_days(services, code))}")
                for code, label in case_words.CATEGORIES.items()
                if casebook.sees_confidential() or not services.core.casework.promise(code).confidential
            ],
            subjects=_subjects(services, her),
            session=_session(services, her),
            said=Said(services.book),
            longest=LONGEST_WORDS,
        )
    try:
        promise = services.core.casework.promise(category)
    except LookupError:
        abort(400)
    subject = request.form.get("subject", "")
    phone = her.chosen()
    if subject and subject not in dict(_subjects(services, her)):
        abort(400)
    words = request.form.get("words", "").strip()[:LONGEST_WORDS]
    session = _session(services, her)
    if not confirm.confirmed():
        return confirm.ask(
            _("Open a case"),
            _("Open it"),
            request.path,
            [confirm.telling(phone, "request_moved", reference=_UNDRAWN, state="new")],
            [
                (_("Category"), case_words.category(category)),
                (_("About"), dict(_subjects(services, her)).get(subject, "")),
                (_("What she said"), words),
                (_("To be answered by"), day(promise.target_on)),
                (_("Session"), when(session.started_at) if session else ""),
            ],
            _("In confidence: only who may see such cases reads it. She hears the reference alone.")
            if promise.confidential
            else "",
        )
    opened = services.core.casework.open(
        category,
        phone,
        confirm.key(),
        by=member().mark,
        person=her.person,
        subject=subject,
        words=words,
        session=session.id if session else "",
    )
    reference = opened.case.reference
    if opened.outcome == "already":
        flash(_("Such a case is open already: this is it. Nothing was sent."), "bad")
    elif opened.outcome == "opened":
        note("case_entered", f"case:{reference}", category=category, about=her.subject)
        flash(_("Case {reference} is open. She is told by SMS.", reference=reference))
    if promise.confidential and not casebook.sees_confidential():
        return redirect(url_for("console.queues"), 303)
    return redirect(url_for("console.case", reference=reference), 303)


def _session(services: Services, her: reached.Reached) -> Passed | None:
    """The session that it came from, where the address or the form names one. 400 for one of another phone."""
    name = request.values.get("session", "")
    if not name:
        return None
    session = services.journal.session(name)
    keys = {key for phone in her.phones for key in services.vault.phone_keys(phone)}
    hers = session and session.phone_key in keys and not confidence.withheld(session)
    return session if hers else abort(400)


def _days(services: Services, category: str) -> int:
    return (services.core.casework.promise(category).target_on - clock.today()).days


def _subjects(services: Services, her: reached.Reached) -> list[tuple[str, str]]:
    """What it may be about: her newest instalments."""
    if her.person is None:
        return []
    return [
        (
            f"instalment:{each.id}",
            f"{case_words.programme(each.programme)} {each.period}, {money(each.amount)}",
        )
        for each in services.core.payments.history(her.person, 6)
    ]
