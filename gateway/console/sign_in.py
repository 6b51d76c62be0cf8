"""Signing in and out: name and password, then the second factor where one is due."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.console import cookies
from gateway.console.access import half_signed_in, load_sitting, open_to_all
from gateway.console.qr import drawn, secret_of
from gateway.console.words import LANGUAGES, _
from gateway.services import Services
from gateway.staff.entrance import Answer
from gateway.staff.pace import Pace
from gateway.staff.passwords import MOST

_CODE_LONGEST = 10


def add(console: Blueprint, services: Services, pace: Pace) -> None:
    _add_password(console, services, pace)
    _add_factor(console, services, pace)

    @console.post("/sign-out")
    @half_signed_in
    def sign_out() -> AnyResponse:
        services.staff.entrance.sign_out(g.sitting, cookies.token_of(request, services.settings))
        return left(services)


def _add_password(console: Blueprint, services: Services, pace: Pace) -> None:
    @console.get("/sign-in")
    @open_to_all
    def sign_in() -> AnyResponse | str:
        if (chosen := request.args.get("language")) in LANGUAGES:
            session["language"] = chosen
        load_sitting(active=True)
        if g.sitting and g.sitting.proven:
            return redirect(onward(request.args.get("next")))
        return _form(services)

    @console.post("/sign-in")
    @open_to_all
    def signing_in() -> AnyResponse | tuple[str, int]:
        address = request.remote_addr or ""
        if not pace.allows(address):
            abort(429)
        answer = services.staff.entrance.sign_in(
            request.form.get("name", ""), request.form.get("password", "")[:MOST], address
        )
        if answer.state != "welcome":
            return _form(services, _refusal(answer)), 429 if answer.state == "wait" else 403
        return admitted(services, answer, request.form.get("next"))


def _add_factor(console: Blueprint, services: Services, pace: Pace) -> None:
    @console.get("/second-factor")
    @half_signed_in
    def second_factor() -> AnyResponse | str:
        if g.sitting.proven:
            return redirect(onward(request.args.get("next")))
        return render_template("console_factor.html", next=request.args.get("next", ""))

    @console.post("/second-factor")
    @half_signed_in
    def showing_second_factor() -> AnyResponse | tuple[str, int]:
        address = request.remote_addr or ""
        if not pace.allows(address):
            abort(429)
        answer = services.staff.entrance.prove(
            g.sitting, request.form.get("code", "")[:_CODE_LONGEST], address
        )
        if answer.state != "welcome":
            page = render_template(
                "console_factor.html", next=request.form.get("next", ""), refusal=_refusal(answer)
            )
            return page, 429 if answer.state == "wait" else 403
        return redirect(onward(request.form.get("next")), 303)

    @console.get("/second-factor/set-up")
    @half_signed_in
    def factor_set_up() -> AnyResponse | str:
        return _offer(services)

    @console.post("/second-factor/set-up")
    @half_signed_in
    def setting_up_factor() -> AnyResponse | tuple[str, int]:
        if not _may_set_up():
            abort(403)
        if not services.staff.factors.set_up(g.staff, request.form.get("code", "")[:_CODE_LONGEST]):
            return _offer(services, _("That was not the code of this account. Wait for the next one.")), 403
        services.staff.sittings.prove(g.sitting)
        return redirect(onward(request.form.get("next")), 303)


def admitted(services: Services, answer: Answer, back: str | None) -> AnyResponse:
    """To where she wanted to go, with the token of her sitting, in the language she has chosen on the way."""
    chosen = session.get("language")
    if answer.member and chosen in LANGUAGES:
        services.staff.accounts.choose_language(answer.member, chosen)
    session.clear()  # what a form before the sign-in carried is of no use after it
    response = redirect(onward(back), 303)
    cookies.give_token(response, services.settings, answer.token)
    return response


def left(services: Services) -> AnyResponse:
    session.clear()
    response = redirect(url_for("console.sign_in"), 303)
    cookies.drop_token(response, services.settings)
    return response


def onward(back: str | None) -> str:
    """A page of the console, whatever was asked for: nobody is led away by a link."""
    parts = urlsplit(back or "")
    ours = (
        not parts.scheme
        and not parts.netloc
        and parts.path.startswith("/console/")
        and "\\" not in parts.path
    )
    return back if back and ours else url_for("console.home")


def _may_set_up() -> bool:
    """One that is set up is not replaced by whoever sits there: a new phone takes an admin's reset."""
    return g.staff.password and not g.staff.second_factor


def _offer(services: Services, refusal: str = "") -> str:
    if not _may_set_up():
        abort(403)
    address = services.staff.factors.offer(g.staff)
    return render_template(
        "console_factor_set_up.html",
        picture=drawn(address, _("The code to scan with the app")),
        secret=secret_of(address),
        next=request.values.get("next", ""),
        refusal=refusal,
    )


def _form(services: Services, refusal: str = "") -> str:
    return render_template(
        "console_sign_in.html",
        refusal=refusal,
        name=request.form.get("name", ""),
        next=request.values.get("next", ""),
        languages=LANGUAGES,
        provider=bool(services.settings.oidc_issuer),
    )


def _refusal(answer: Answer) -> str:
    if answer.state == "wait":
        minutes, seconds = divmod(answer.wait, 60)
        return _(
            "Too many wrong tries. Try again in {minutes} min {seconds} s.", minutes=minutes, seconds=seconds
        )
    if answer.state == "used":
        return _("This code was used already. Wait for the next one.")
    return _("That was not right. Check what you typed and try again.")
