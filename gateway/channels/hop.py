"""One hop of a dial happens exactly once, whatever the network, the stores or a second copy of it do.

The aggregator sends the whole trail of keys each time and no hop id, so a hop is `(session, trail)`. What a trail means
stands in `trail.py`; here a session is held, and put back with all that the hop left behind.
"""

from dataclasses import dataclass

import structlog

from gateway import clock, telemetry
from gateway.channels.aggregator import Dial
from gateway.channels.aside import Aside
from gateway.channels.trail import Trails
from gateway.clock import Deadline
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.conversation.screens import RESUME
from gateway.conversation.session import Page, Session, Turn
from gateway.errors import ForeignSession, SessionBusy, StoreUnreachable
from gateway.journal.journal import Journal
from gateway.journal.sessions import Held, Memory, Sessions
from gateway.privacy import Vault

log = structlog.get_logger()

WRITE_SECONDS = 0.5  # a hop waits so long for the journal in SQL; the writing goes on after it


@dataclass(frozen=True)
class Hops:
    """Answers dials. Safe to share between threads; keeps nothing between two hops. hop_seconds: what a hop may take."""

    vault: Vault
    book: Book
    engine: Engine
    sessions: Sessions
    journal: Journal
    trails: Trails
    aside: Aside
    hop_seconds: float

    def answer(self, dial: Dial) -> Page:
        """The page for this hop. Never raises; the caller always gets CON or END in her language."""
        started = clock.ticks()
        try:
            page = self._answer(dial, clock.deadline(self.hop_seconds))
        except Exception as error:  # noqa: BLE001 - whatever breaks, she gets an answer
            page = self._trouble(error, None)
        telemetry.hop_took(clock.ticks() - started)
        return page

    def _answer(self, dial: Dial, deadline: Deadline) -> Page:
        phone_key = self.vault.phone_key(dial.phone)
        try:
            held = self.sessions.hold(dial.session, phone_key, first=not dial.trail, deadline=deadline)
        except StoreUnreachable:
            return self._without_store(dial, phone_key, deadline)
        except SessionBusy:
            return self.book.page(SessionBusy.told, self._language(self._recalled(phone_key), None))
        try:
            return self._held(dial, held, deadline)
        except ForeignSession:
            self._let_go(held, claimed=not held.foreign)
            return self._foreign(dial, held.memory)
        except Exception as error:  # noqa: BLE001 - as above, and here her language is known
            self._let_go(held)
            return self._trouble(error, self._language(held.memory, held.session))

    def _held(self, dial: Dial, held: Held, deadline: Deadline) -> Page:
        if held.foreign:
            raise ForeignSession
        session = held.session
        if session is None:
            session, turns = self.trails.begin(dial, held.memory, held.phone_key, deadline)
        else:
            keys = self.trails.new_keys(session, dial.trail)
            if keys is None:
                self._let_go(held)
                return Page(text=session.shown, end=session.ended, screen=session.screen)
            turns = self.trails.walk(session, dial, keys, session.trail_length, deadline)
        session.trail_length = len(dial.trail)
        session.trail_mark = self.vault.trail_mark(session.id, dial.trail)
        return self._save(held, session, turns, dial)

    def _save(self, held: Held, session: Session, turns: list[Turn], dial: Dial) -> Page:
        telemetry.turns_taken(turns)
        if session.resume and turns[0].opening:
            # Of a plain dial the trail tells all; that this one began with an offer must outlive Redis from the start.
            self.aside.do(lambda: self.journal.write(turns[:1], held.phone_key), WRITE_SECONDS)
        memory = Memory(
            language=session.language if self.engine.language_known(session) else None,
            resume=None if session.ended else self.engine.resume_entry(session),
            # Cut again on the offer to go on: the time still runs from the first cut.
            at=held.memory.at if session.screen == RESUME and held.memory else clock.epoch(),
            session=session.id,
        )
        owed = [
            self.vault.seal(self.engine.dump_deferred(turn.deferred, dial.phone))
            for turn in turns
            if turn.deferred
        ]
        try:
            if self.sessions.save(held, session, turns, memory, owed):
                return turns[-1].page
            log.warning("lock_lost", session=session.id)
        except StoreUnreachable:
            telemetry.store_missed()
        # The page stands: the next hop walks what Redis missed, under the same keys.
        return self._written(turns, held.phone_key)

    def _without_store(self, dial: Dial, phone_key: str, deadline: Deadline) -> Page:
        """Redis is away: the trail holds all that is needed to answer."""
        telemetry.store_missed()
        try:
            _, turns = self.trails.begin(dial, None, phone_key, deadline)
        except ForeignSession:
            return self._foreign(dial, None)
        telemetry.turns_taken(turns)
        return self._written(turns, phone_key)

    def _written(self, turns: list[Turn], phone_key: str) -> Page:
        """The last page, its turns on their way to SQL. A page that promises an SMS must not stand: nobody stored that."""
        self.aside.do(lambda: self.journal.write(turns, phone_key), WRITE_SECONDS)
        last = turns[-1]
        return self.book.page(SessionBusy.told, last.language) if last.deferred else last.page

    def _foreign(self, dial: Dial, memory: Memory | None) -> Page:
        log.warning("foreign_phone", session=dial.session)
        telemetry.security_event("foreign_phone")
        return self.book.page(ForeignSession.told, self._language(memory, None))

    def _trouble(self, error: Exception, language: str | None) -> Page:
        # Its kind and place alone: an error's text may hold what somebody typed.
        log.error("hop_failed", error=type(error).__name__, at=_place(error))
        telemetry.hop_failed(type(error).__name__)
        return self.book.page("common.trouble", language or self.book.default_language)

    def _language(self, memory: Memory | None, session: Session | None) -> str:
        known = session.language if session else memory.language if memory else None
        return known if known in self.book.languages and known else self.book.default_language

    def _recalled(self, phone_key: str) -> Memory | None:
        try:
            return self.sessions.recall(phone_key)
        except StoreUnreachable:
            return None

    def _let_go(self, held: Held, *, claimed: bool = False) -> None:
        try:
            self.sessions.release(held)
            if claimed:  # Redis had lost it, and took this phone for its owner
                self.sessions.disown(held)
        except StoreUnreachable:
            log.warning("lock_left", session=held.session_id)


def _place(error: BaseException) -> str:
    """File and line where it broke."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
