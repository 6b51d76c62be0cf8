"""Open a case for a caller: category, what it is about, her words. Says beforehand by when, and the SMS she gets."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import about, case, case_words, casebook, confidence, confirm, reached
from gateway.console.access import allowed, member, note
from gateway.console.said import Said
from gateway.console.shown import day, when
from gateway.console.words import _
from gateway.core.port.casework import Promise
from gateway.journal.passed import Passed
from gateway.services import Services
from gateway.telemetry import without_persons

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


@dataclass(frozen=True, slots=True)
class _Report:
    """What the form holds. sees: whether she who fills it in may read the case."""

    category: str
    promise: Promise
    subject: str
    about: str
    words: str
    phone: str
    session: Passed | None
    sees: bool


def _opening(services: Services, her: reached.Reached) -> AnyResponse | str:
    if not request.form.get("category") or confirm.taken_back():
        return _form(services, her)
    report = _report(services, her)
    if confirm.confirmed():
        return _open(services, her, report)
    if report.sees and (standing := _standing(services, her, report)):
        return _already(services, standing, report)
    return confirm.ask(
        _("Open a case"),
        _("Open it"),
        request.path,
        [confirm.telling(report.phone, "request_moved", reference=_UNDRAWN, state="new")],
        [
            (_("Category"), case_words.category(report.category)),
            (_("About"), report.about),
            (_("What she said"), report.words),
            (_("To be answered by"), day(report.promise.target_on)),
            (_("Session"), when(report.session.started_at) if report.session else ""),
        ],
        _("In confidence: only who may see such cases reads it. She hears the reference alone.")
        if report.promise.confidential
        else "",
        kept=True,
    )


def _report(services: Services, her: reached.Reached) -> _Report:
    """400 for what no form of ours held."""
    category, subject = request.form["category"], request.form.get("subject", "")
    subjects = {"": "", **dict(about.offered(her.person))}
    try:
        promise = services.core.casework.promise(category)
    except LookupError:
        abort(400)
    if subject not in subjects:
        abort(400)
    return _Report(
        category,
        promise,
        subject,
        subjects[subject],
        without_persons(request.form.get("words", "").strip()[:LONGEST_WORDS]),
        her.chosen(),
        _session(services, her),
        confidence.sees() or not promise.confidential,
    )


def _open(services: Services, her: reached.Reached, report: _Report) -> AnyResponse | str:
    casework, by, key = services.core.casework, member().mark, confirm.key()
    opened = casework.open(
        report.category,
        report.phone,
        key,
        by=by,
        person=her.person,
        subject=report.subject,
        words=report.words,
        session=report.session.id if report.session else "",
    )
    reference = opened.case.reference
    if opened.outcome == "opened":
        # An auditor does not see what is told in confidence, nor of whom it was told.
        told = {} if report.promise.confidential else {"category": report.category, "about": her.subject}
        note("case_entered", f"case:{reference}", **told)
    if not report.sees:
        if opened.outcome == "already" and report.words:
            # She may not know of it, and what she wrote is not lost.
            casework.answer(reference, None, by=by, key=f"{key}:words", confidential=True, note=report.words)
        flash(_("Filed in confidence. Only who may see such cases reads it."))
        return redirect(her.back, 303)
    if opened.outcome == "already":
        return _already(services, reference, report)
    if opened.outcome == "opened":
        flash(_("Case {reference} is open. She is told by SMS.", reference=reference))
    return redirect(url_for("console.case", reference=reference), 303)


def _form(services: Services, her: reached.Reached) -> str:
    return render_template(
        "console_open_case.html",
        her=her,
        categories=[
            (code, f"{_(label)}, {case_words.days(_days(services, code))}")
            for code, label in case_words.CATEGORIES.items()
        ],
        subjects=about.offered(her.person),
        session=_session(services, her),
        given=request.form,
        said=Said(services.book),
        longest=LONGEST_WORDS,
    )


def _standing(services: Services, her: reached.Reached, report: _Report) -> str | None:
    """The case of hers that is open for the same."""
    hers = services.core.cases.of(her.person) if her.person is not None else ()
    alike = (one for one in hers if (one.category, one.subject) == (report.category, report.subject))
    return next((one.reference for one in alike if case.is_open(one.state)), None)


def _already(services: Services, reference: str, report: _Report) -> str:
    """The page of a case that is open, with what she says now as a note to it: nothing was done."""
    note("case_opened", f"case:{reference}")
    flash(
        _("Such a case is open already: this is it. Nothing was sent. What she says now can be noted here."),
        "bad",
    )
    return case.show(services, casebook.opened(reference), {"note": report.words})


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
