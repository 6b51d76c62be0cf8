"""Call-backs: booked for a caller, settled by who rang."""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import case_words, confidence, confirm, reached
from gateway.console.access import allowed, member, note
from gateway.console.words import _, mark
from gateway.core.port import CallBackState, Window
from gateway.services import Services

_NOT_THEN = mark("No call can be promised for then: choose a time that is still ahead, within two weeks.")


def add(console: Blueprint, services: Services) -> None:
    call_backs = services.core.call_backs

    @console.route("/persons/<int:person>/call-back", methods=["GET", "POST"])
    @allowed("book_call_back")
    def call_back(person: int) -> AnyResponse | str:
        return _booking(services, reached.by_person(person))

    @console.route("/phones/<string(maxlength=32):phone_key>/call-back", methods=["GET", "POST"])
    @allowed("book_call_back")
    def call_back_by_phone(phone_key: str) -> AnyResponse | str:
        return _booking(services, reached.by_phone(phone_key))

    @console.post("/call-backs/<int:number>/<any(done, failed, cancelled, booked):state>")
    @allowed("book_call_back")
    def call_back_settled(number: int, state: str) -> AnyResponse | str:
        back = url_for("console.queues_one", name="call_backs")
        if not confirm.confirmed():
            titles = {
                "done": _("She was reached"),
                "failed": _("She was not reached"),
                "cancelled": _("Cancel the call-back"),
                "booked": _("Put the call-back into the queue again"),
            }
            return confirm.ask(titles[state], _("Yes, do it"), back)
        try:
            done = call_backs.settle(
                number,
                CallBackState(state),
                by=member().mark,
                key=confirm.key(),
                female=confidence.sees(),
            )
        except LookupError:
            abort(404)
        if done:
            note("call_back_settled", f"call_back:{number}", state=state)
            flash(_("Done. Nothing was sent."))
        return redirect(back, 303)


def _booking(services: Services, her: reached.Reached) -> AnyResponse | str:
    window = request.form.get("window", "")
    if window not in set(Window) or confirm.taken_back():
        return _form(her)
    phone, female = her.chosen(), "female" in request.form
    try:
        day = clock.day_of(request.form.get("day", ""))
    except ValueError:
        abort(400)
    if not confirm.confirmed():
        if not services.core.call_backs.fits(day, Window(window)):
            return _form(her, _(_NOT_THEN))
        told = confirm.telling(phone, "call_back_booked", day=day.isoformat(), window=window)
        facts = [(_("Who rings"), _("A woman, as she asked"))] if female else []
        return confirm.ask(_("Book a call-back"), _("Book it"), request.path, [told], facts, kept=True)
    try:
        booked = services.core.call_backs.book(
            phone,
            day,
            Window(window),
            by=member().mark,
            key=confirm.key(),
            person=her.person,
            female=female,
        )
    except ValueError:
        return _form(her, _(_NOT_THEN))
    if booked:
        note("call_back_booked", her.subject, window=window)
        flash(_("The call-back is booked. She is told by SMS."))
    return redirect(her.back, 303)


def _form(her: reached.Reached, why: str = "") -> str:
    """The form with what was typed, or the next time that is still ahead. why: nothing can be booked as it is."""
    if why:
        flash(why, "bad")
    day, window = _next()
    return render_template(
        "console_call_back.html",
        her=her,
        windows=[(code, _(label)) for code, label in case_words.WINDOWS.items()],
        today=clock.today().isoformat(),
        given={"day": day.isoformat(), "window": window, **request.form.to_dict()},
    )


def _next() -> tuple[date, Window]:
    today = clock.today()
    window = next((each for each in Window if not each.over(today)), None)
    return (today, window) if window else (today + timedelta(days=1), Window.MORNING)
