"""Send a caller one of the reviewed texts, or a message once more."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import case_words, confirm, reached
from gateway.console.access import allowed, note
from gateway.console.words import _, mark
from gateway.messages.by_hand import MOST_A_DAY, NotSent
from gateway.services import Services

_WHY = {
    "gone": mark("The words of this message are kept no more."),
    "alone": mark(
        "This was the answer to what she asked herself. She can ask again; it is not sent by hand."
    ),
    "often": mark("This phone got {most} messages by hand in a day. Ring her instead."),
}


def add(console: Blueprint, services: Services) -> None:
    by_hand = services.by_hand

    @console.route("/persons/<int:person>/text", methods=["GET", "POST"])
    @allowed("send_message")
    def send_text(person: int) -> AnyResponse | str:
        return _sending(services, reached.by_person(person))

    @console.route("/phones/<string(maxlength=32):phone_key>/text", methods=["GET", "POST"])
    @allowed("send_message")
    def send_text_by_phone(phone_key: str) -> AnyResponse | str:
        return _sending(services, reached.by_phone(phone_key))

    @console.post("/messages/<int:number>/resend")
    @allowed("resend_message")
    def resend(number: int) -> AnyResponse | str:
        try:
            kept = by_hand.kept(number)
        except LookupError:
            abort(404)
        except NotSent as refusal:
            return _refused(refusal, url_for("console.queues"))
        back = reached.by_phone(kept.phone_key).back
        if not confirm.confirmed():
            told = confirm.Told(kept.phone, kept.language, kept.body)
            return confirm.ask(_("Send the message once more"), _("Send it"), back, [told])
        try:
            if by_hand.resend(number, key=confirm.key()):
                note("message_resent", f"message:{number}")
                flash(_("The message is on its way."))
        except NotSent as refusal:
            return _refused(refusal, back)
        return redirect(back, 303)


def _sending(services: Services, her: reached.Reached) -> AnyResponse | str:
    by_hand, text = services.by_hand, request.form.get("text", "")
    if text not in by_hand.texts():
        return render_template(
            "console_text.html",
            her=her,
            texts=[(name, _(case_words.TEXTS[name])) for name in by_hand.texts()],
            samples=[
                by_hand.written(her.phones[0], name, _later(by_hand.days_of(name)))
                for name in by_hand.texts()
            ],
            tomorrow=clock.today().isoformat(),
        )
    phone, days = her.chosen(), {name: _day() for name in by_hand.days_of(text)}
    if not confirm.confirmed():
        told = confirm.Told(phone, *by_hand.written(phone, text, days))
        return confirm.ask(_("Send a text"), _("Send it"), request.path, [told])
    try:
        if by_hand.send(phone, text, days, key=confirm.key(), subject=her.subject if her.person else ""):
            note("message_sent", her.subject, text=text)
            flash(_("The message is on its way."))
    except NotSent as refusal:
        return _refused(refusal, her.back)
    return redirect(her.back, 303)


def _later(names: tuple[str, ...]) -> dict[str, str]:
    return {name: clock.today().isoformat() for name in names}


def _day() -> str:
    """The day of the form: today or later. 400 for another."""
    given = request.form.get("day", "")
    try:
        return given if clock.day_of(given) >= clock.today() else abort(400)
    except ValueError:
        abort(400)


def _refused(refusal: NotSent, back: str) -> AnyResponse:
    flash(_(_WHY[refusal.why], most=MOST_A_DAY), "bad")
    return redirect(back, 303)
