"""A session as it went, screen by screen: what she read, what it says in the reader's language, what it would say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import Blueprint, Response, abort, render_template, request
from pydantic_core import from_json, to_json

from gateway import clock, telemetry
from gateway.console import confidence
from gateway.console.access import allowed, member, note
from gateway.console.said import Said
from gateway.console.sessions import fresh
from gateway.console.words import LANGUAGES, language
from gateway.conversation.reworded import Reworded
from gateway.conversation.session import Page
from gateway.conversation.verbs import UNREACHABLE
from gateway.journal.ending import ending_of
from gateway.journal.replay import Replay, Step
from gateway.journal.trial import NOBODYS_PHONE
from gateway.services import Services
from gateway.staff.roles import Permission

NOW = ("", "menus", "data")
_WATCH_SECONDS = 8 * 3600


@dataclass(frozen=True, slots=True)
class Shown:
    """A step on the page. compared: (mark, line) of her page against today's, where that was asked."""

    step: Step
    reworded: Reworded | None
    compared: tuple[tuple[str, str], ...]

    @property
    def she_took(self) -> float | None:
        """Seconds between the page before and her key."""
        step = self.step
        return None if step.seconds is None else max(0.0, step.seconds - step.recorded.turn.millis / 1000)

    @property
    def core_millis(self) -> float:
        return sum(call.millis for call in self.step.recorded.turn.calls)

    @property
    def failed(self) -> bool:
        """Whether a question to the core failed, or our answer was an apology."""
        return any(call.outcome in {UNREACHABLE, "broken"} for call in self.step.recorded.turn.calls)


def add(console: Blueprint, services: Services) -> None:
    replay = Replay(services.journal, services.engine)

    @console.get("/sessions/<session>")
    @allowed("replay", act="session_replayed", subject="session:{session}")
    def sessions_replay(session: str) -> str:
        seen = _seen(services, replay, session)
        if _now() == "data":
            note("compared_with_today", f"session:{session}")
        phone_key = seen["shown"][0].step.recorded.phone_key
        return render_template("console_replay.html", **seen, **_whose(services, phone_key), now=_now())

    @console.get("/sessions/<session>/steps")
    @allowed("replay", active=False)
    def sessions_steps(session: str) -> Response:
        if not _watches(services, session):
            abort(404)  # the page was not opened, so the audit does not know of it
        seen = _seen(services, replay, session)
        state = f"{language()} {len(seen['shown'])} {seen['ending_word']} {seen['end']} {seen['reminded']}"
        return fresh(render_template("console_replay_steps.html", **seen, now=_now()), state)

    @console.get("/sessions/<session>/test")
    @allowed("save_as_test", act="session_saved_as_test", subject="session:{session}")
    def sessions_test(session: str) -> Response:
        steps = steps_of(services, replay, session)
        ends = {step.recorded.turn.keys[1:]: "?" for step in steps if step.recorded.turn.keys[:1] == "*"}
        text = telemetry.without_persons(replay.as_test(session, cnics=ends))
        response = Response(text, mimetype="text/plain")
        if request.args.get("keep"):
            response.headers["Content-Disposition"] = "attachment; filename=session.txt"
        return response


def steps_of(services: Services, replay: Replay, session: str) -> tuple[Step, ...]:
    """The steps; 404 where there are none for this member."""
    services.journal.catch_up()
    steps = replay.show(session)
    if not steps:
        abort(404)
    if confidence.hidden(step.recorded.turn.page.text for step in steps):
        note("refused", f"session:{session}", permission=str(Permission.SEE_CONFIDENTIAL))
        abort(404)  # as if there were none: that there is one would tell as much
    return steps


def compare(hers: str, now: Page | None) -> tuple[tuple[str, str], ...]:
    """Line by line: `=` in both, `-` only on her page, `+` only on today's."""
    old, new = hers.split("\n"), now.text.split("\n") if now else []
    lines: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [("=", line) for line in old[a:b]]
        else:
            lines += [("-", line) for line in old[a:b]] + [("+", line) for line in new[c:d]]
    return tuple(lines)


def _now() -> str:
    asked = request.args.get("now", "")
    if asked not in NOW:
        abort(404)
    if asked == "data" and not member().may(Permission.WALK_ON):
        note("refused", f"page:{request.endpoint}", permission=str(Permission.WALK_ON))
        abort(403)
    return asked


def _seen(services: Services, replay: Replay, session: str) -> dict[str, Any]:
    now = _now()
    steps = steps_of(services, replay, session)
    texts = replay.reworded(steps, language())
    if now == "data":
        phone = services.core.registry.phone_of(steps[0].recorded.phone_key)
        steps = replay.again(steps, services.sandbox(), phone or NOBODYS_PHONE)
    elif now:
        steps = replay.again(steps)
    passed = services.journal.session(session)
    if passed is None:
        abort(404)  # purged between the two questions
    said = Said(services.book)
    name = said.session(passed)
    return {
        "session": session,
        "shown": [_shown(step, text) for step, text in zip(steps, texts, strict=False)],
        "ending": ending_of(passed, clock.now()),
        "said": said,
        "ending_word": said.tag(name),
        "ending_kind": said.look(name),
        "end": said.end(passed),
        "answers": services.book.answers,
        "medium": "sms" if steps[0].recorded.turn.opening is None and _first(steps) == 1 else "ussd",
        "lost": _first(steps) > 1,
        "languages": services.book.languages,
        "reader": services.book.languages[language()],
        "reader_name": LANGUAGES[language()],
        "reminded": services.outbox.under(f"go_on:{session}"),
        "version": services.book.version,
        "watch": _watching(services, session),
    }


def _whose(services: Services, phone_key: str) -> dict[str, Any]:
    """Who answers from the phone of a session, masked; nobody for who may not see callers."""
    if not member().may(Permission.SEE_CALLER):
        return {"people": (), "phone_key": ""}
    desk = services.core.desk
    speaking = {link.person for link in desk.linked_to([phone_key]) if link.status == "verified"}
    return {"people": desk.masked(speaking), "phone_key": phone_key}


def _first(steps: Sequence[Step]) -> int:
    return steps[0].recorded.turn.number


def _shown(step: Step, text: Reworded | None) -> Shown:
    compared = compare(step.recorded.turn.page.text, step.now) if step.differs else ()
    return Shown(step, text, compared)


def _watching(services: Services, session: str) -> str:
    """Lets the page that was opened, and so is in the audit, ask for what comes after."""
    return services.vault.seal(
        to_json([member().id, session, _now(), clock.epoch() + _WATCH_SECONDS]).decode()
    )


def _watches(services: Services, session: str) -> bool:
    try:
        who, which, now, until = from_json(services.vault.open(request.headers.get("X-Watch", "")))
    except (KeyError, InvalidTag, ValueError, TypeError):
        return False
    return bool(who == member().id and which == session and now == _now() and clock.epoch() < until)
