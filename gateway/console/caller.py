"""The caller: one page that answers a call, and the page of a phone that speaks for nobody. All masked until asked for."""

from collections.abc import Iterable

from flask import Blueprint, abort, render_template

from gateway.console import confidence, pages
from gateway.console.access import allowed, member
from gateway.console.case_words import WINDOWS
from gateway.console.fields import FIELDS, REASONS
from gateway.console.said import Said
from gateway.core.port import Request
from gateway.journal.journal import Passed
from gateway.services import Services
from gateway.staff.roles import Permission

_SESSIONS = 12
_MESSAGES = 20
# What she has and may have before what she may not.
_BEST_FIRST = ("enrolled", "may_apply", "under_review", "survey_needed", "not_eligible", "deceased")
_WAITING = {"ready", "branch"}


def add(console: Blueprint, services: Services) -> None:
    desk = services.core.desk

    @console.get("/persons/<int:person>")
    @allowed("see_caller", act="caller_opened", subject="person:{person}")
    def caller(person: int) -> str:
        return show_caller(services, person)

    @console.get("/phones/<string(maxlength=32):phone_key>")
    @allowed("see_caller", act="phone_opened", subject="phone:{phone_key}")
    def phone(phone_key: str) -> str:
        services.journal.catch_up()
        sessions = services.journal.recent(_SESSIONS, phone_key, confidential=confidence.sees())
        messages = confidence.seen(services.history.to_phones([phone_key], _MESSAGES))
        links = desk.linked_to([phone_key])
        return render_template(
            "console_phone.html",
            phone_key=phone_key,
            sessions=sessions,
            messages=messages,
            links=links,
            speaking=len({link.person for link in links if link.status == "verified"}),
            people={kin.id: kin for kin in desk.masked({link.person for link in links})},
            requests=_open_to_her(desk.requests_from([phone_key])),
            replays=_replays(sessions),
            pages=pages,
            said=Said(services.book),
            stays=services.by_hand.stays,
        )


def show_caller(services: Services, person: int, refusal: str = "") -> str:
    """The whole page. refusal: why a field that was asked for is not shown."""
    desk = services.core.desk
    identity = desk.identity(person)
    if identity is None:
        abort(404)
    links = desk.links_of(person)
    services.journal.catch_up()  # she rings while the screen is still on her phone
    spoken_for = [link.phone_key for link in links if link.status == "verified"]
    sessions = _sessions(services, spoken_for)
    money, judged = desk.money(person), desk.judged(person)
    asked = services.staff.reveals.of(member(), f"person:{person}")
    shown = {one.field: one.until for one in asked if one.state == "granted"}
    reasons = member().may(Permission.SEE_REASONS)
    return render_template(
        "console_caller.html",
        person=person,
        identity=identity,
        links=links,
        shared=_shared(services, spoken_for, person),
        sessions=sessions,
        last=next((one for one in sessions if not one.by_text), next(iter(sessions), None)),
        replays=_replays(sessions),
        instalments=money,
        waiting=[one for one in money if one.standing in _WAITING],
        held=[one for one in money if one.standing == "held"],
        decisions=sorted(judged, key=lambda one: _BEST_FIRST.index(one.outcome)),
        first_programme=judged[0].programme if judged else "",
        decided=desk.decided(person) if reasons else (),
        reasons=reasons,
        enrolments=desk.enrolments(person),
        accounts=services.core.accounts.of(person),
        requests=_open_to_her(desk.requests_of(person)),
        messages=confidence.seen(services.history.to_phones(spoken_for, _MESSAGES)),
        calls=services.core.call_backs.of(person, female=confidence.sees()),
        windows=WINDOWS,
        reveals=member().may(Permission.REVEAL),
        shown=shown,
        opened={field: desk.hidden(person, field) for field in shown},
        pending=[one.field for one in asked if one.state == "asked" and one.field not in shown],
        fields=FIELDS,
        kinds=REASONS,
        refusal=refusal,
        pages=pages,
        said=Said(services.book),
        stays=services.by_hand.stays,
    )


def _sessions(services: Services, keys: Iterable[str]) -> tuple[Passed, ...]:
    """Sessions of all her phones, newest first; most have one phone."""
    found = [
        one for key in keys for one in services.journal.recent(_SESSIONS, key, confidential=confidence.sees())
    ]
    return tuple(sorted(found, key=lambda one: one.last_at, reverse=True)[:_SESSIONS])


def _replays(sessions: Iterable[Passed]) -> dict[str, str | None]:
    return {one.id: pages.of_session(one) for one in sessions}


def _shared(services: Services, keys: list[str], person: int) -> bool:
    """Whether another person answers from a phone of hers, so that a session or message may be that one's."""
    links = services.core.desk.linked_to(keys) if keys else ()
    return any(link.person != person and link.status == "verified" for link in links)


def _open_to_her(requests: Iterable[Request]) -> list[Request]:
    """Without those that this member may not see."""
    sees = confidence.sees()
    return [one for one in requests if sees or not one.confidential]
