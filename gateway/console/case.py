"""One case: what she said, every step, and the acts that move it. She is told of each move, and the page says how before."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import about, case_words, casebook, confidence, confirm, pages, texts
from gateway.console.access import allowed, member, note
from gateway.console.said import Said
from gateway.console.words import _, mark
from gateway.core.port import CaseFile, CaseState, ReviewedText
from gateway.messages.by_hand import MOST_A_DAY, NotSent
from gateway.privacy import mask_phone
from gateway.services import Services
from gateway.staff.roles import Permission
from gateway.telemetry import without_persons

LONGEST_NOTE = 1000
_MOST_TOLD = 20
_ANSWERS = ("", CaseState.IN_PROGRESS, CaseState.RESOLVED)
_MOVED_ON = mark("The case has moved on; that cannot follow what it is now.")
_NO_MORE = mark(
    "This phone got {most} messages by hand in a day, so nothing was done. Answer without a text, or ring her."
)


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
        return show(services, casebook.opened(reference))

    @console.post("/cases/<string(maxlength=8):reference>/answer")
    @allowed("answer_case")
    def case_answer(reference: str) -> AnyResponse | str:
        return _answer(services, reference)

    @console.post("/cases/<string(maxlength=8):reference>/close")
    @allowed("close_case")
    def case_close(reference: str) -> AnyResponse | str:
        return _answer(services, reference, _CLOSE)

    @console.post("/cases/<string(maxlength=8):reference>/reopen")
    @allowed("close_case")
    def case_reopen(reference: str) -> AnyResponse | str:
        return _answer(services, reference, _REOPEN)

    @console.post("/cases/<string(maxlength=8):reference>/<any(take, give_back):what>")
    @allowed("answer_case")
    def case_take(reference: str, what: str) -> AnyResponse | str:
        return _take(services, reference, member().mark if what == "take" else None)


def _answer(services: Services, reference: str, act: _Act | None = None) -> AnyResponse | str:
    """Bring the case to a state, or only note something; a reviewed text may go with either. act: not the one of the form."""
    file, wanted = casebook.opened(reference), request.form.get("state", "")
    if wanted not in _ANSWERS:
        abort(400)
    if confirm.taken_back():
        return show(services, file)
    try:
        text = texts.chosen()
    except LookupError:
        abort(400)
    except ValueError:
        return _again(services, file, _("Choose a day from today on."))
    if text and not _may_send(file):
        abort(403)
    if act:
        return _move(services, file, act, text)
    if wanted:
        act = _Act("case_answered", mark("Answer case {reference}"), CaseState(wanted))
        return _move(services, file, act, text)
    if not request.form.get("note", "").strip():
        return _again(services, file, _("Write what is to be noted."))
    return _move(services, file, _NOTE, text)


def _take(services: Services, reference: str, to: str | None) -> AnyResponse | str:
    """Take a case, or give one's own back to the team."""
    file = casebook.opened(reference)
    if to is None and file.row.assigned_to != member().mark:
        abort(403)  # a colleague's case is the supervisor's to share out
    if not confirm.confirmed():
        told = [_told(file, CaseState.ASSIGNED)] if to and _will_be_assigned(file) else []
        title = _("Take case {reference}") if to else _("Give case {reference} back to the team")
        return confirm.ask(title.format(reference=reference), _("Yes, do it"), _address(reference), told=told)
    key, sees = confirm.key(), confidence.sees()
    if services.core.casework.assign([reference], to, by=member().mark, key=key, confidential=sees):
        note("case_taken" if to else "case_given_back", f"case:{reference}")
    return _to(reference)


def _move(
    services: Services, file: CaseFile, act: _Act, text: ReviewedText | None = None
) -> AnyResponse | str:
    reference, words = (
        file.row.reference,
        without_persons(request.form.get("note", "").strip()[:LONGEST_NOTE]),
    )
    if act.state is not None and act.state not in file.next_states and not confirm.confirmed():
        return _again(services, file, _(_MOVED_ON))
    try:
        if not confirm.confirmed():
            told = [_told(file, act.state)] if act.state is not None else []
            if text:
                told.append(texts.told(file.phone, text))
            return confirm.ask(
                _(act.title, reference=reference),
                _("Yes, do it"),
                _address(reference),
                told,
                [(_("Note"), words)],
                kept=bool(words or text),
            )
        done = services.core.casework.answer(
            reference,
            act.state,
            by=member().mark,
            key=confirm.key(),
            confidential=confidence.sees(),
            note=words,
            text=text,
        )
    except NotSent:
        return _again(services, file, _(_NO_MORE, most=MOST_A_DAY))
    except ValueError:
        # A second click comes here too: the case is where it was brought, and the page shows it.
        return _to(reference) if act.state == file.row.state else _again(services, file, _(_MOVED_ON))
    if done:
        detail = {"state": act.state and str(act.state), "text": text and text.name}
        note(act.act, f"case:{reference}", **{name: value for name, value in detail.items() if value})
        flash(_done(act, text))
    return _to(reference)


def _may_send(file: CaseFile) -> bool:
    """Of a case in confidence nothing goes by SMS but its reference."""
    return member().may(Permission.SEND_MESSAGE) and not file.row.confidential


def _done(act: _Act, text: ReviewedText | None) -> str:
    if act.state:
        return _("Done. She is told by SMS.")
    return _("Noted. The text is on its way.") if text else _("Noted. Nothing was sent.")


def _again(services: Services, file: CaseFile, why: str) -> str:
    """The page once more, with what the form held: nothing was done."""
    flash(why, "bad")
    return show(services, file)


def _told(file: CaseFile, state: CaseState) -> confirm.Told:
    return confirm.telling(file.phone, "request_moved", reference=file.row.reference, state=str(state))


def _will_be_assigned(file: CaseFile) -> bool:
    return file.row.state in {CaseState.NEW, CaseState.REOPENED}


def _address(reference: str) -> str:
    return url_for("console.case", reference=reference, queue=casebook.queue() or None)


def _to(reference: str) -> AnyResponse:
    return redirect(_address(reference), 303)


def _replay(services: Services, session: str) -> str | None:
    """Where the session that a case came from can be seen, as long as it is kept."""
    kept = services.journal.session(session) if session else None
    return pages.of_session(kept) if kept else None


def is_open(state: CaseState) -> bool:
    return state not in {CaseState.RESOLVED, CaseState.CLOSED}


def show(services: Services, file: CaseFile, given: Mapping[str, str] | None = None) -> str:
    """The page. given: what its form holds, if not what was sent."""
    members, queue = casebook.everybody(), casebook.queue()
    book = services.book
    return render_template(
        "console_case.html",
        file=file,
        row=file.row,
        queue=queue,
        queue_title=_(case_words.QUEUES[queue]) if queue else "",
        following=queue
        and services.core.casework.following(
            queue, file.row.reference, member().mark, confidential=confidence.sees()
        ),
        phone=mask_phone(file.phone),
        phone_language=book.languages[
            services.core.registry.contact(file.phone).language or book.default_language
        ].name,
        names={one.mark: one.display_name for one in members},
        members=[(str(one.id), one.display_name) for one in casebook.answering(members)],
        answers=[
            (str(state), case_words.state(state)) for state in _ANSWERS if state and state in file.next_states
        ],
        texts=texts.offered() if _may_send(file) else [],
        given=request.form if given is None else given,
        told=services.history.about(
            f"case:{file.row.reference}", services.vault.phone_keys(file.phone), _MOST_TOLD
        ),
        said=Said(services.book),
        stays=services.by_hand.stays,
        closes=CaseState.CLOSED in file.next_states,
        reopens=CaseState.REOPENED in file.next_states,
        is_open=is_open(file.row.state),
        about=about.in_words(file.row.person, file.row.subject),
        text_day=texts.offered_day().isoformat(),
        channels=case_words.CHANNELS,
        replay=_replay(services, file.session),
        her=next(iter(services.core.desk.masked([file.row.person])), None) if file.row.person else None,
        today=clock.today(),
        longest=LONGEST_NOTE,
        **case_words.FUNCTIONS,
    )
