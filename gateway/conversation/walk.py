"""The steps of one turn: edges taken, gates passed, the page where it comes to rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from gateway.conversation.asking import Run, ask
from gateway.conversation.book import Book
from gateway.conversation.machine import START
from gateway.conversation.render import show
from gateway.conversation.screens import (
    BUSY,
    HOME,
    LADDER,
    PASS,
    RESUME,
    ROOT,
    TOO_MANY,
    TROUBLE,
    End,
    Show,
    is_threshold,
)
from gateway.conversation.session import Call, Deferred, Frame, Page, Session

log = structlog.get_logger()

MOST_TRIES = 3
MOST_STEPS = 16  # screens that one turn may pass through; menus that need more go round in circles
MOST_FRAMES = 12
DEEP = 2  # pages below the one shown that count as a decision


@dataclass(slots=True)
class Walk:
    """One turn under way. Changes the session.

    answer, picked, secret   what was just typed or picked, until the first verb took it
    """

    book: Book
    session: Session
    run: Run
    edges: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    deferred: Deferred | None = None
    answer: str | None = None
    picked: str | None = None
    secret: bool = False
    steps: int = 0

    def fire(self, edge: str) -> None:
        self.book.machine.events[edge].trigger(self.session)
        self.edges.append(edge)

    def begin(self, screen: str) -> None:
        """The first page of a session."""
        self.fire(f"open:{screen}")
        self._enter(screen, {})

    def follow(self, edge: str, target: str, values: dict[str, Any]) -> None:
        """Take an edge to a screen, `home` or `pass`, and go on until there is a page."""
        place = self._take(edge, target, values)
        self._enter(*place)

    def home(self, notice: str = "") -> None:
        """To the root; what lay below is forgotten, gates stay passed."""
        session = self.session
        if session.screen not in self.book.machine.states:
            session.screen = START  # a screen that this release no longer has
        self._forget()
        self.fire("home")
        self._enter(ROOT, {})
        if notice and session.frame is not None:
            session.frame.notice = self.book.notice(notice, session.language)

    def leap(self, edge: str, target: str) -> None:
        """To a screen that is reached from anywhere."""
        self.fire(edge)
        self._enter(target, {})

    def back(self) -> None:
        """One page of this screen back, else to the screen before."""
        session = self.session
        if session.frame is not None and session.frame.page > 0:
            session.frame.page -= 1
            self.edges.append("less")
            return
        if not session.frames:
            self.home()
            return
        frame = session.frames.pop()
        self.fire(f"back:{frame.screen}")
        session.frame, session.pending, session.tries = frame, None, 0

    def more(self) -> bool:
        """The next page of this screen; False where there is none."""
        frame = self.session.frame
        if frame is None or frame.page + 1 >= len(self._pages(frame)):
            return False
        frame.page += 1
        self.edges.append("more")
        self.session.tries = 0
        return True

    def refuse(self, reason: str) -> None:
        """The same screen with the reason on top; the third time in a row the session ends."""
        session = self.session
        session.tries += 1
        if session.tries >= MOST_TRIES:
            self.close(TOO_MANY)
            return
        self.fire(f"{session.screen}/retry")
        if session.frame is not None:
            session.frame.notice, session.frame.page = reason, 0

    def close(self, screen: str) -> None:
        """End the session with a screen that needs nothing."""
        session = self.session
        if session.screen not in self.book.machine.states:
            session.screen = START
        self.fire(f"close:{screen}")
        session.frame, session.pending = Frame(screen, screen), None

    def page(self) -> Page:
        """The page to show now."""
        frame = self.session.frame
        if frame is None:
            raise LookupError("the turn came to no page")
        pages = self._pages(frame)
        frame.page = min(frame.page, len(pages) - 1)
        return Page(pages[frame.page], isinstance(self.book.screens[frame.screen], End), frame.screen)

    def _pages(self, frame: Frame) -> tuple[str, ...]:
        layout = self.book.layouts[self.session.language][frame.screen]
        return show(layout, frame.values, self.book.budget, frame.notice)

    def _enter(self, name: str, values: dict[str, Any]) -> None:
        """Go on from a screen just arrived at, through gates and screens that show nothing, to a page."""
        book, session = self.book, self.session
        entry = name
        while True:
            self.steps += 1
            if self.steps > MOST_STEPS:
                log.error("menus_go_round", screen=name)
                self.close(TROUBLE)
                return
            screen = book.screens[name]
            if screen.needs and (gate := self._shut(screen.needs)):
                if not is_threshold(name):
                    session.pending = name
                entry = name = f"gate.{gate}"
                values, self.answer, self.picked = {}, None, None
                self.fire(f"gate:{gate}")
                continue
            if not isinstance(screen, Show) or screen.do is None:
                self._rest(name, entry, values)
                return
            outcome = ask(self, name, screen.do)
            if outcome is None:
                self.close(TROUBLE)
                return
            target = screen.then[outcome.name]
            if target in {BUSY, TROUBLE, PASS}:
                self.deferred = None  # nobody was told that an answer would follow
            came_by = name
            name, values = self._take(f"{name}/{outcome.name}", target, {**values, **outcome.values})
            if is_threshold(came_by) or target == HOME:
                entry = name

    def _take(self, edge: str, target: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        self.fire(edge)
        if target == PASS:
            return self._pass(resuming=self.session.screen.startswith(f"{RESUME.partition('.')[0]}."))
        if target == HOME:
            self._forget()
            return ROOT, {}
        return target, values

    def _pass(self, *, resuming: bool) -> tuple[str, dict[str, Any]]:
        """On to what waited, with the values that stood on the page before the gate."""
        session = self.session
        waits = session.resume if resuming else session.pending
        session.pending = None
        if waits is None or waits not in self.book.screens:
            self._forget()
            self.fire("home")
            return ROOT, {}
        below = session.frame
        if below is not None and is_threshold(below.screen):
            below = session.frames[-1] if session.frames else None
        self.fire(f"pass:{waits}")
        return waits, dict(below.values) if below else {}

    def _rest(self, name: str, entry: str, values: Mapping[str, Any]) -> None:
        """Come to rest on a page. The page left goes below it; a page met again is gone back to."""
        session, frames = self.session, self.session.frames
        left = session.frame
        if left is not None and not is_threshold(left.screen):
            left.notice = ""
            frames.append(left)
        for depth, frame in enumerate(frames):
            if frame.screen == name:
                del frames[depth:]
                break
        del frames[: max(0, len(frames) - MOST_FRAMES)]
        wanted = self.book.flow.wanted[name]
        kept = {key: value for key, value in values.items() if key in wanted} if wanted else {}
        session.frame, session.tries = Frame(name, entry, 0, kept), 0
        if not is_threshold(name):
            session.pending = None
        if len(frames) >= DEEP:
            session.decided = True

    def _forget(self) -> None:
        self.session.frames.clear()
        self.session.frame = self.session.pending = None

    def _shut(self, needs: str) -> str | None:
        """The first gate on the way that is not passed yet."""
        return next((gate for gate in LADDER[needs] if gate not in self.session.granted), None)
