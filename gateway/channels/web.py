"""The webhooks that an aggregator calls. Whatever arrives, the answer is one the aggregator can use."""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from wsgiref.types import WSGIEnvironment

import structlog
from flask import Blueprint, Response, abort, request

from gateway import telemetry
from gateway.channels.aggregator import Aggregator, Ended, Unreadable
from gateway.channels.form import LARGEST_BODY, read_form
from gateway.channels.hop import Hops
from gateway.channels.site import Line
from gateway.db import database_reached
from gateway.messages.words import write
from gateway.services import Services

log = structlog.get_logger()

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def hooks(services: Services, aggregator: Aggregator, hops: Hops) -> Blueprint:
    """The five addresses of one aggregator, under `/<name>/<token>/`; any other token is simply not there."""
    token = services.settings.hook_token.get_secret_value()
    pages = Blueprint(aggregator.name, __name__, url_prefix=f"/{aggregator.name}/{token}")
    if allowed := services.book.aggregator.allow_from:
        pages.before_request(_only_from(allowed))
    pages.add_url_rule("/ussd", "ussd", _dials(services, aggregator, hops), methods=_METHODS)
    registry, inbox, outbox = services.core.registry, services.inbox, services.outbox
    notices: dict[str, Callable[[Mapping[str, str]], object]] = {
        "ussd-ended": lambda form: remind(services, aggregator.parse_ended(form)),
        "sms": lambda form: inbox.put(aggregator.parse_text(form)),
        "delivery": lambda form: outbox.report(aggregator.parse_report(form)),
        "opt-out": lambda form: registry.opt_out(aggregator.parse_opt_out(form).phone, True),
    }
    for name, take in notices.items():
        pages.add_url_rule(f"/{name}", name, _listener(name, take), methods=_METHODS)
    return pages


def _dials(services: Services, aggregator: Aggregator, hops: Hops) -> Callable[[], Response]:
    """The view for hops: always 200, always a page."""
    book, codes = services.book, ServiceCodes(services.settings.service_codes)

    def ussd() -> Response:
        environ = request.environ
        try:
            dial = aggregator.parse_dial(_form(environ), _Headers(environ))
        except Unreadable as fault:
            telemetry.security_event("unreadable_dial")
            log.warning("unreadable_dial", fault=str(fault))
            page = book.page("common.unreadable", book.default_language)
        else:
            if dial.service_code in codes:
                page = hops.answer(dial)
            else:
                log.warning("unknown_service_code", code=dial.service_code[:20])
                page = book.page("common.not_ours", book.default_language)
        body, headers = aggregator.render_page(page)
        answer = Line(body)
        for name, value in headers.items():
            answer.headers.add(name, value)
        return answer

    return ussd


def _listener(name: str, take: Callable[[Mapping[str, str]], object]) -> Callable[[], Response]:
    """The view for notices. What cannot be read is answered 200 too, for sending it again would not help.

    Where a store is away the error goes on to the application, which answers 503, so that the notice comes again.
    """

    def listen() -> Response:
        try:
            take(_form(request.environ))
        except Unreadable as fault:
            telemetry.security_event(f"unreadable_{name}")
            log.warning("unreadable_notice", notice=name, fault=str(fault))
        return Line("ok")

    return listen


def _only_from(allowed: Sequence[Network]) -> Callable[[], None]:
    """404 for an address that is not on the list."""

    def check() -> None:
        if not _within(request.remote_addr, allowed):
            telemetry.security_event("address_refused")
            abort(404)

    return check


def remind(services: Services, ended: Ended) -> None:
    """A caller was cut off: note how her session ended, and once, if she had got past a decision, say how to go on."""
    phone_key = services.vault.phone_key(ended.phone)
    lasted, waits = ended.seconds, services.book.aggregator.patience
    # Kept with the session, so that another aggregator's figures never judge it.
    patience = waits.silence(lasted) if waits and lasted else None
    services.journal.ended(ended.session, phone_key, ended.status, lasted, patience)
    session = services.sessions.peek(ended.session, phone_key)
    if ended.status == "success" or session is None or not services.engine.unfinished(session):
        return
    message = write(
        services.book,
        "go_on",
        session.language,
        dedupe_key=f"go_on:{session.id}",
        phone=ended.phone,
        lane="alert",
    )
    with database_reached(), services.database.writing() as connection:
        services.outbox.put(connection, [message])


def _form(environ: WSGIEnvironment) -> dict[str, str]:
    if environ["REQUEST_METHOD"] == "GET":
        return {}
    length = environ.get("CONTENT_LENGTH") or LARGEST_BODY + 1
    return read_form(environ["wsgi.input"].read(min(int(length), LARGEST_BODY + 1)))


class _Headers:
    """The request's headers by name, straight from where the server left them."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ

    def get(self, name: str, default: str, /) -> str:
        value: str = self._environ.get(f"HTTP_{name.upper().replace('-', '_')}", default)
        return value


class ServiceCodes:
    """The service codes that are ours. A code that ends in `*` stands for every code that begins with it."""

    def __init__(self, codes: str) -> None:
        listed = [code.strip() for code in codes.split(",") if code.strip()]
        self._exact = {code for code in listed if not code.endswith("*")} | {""}
        self._begins = tuple(code for code in listed if code.endswith("*"))

    def __contains__(self, code: str) -> bool:
        return code in self._exact or bool(self._begins and code.startswith(self._begins))


def _within(address: str | None, networks: Sequence[Network]) -> bool:
    try:
        caller = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(caller in network for network in networks)
