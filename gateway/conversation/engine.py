"""Takes a turn: keys in, a page out, and the record of how it came to it. Pure but for the verbs it is given."""

import structlog

from gateway import clock
from gateway.conversation.answers import Answers
from gateway.conversation.asking import Run
from gateway.conversation.book import Book
from gateway.conversation.checks import keys_to_keep
from gateway.conversation.codec import dump_deferred
from gateway.conversation.gsm import parts
from gateway.conversation.layouts import BACK, HOME, MORE
from gateway.conversation.machine import START
from gateway.conversation.render import say
from gateway.conversation.screens import LANGUAGE, RESUME, ROOT, TROUBLE, Ask, is_threshold
from gateway.conversation.session import Deferred, Opening, Page, Session, Turn
from gateway.conversation.sizes import SEGMENTS_OF_A_REPLY
from gateway.conversation.walk import Walk

__all__ = ["Engine", "Run"]

log = structlog.get_logger()


class Engine:
    """The conversation over one book. Holds no caller's state; safe to share between threads."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._answers = Answers(book)

    def open(
        self, session_id: str, phone_key: str, opening: Opening, run: Run, medium: str = "ussd"
    ) -> tuple[Session, Turn]:
        """Begin a session: the language if it is not known, then the offer to go on, the screen dialled, or the root."""
        book, started = self.book, clock.ticks()
        known = opening.language if opening.language in book.languages else None
        session = Session(
            session_id,
            phone_key,
            known or book.default_language,
            chosen=known is not None,
            menu_version=book.version,
            medium=medium,
        )
        walk = Walk(book, session, run)
        try:
            self._begin(walk, session, opening, known)
            page = walk.page()
        except Exception as error:  # noqa: BLE001 - whatever breaks, she gets a page
            page = self._trouble(walk, error)
        return session, self._turn(walk, page, START, "", started, opening)

    def take_turn(self, session: Session, keys: str, run: Run) -> Turn:
        """One answer of the caller. Never raises; what breaks ends the session with an apology."""
        started, came_from = clock.ticks(), session.screen
        walk = Walk(self.book, session, run)
        if session.ended:
            return self._turn(walk, Page(session.shown, end=True, screen=came_from), came_from, "", started)
        typed = keys.strip()
        try:
            kept_keys = self._answers.keys_to_keep(session, typed)
            self._take(walk, session, typed)
            page = walk.page()
        except Exception as error:  # noqa: BLE001 - as above
            kept_keys = "*"
            page = self._trouble(walk, error)
        return self._turn(walk, page, came_from, kept_keys, started)

    def text(
        self, session: Session, screen: str, answer: str | None, run: Run, picked: str | None = None
    ) -> Turn:
        """Answer a text message: open a screen, give it the answer, and say where that leads as one SMS.

        A gate or a menu on the way ends it there, with that screen's SMS wording. Also answers what was deferred, with
        `picked` and a session that holds the person and what was granted.
        """
        started = clock.ticks()
        session.medium, session.screen, session.frame, session.ended = "sms", START, None, False
        session.menu_version = self.book.version
        walk = Walk(self.book, session, run, picked=picked)
        target = self.book.screens.get(screen)
        question = target if isinstance(target, Ask) and answer is not None else None
        kept_keys = keys_to_keep(
            answer or "", question.check if question else "text", question is not None and question.secret, 0
        )
        try:
            if question is None:
                walk.answer = answer
            walk.begin(screen)
            if question is not None and session.screen == screen:
                self._answers.answer(walk, session, question, (answer or "").strip())
            page = self._message(session)
        except Exception as error:  # noqa: BLE001 - as above
            page = self._trouble(walk, error)
        return self._turn(walk, page, START, kept_keys, started)

    def resume_entry(self, session: Session) -> str | None:
        """Where a dropped caller can go on: the nearest screen that can be entered with nothing in hand, if any."""
        afresh = self.book.flow.afresh
        if session.ended:
            return None
        if session.resume and RESUME in {session.screen, session.pending}:
            return session.resume  # cut again on the offer to go on
        if session.pending and session.pending in afresh and session.pending not in {ROOT, RESUME}:
            return session.pending
        shown = [session.frame] if session.frame is not None else []
        for frame in (*shown, *reversed(session.frames)):
            if frame.screen == ROOT:
                return None
            if frame.entry in afresh and frame.entry != ROOT and not is_threshold(frame.entry):
                return frame.entry
        return None

    def unfinished(self, session: Session) -> bool:
        """Whether a caller cut off here had decided something and does not have her whole answer yet."""
        frame = session.frame
        if session.ended or not session.decided or frame is None or frame.screen not in self.book.screens:
            return False
        return not self.book.answers(Page(session.shown, end=False, screen=frame.screen))

    @staticmethod
    def language_known(session: Session) -> bool:
        """Whether the session's language is one that the caller chose, now or before."""
        return session.chosen

    @staticmethod
    def dump_deferred(deferred: Deferred, phone: str) -> str:
        return dump_deferred(deferred, phone)

    def _begin(self, walk: Walk, session: Session, opening: Opening, known: str | None) -> None:
        screens = self.book.screens
        wish = opening.screen if opening.screen in screens else None
        resume = None if wish else opening.resume
        session.resume = resume if resume in screens else None
        if known is None:
            session.pending = (wish if wish != LANGUAGE else None) or (RESUME if session.resume else None)
            walk.begin(LANGUAGE)
        elif resume and session.resume is None:
            walk.home("menu_changed")
        else:
            walk.begin(wish or (RESUME if session.resume else ROOT))

    def _take(self, walk: Walk, session: Session, typed: str) -> None:
        if session.menu_version != self.book.version and not self._unchanged(walk, session):
            return
        if typed == HOME:
            walk.home()
        elif typed == BACK:
            if session.screen == ROOT and (session.frame is None or not session.frame.page):
                walk.leap("language", LANGUAGE)
            else:
                walk.back()
        elif typed != MORE or not walk.more():
            self._answers.reply(walk, session, typed)

    def _unchanged(self, walk: Walk, session: Session) -> bool:
        """Menus changed since her last page: her keys count only if that very page still stands there."""
        book = self.book
        session.menu_version = book.version
        if session.language not in book.languages:
            session.language = book.default_language
        layouts = book.layouts[session.language]
        session.frames = [frame for frame in session.frames if frame.screen in layouts]
        frame = session.frame
        if frame is None or frame.screen != session.screen or frame.screen not in layouts:
            walk.home("menu_changed")
            return False
        try:
            same = walk.page().text == session.shown
            if not same:
                frame.notice, frame.page = book.notice("menu_changed", session.language), 0
                walk.page()
        except (KeyError, ValueError, TypeError):
            walk.home("menu_changed")
            return False
        return same

    def _message(self, session: Session) -> Page:
        frame = session.frame
        if frame is None:
            raise LookupError("the text came to no screen")
        layout = self.book.layouts[session.language][frame.screen]
        return Page(say(layout, frame.values, frame.notice, self._sendable), end=True, screen=frame.screen)

    def _sendable(self, text: str) -> bool:
        return parts(text, self.book.aggregator.segment)[1] <= SEGMENTS_OF_A_REPLY

    def _trouble(self, walk: Walk, error: Exception) -> Page:
        """The apology. The error's text may hold what somebody typed, so only its kind and place are logged."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        at = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
        log.error("turn_broke", error=type(error).__name__, at=at, screen=walk.session.screen)
        walk.deferred = None
        walk.close(TROUBLE)
        if walk.session.language not in self.book.layouts:
            walk.session.language = self.book.default_language
        return walk.page()

    def _turn(  # noqa: PLR0913, PLR0917 - the record holds all of this
        self,
        walk: Walk,
        page: Page,
        came_from: str,
        keys: str,
        started: float,
        opening: Opening | None = None,
    ) -> Turn:
        session = walk.session
        if not session.ended:
            session.turn += 1
        session.shown, session.ended = page.text, page.end
        session.trail_length = walk.run.trail_length
        return Turn(
            session=session.id,
            number=session.turn,
            screen_from=came_from,
            screen_to=session.screen,
            edges=tuple(walk.edges),
            keys=keys,
            page=page,
            language=session.language,
            trail_length=walk.run.trail_length,
            millis=(clock.ticks() - started) * 1000,
            calls=tuple(walk.calls),
            menu_version=self.book.version,
            deferred=walk.deferred,
            opening=opening,
        )
