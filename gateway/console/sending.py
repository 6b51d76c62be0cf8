"""Send a caller one of the reviewed texts, or a message once more."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway import clock
from gateway.console import confidence, confirm, reached, texts
from gateway.console.access import allowed, note
from gateway.console.words import _, mark
from gateway.messages.by_hand import MOST_A_DAY, NotSent
from gateway.services import Services

_WHY = {
    "gone": mark("The words of this message are kept no more."),
    "alone": mark(
        "This was the answer to what she asked herself. She can ask again; it is not sent by hand."
    ),
    "over": mark("This reminder was true for some minutes only. Send her another text, or ring her."),
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
        if not confidence.seen([kept]):
            abort(404)
        back = _page_of(services, kept.phone_key)
        try:
            if not confirm.confirmed():
                by_hand.allow(kept.phone)
                note("message_read", f"message:{number}")
                told = confirm.Told(kept.phone, kept.language, kept.body)
                return confirm.ask(_("Send the message once more"), _("Send it"), back, [told])
            if by_hand.resend(number, key=confirm.key()):
                note("message_resent", f"message:{number}")
                flash(_("The message is on its way."))
        except NotSent as refusal:
            return _refused(refusal, back)
        return redirect(back, 303)


def _page_of(services: Services, phone_key: str) -> str:
    """Where she was found: the page of the person that the form names, where the phone is hers, else the phone's."""
    person = request.form.get("person", type=int)
    if person and any(link.person == person for link in services.core.desk.linked_to([phone_key])):
        return url_for("console.caller", person=person, _anchor="messages")
    return url_for("console.phone", phone_key=phone_key, _anchor="messages")


def _sending(services: Services, her: reached.Reached) -> AnyResponse | str:
    by_hand = services.by_hand
    try:
        text = texts.chosen()
    except LookupError:
        text = None
    except ValueError:
        abort(400)
    if text is None or confirm.taken_back():
        spoken = by_hand.language(her.phones[0])
        return render_template(
            "console_text.html",
            her=her,
            texts=[(each, by_hand.written(each.sample, spoken)) for each in texts.offered()],
            spoken=spoken,
            today=clock.today().isoformat(),
            text_day=texts.offered_day().isoformat(),
            given=request.form,
        )
    phone = her.chosen()
    try:
        if not confirm.confirmed():
            return confirm.ask(
                _("Send a text"), _("Send it"), request.path, [texts.told(phone, text)], kept=True
            )
        if by_hand.send(phone, text, key=confirm.key(), subject=her.subject if her.person else ""):
            note("message_sent", her.subject, text=text.name)
            flash(_("The message is on its way."))
    except NotSent as refusal:
        return _refused(refusal, her.back)
    return redirect(her.back, 303)


def _refused(refusal: NotSent, back: str) -> AnyResponse:
    flash(_(_WHY[refusal.why], most=MOST_A_DAY), "bad")
    return redirect(back, 303)
