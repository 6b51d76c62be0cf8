"""One case: what she said, every step, and the acts that move it. She is told of each move, and the page says how before."""

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import case_words, casebook, confirm
from gateway.console.access import allowed, member, note
from gateway.console.words import _, mark
from gateway.core.port import CaseFile, CaseState
from gateway.privacy import mask_phone
from gateway.services import Services

LONGEST_NOTE = 1000
_ANSWERS = ("", CaseState.IN_PROGRESS, CaseState.RESOLVED)


@dataclass(frozen=True, slots=True)
class _Act:
    """An act that brings a case to a state, or only notes something (None): its name in the audit, its title."""

    act: str
    title: str
    state: CaseState | None


_NOTE = _Act("case_noted", mark("Note on case {reference}"), None)
_CLOSE = _Act("case_closed", mark("Close case {reference}"), CaseState.CLOSED)
_REOPEN = _Act("case_reopened", mark("Open case {reference} again"), CaseState.REOPENED)


def add(console: Blueprint, services: Services) -> None:
    @console.get("/cases/<string(maxlength=8):reference>")
    @allowed("queues", act="case_opened", subject="case:{reference}")
    def case(reference: str) -> str:
        return _page(services, casebook.opened(reference))

    @console.post("/cases/<string(maxlength=8):reference>/answer")
    @allowed("answer_case")
    def case_answer(reference: str) -> AnyResponse | str:
        return _answer(services, reference)

    @console.post("/cases/<string(maxlength=8):reference>/close")
    @allowed("close_case")
    def case_close(reference: str) -> AnyResponse | str:
        return _move(services, reference, _CLOSE)

    @console.post("/cases/<string(maxlength=8):reference>/reopen")
    @allowed("close_case")
    def case_reopen(reference: str) -> AnyResponse | str:
        return _move(services, reference, _REOPEN)

    @console.post("/cases/<string(maxlength=8):reference>/<any(take, give_back):what>")
    @allowed("answer_case")
    def case_take(reference: str, what: str) -> AnyResponse | str:
        return _take(services, reference, member().mark if what == "take" else None)


def _answer(services: Services, reference: str) -> AnyResponse | str:
    wanted = request.form.get("state", "")
    if wanted not in _ANSWERS:
        abort(400)
    if wanted:
        act = _Act("case_answered", mark("Answer case {reference}"), CaseState(wanted))
        return _move(services, reference, act)
    if not request.form.get("note", "").strip():
        flash(_("Write what is to be noted."), "bad")
        return _to(reference)
    return _move(services, reference, _NOTE)


def _take(services: Services, reference: str, to: str | None) -> AnyResponse | str:
    """Take a case, or give one's own back to the team."""
    file = casebook.opened(reference)
    if to is None and file.row.assigned_to != member().mark:
        abort(403)  # a colleague's case is the supervisor's to share out
    if not confirm.confirmed():
        told = [_told(file, CaseState.ASSIGNED)] if to and _will_be_assigned(file) else []
        title = _("Take case {reference}") if to else _("Give case {reference} back to the team")
        return confirm.ask(title.format(reference=reference), _("Yes, do it"), _address(reference), told=told)
    key, sees = confirm.key(), casebook.sees_confidential()
    if services.core.casework.assign([reference], to, by=member().mark, key=key, confidential=sees):
        note("case_taken" if to else "case_given_back", f"case:{reference}")
    return _to(reference)


def _move(services: Services, reference: str, act: _Act) -> AnyResponse | str:
    file, words = casebook.opened(reference), request.form.get("note", "").strip()[:LONGEST_NOTE]
    if act.state is not None and act.state not in file.next_states and not confirm.confirmed():
        flash(_("The case has moved on; that cannot follow what it is now."), "bad")
        return _to(reference)
    if not confirm.confirmed():
        told = [_told(file, act.state)] if act.state is not None else []
        return confirm.ask(
            _(act.title, reference=reference),
            _("Yes, do it"),
            _address(reference),
            told,
            [(_("Note"), words)],
        )
    key = confirm.key()
    try:
        done = services.core.casework.answer(
            reference,
            act.state,
            by=member().mark,
            key=key,
            confidential=casebook.sees_confidential(),
            note=words,
        )
    except ValueError:
        # A second click comes here too: the case is where it was brought, and the page shows it.
        if act.state != file.row.state:
            flash(_("The case has moved on; that cannot follow what it is now."), "bad")
        return _to(reference)
    if done:
        note(act.act, f"case:{reference}", **({"state": str(act.state)} if act.state else {}))
        flash(_("Done. She is told by SMS.") if act.state else _("Noted. Nothing was sent."))
    return _to(reference)


def _told(file: CaseFile, state: CaseState) -> confirm.Told:
    return confirm.telling(file.phone, "request_moved", reference=file.row.reference, state=str(state))


def _will_be_assigned(file: CaseFile) -> bool:
    return file.row.state in {CaseState.NEW, CaseState.REOPENED}


def _address(reference: str) -> str:
    return url_for("console.case", reference=reference)


def _to(reference: str) -> AnyResponse:
    return redirect(_address(reference), 303)


def _page(services: Services, file: CaseFile) -> str:
    members = casebook.everybody()
    book = services.book
    return render_template(
        "console_case.html",
        file=file,
        row=file.row,
        phone=mask_phone(file.phone),
        phone_language=book.languages[
            services.core.registry.contact(file.phone).language or book.default_language
        ].name,
        names={one.mark: one.display_name for one in members},
        members=[(str(one.id), one.display_name) for one in casebook.answering(members)],
        answers=[state for state in (CaseState.IN_PROGRESS, CaseState.RESOLVED) if state in file.next_states],
        closes=CaseState.CLOSED in file.next_states,
        reopens=CaseState.REOPENED in file.next_states,
        is_open=file.row.state not in {CaseState.RESOLVED, CaseState.CLOSED},
        channels=case_words.CHANNELS,
        caller_page="console.caller" in current_app.view_functions,
        today=clock.today(),
        longest=LONGEST_NOTE,
        **case_words.FUNCTIONS,
    )
