"""One box finds a caller. What was typed stays in the form that was posted; addresses hold numbers of our own alone."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console import confidence, pages
from gateway.console.access import allowed, member, note
from gateway.console.typed import Typed, read_typed
from gateway.console.words import mark
from gateway.core.port import Request
from gateway.services import Services
from gateway.staff.pace import Pace

# What was understood, and what to check where nothing was found.
_UNDERSTOOD = {
    "cnic": mark("a CNIC"),
    "phone": mark("a phone"),
    "reference": mark("a reference"),
    "token": mark("a session or message id"),
    "nothing": mark("nothing we know"),
}
_CHECK = {
    "cnic": mark(
        "Nobody here has this CNIC. Have her read it once more, digit by digit, or ask for her phone."
    ),
    "reference": mark(
        "Nothing has this reference. Have her read it once more, or ask for her phone or CNIC."
    ),
    "token": mark("No session or message has this id. A session appears a moment after its first screen."),
    "nothing": mark(
        "A phone has 10 or more digits, a CNIC 13, a reference 8. Session and message ids begin with letters."
    ),
}

_LOOK_UPS = "30 per minute"  # far above what a call takes, far below what reading the rolls would


def add(console: Blueprint, services: Services) -> None:
    pace = Pace(services.settings.store_url, _LOOK_UPS, "console-find")

    @console.post("/find")
    @allowed("find")
    def find() -> AnyResponse | str:
        if not pace.allows(member().mark):
            abort(429)
        words = request.form.get("q", "")[:120]
        typed = read_typed(words)
        if where := _where(services, typed):
            return redirect(where, 303)
        return render_template(
            "console_found.html",
            words=words,
            understood=_UNDERSTOOD[typed.kind],
            check=_CHECK.get(typed.kind, ""),
        )


def _where(services: Services, typed: Typed) -> str | None:
    """The page to go to, if there is one. Each look-up is in the audit before its answer is shown."""
    desk, vault = services.core.desk, services.vault
    match typed.kind:
        case "cnic":
            note("looked_up", f"cnic:{vault.cnic_key(typed.value)}")
            person = desk.person_of(typed.value)
            return url_for("console.caller", person=person) if person else None
        case "phone":
            note("looked_up", f"phone:{vault.phone_key(typed.value)}")
            return _of_phone(services, typed.value)
        case "reference":
            note("looked_up", f"reference:{typed.value}")
            return _of_request(desk.request(typed.value))
        case "token":
            note("looked_up", f"token:{typed.value}")
            return _of_token(services, typed.value)
        case _:
            return None


def _of_phone(services: Services, phone: str) -> str:
    """Her page; of a phone that speaks for nobody, or for several, its own page, which says for whom."""
    desk, vault = services.core.desk, services.vault
    links = desk.linked_to(vault.phone_keys(phone))
    people = {link.person for link in links if link.status != "revoked"}
    if len(people) == 1:
        return url_for("console.caller", person=people.pop())
    return url_for("console.phone", phone_key=vault.phone_key(phone))


def _of_request(found: Request | None) -> str | None:
    """A confidential one says no more than one that there is not, to who may not see such."""
    if found is None or (found.confidential and not confidence.sees()):
        return None
    if page := pages.of_request(found):
        return page
    if found.person is not None:
        return url_for("console.caller", person=found.person)
    return url_for("console.phone", phone_key=found.phone_key)


def _of_token(services: Services, token: str) -> str | None:
    session = services.journal.session(token)
    if session and not confidence.withheld(session):
        return pages.of_session(session) or url_for("console.phone", phone_key=session.phone_key)
    if message := services.history.referred(token):
        linked = {
            link.person
            for link in services.core.desk.linked_to([message.phone_key])
            if link.status == "verified"
        }
        if len(linked) == 1:
            return url_for("console.caller", person=linked.pop(), _anchor="messages")
        return url_for("console.phone", phone_key=message.phone_key, _anchor="messages")
    return None
