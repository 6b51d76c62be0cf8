"""Asks a verb on behalf of a screen, and notes in the session what it answered."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import structlog

from gateway import clock
from gateway.clock import Deadline
from gateway.conversation.book import Book
from gateway.conversation.screens import is_threshold
from gateway.conversation.session import Call, Deferred, Session
from gateway.conversation.verbs import UNREACHABLE, Ask, Outcome, Perform, Verb
from gateway.errors import CoreUnreachable

log = structlog.get_logger()


class Run(NamedTuple):
    """What a turn needs from outside.

    phone           E.164, for verbs; perform runs them
    trail_length    offset in the trail after the keys of this turn: part of every idempotency key
    """

    phone: str
    perform: Perform
    deadline: Deadline
    trail_length: int


class Asker(Protocol):
    """The turn that asks (`walk.Walk`)."""

    book: Book
    session: Session
    run: Run
    calls: list[Call]
    deferred: Deferred | None
    answer: str | None
    picked: str | None
    secret: bool


def ask(turn: Asker, screen: str, verb_name: str) -> Outcome | None:
    """Run the verb of a screen. None where it broke in a way that no outcome speaks of."""
    session, run, verb = turn.session, turn.run, turn.book.verbs[verb_name]
    question = Ask(
        key=f"{session.id}/{screen}/{run.trail_length}",
        session=session.id,
        phone=run.phone,
        phone_key=session.phone_key,
        language=session.language,
        deadline=run.deadline,
        person=session.person,
        answer=turn.answer,
        picked=turn.picked,
        kept=session.kept,
        medium=session.medium,
        granted=frozenset(session.granted),
        menu_version=turn.book.version,
    )
    # What was typed goes to one verb only: the PIN that opened a gate is no business of the next.
    secret, turn.answer, turn.secret = turn.secret, None, False
    started = clock.ticks()
    outcome = _outcome(verb, run, question)
    millis = (clock.ticks() - started) * 1000
    if outcome is None or outcome.name not in verb.declared:
        name = "broken" if outcome is None else outcome.name
        log.error("verb_gave_no_outcome", verb=verb_name, outcome=name, screen=screen)
        turn.calls.append(Call(verb_name, name, millis))
        return None
    turn.calls.append(
        Call(
            verb_name,
            outcome.name,
            millis,
            values=dict(outcome.values),
            person=outcome.person,
            grants=outcome.grants,
            language=outcome.language,
            keep=dict(outcome.keep),
        )
    )
    if not is_threshold(screen):
        session.decided = session.decided or verb.asks_core
        if outcome.name == UNREACHABLE and not secret:
            turn.deferred = _defer(question, screen, verb_name)
    _note(turn.book.languages, session, outcome)
    return outcome


def _outcome(verb: Verb, run: Run, question: Ask) -> Outcome | None:
    if verb.asks_core and run.deadline.passed():
        return Outcome(UNREACHABLE)
    try:
        return run.perform(verb.name, question)
    except CoreUnreachable:
        pass
    except Exception as error:  # noqa: BLE001 - a broken verb must not break the call
        log.error("verb_broke", verb=verb.name, error=type(error).__name__)  # noqa: TRY400 - its text may hold what was typed
    return Outcome(UNREACHABLE) if UNREACHABLE in verb.declared else None


def _defer(question: Ask, screen: str, verb: str) -> Deferred:
    return Deferred(
        verb=verb,
        screen=screen,
        key=question.key,
        person=question.person,
        answer=question.answer,
        picked=question.picked,
        kept=dict(question.kept),
        language=question.language,
    )


def _note(languages: Mapping[str, object], session: Session, outcome: Outcome) -> None:
    if outcome.person is not None and outcome.person != session.person:
        if session.person is not None:  # another person's gates, pages and answers are not hers
            session.granted.clear()
            session.kept = {}
            session.frames.clear()
            session.frame = None
        session.person = outcome.person
    session.granted.update(outcome.grants)
    if outcome.keep:
        session.kept = {key: value for key, value in {**session.kept, **outcome.keep}.items() if value}
    if outcome.language is not None and outcome.language in languages:
        session.language, session.chosen = outcome.language, True
