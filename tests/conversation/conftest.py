"""A small book of screens, verbs that answer from a table, and a caller whose session is stored between any two keys."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gateway import clock
from gateway.conversation.book import Book
from gateway.conversation.codec import dump, load
from gateway.conversation.engine import Engine, Run
from gateway.conversation.session import Opening, Session, Turn
from gateway.conversation.values import COUNT, DAY, LAST4, MONEY, QUARTER, term, text
from gateway.conversation.verbs import Ask, Outcome, Verb

HERE = Path(__file__).parent
PHONE = "+923001234501"
ROWS = tuple(
    {"id": str(n), "quarter": f"{2026 - n // 4}Q{4 - n % 4}", "amount": 10_000 + n} for n in range(12)
)
LANGUAGES = ({"id": "ur_Latn", "language": "Roman Urdu"}, {"id": "en", "language": "English"})

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("offered_languages", ("offered",), lists={"languages": {"language": text(16)}}, asks_core=False),
        Verb("speak_language", ("spoken",), asks_core=False),
        Verb("linked", ("one", "many", "none"), lists={"persons": {"last4": LAST4}}),
        Verb("choose_person", ("chosen", "gone")),
        Verb("check_pin", ("right", "wrong", "locked"), values={"tries": COUNT, "minutes": COUNT}),
        Verb(
            "latest",
            ("ready", "none"),
            values={"amount": MONEY, "programme": term("programme"), "place": text(24)},
        ),
        Verb("note_amount", ("noted",)),
        Verb("history", ("listed", "none"), lists={"payments": {"quarter": QUARTER, "amount": MONEY}}),
        Verb("payment", ("found",), values={"amount": MONEY, "paid_on": DAY}),
        Verb(
            "find_offices",
            ("found", "none"),
            values={"district": text(16)},
            lists={"offices": {"office": text(20)}},
        ),
        Verb("check_cnic", ("eligible", "not_eligible")),
        Verb("send_alerts", ("sent",)),
    )
}


def _speak(ask: Ask) -> Outcome:
    return Outcome("spoken", language=ask.picked)


def _check_pin(ask: Ask) -> Outcome:
    return Outcome("right", grants=("pin",)) if ask.answer == "4821" else Outcome("wrong", {"tries": 2})


def _find_offices(ask: Ask) -> Outcome:
    if ask.answer != "Lahore":
        return Outcome("none", {"district": ask.answer})
    return Outcome("found", {"district": "Lahore", "offices": ({"id": "1", "office": "Model Town"},)})


Answer = Outcome | Exception | Callable[[Ask], Outcome]
TABLE: dict[str, Answer] = {
    "offered_languages": Outcome("offered", {"languages": LANGUAGES}),
    "speak_language": _speak,
    "linked": Outcome("one", person=7, grants=("phone", "person")),
    "choose_person": lambda ask: Outcome("chosen", person=int(ask.picked or 0), grants=("person",)),
    "check_pin": _check_pin,
    "latest": Outcome("ready", {"amount": 13500, "programme": "kafaalat", "place": "HBL Saddar"}),
    "note_amount": Outcome("noted"),
    "history": Outcome("listed", {"payments": ROWS}),
    "payment": lambda ask: Outcome("found", {"amount": int(ask.picked or 0), "paid_on": "2026-11-03"}),
    "find_offices": _find_offices,
    "check_cnic": Outcome("eligible"),
    "send_alerts": Outcome("sent"),
}


@dataclass
class Caller:
    """Somebody on the line. `answers` says what each verb answers; `asked` what each was asked."""

    engine: Engine
    answers: dict[str, Answer] = field(default_factory=lambda: dict(TABLE))
    asked: list[tuple[str, Ask]] = field(default_factory=list)
    session: Session = field(init=False)
    turn: Turn = field(init=False)
    trail: str = ""
    seconds: float = 5

    def dial(self, language: str | None = "en", **opening: Any) -> "Caller":
        self.session, self.turn = self.engine.open("dial", "key", Opening(language, **opening), self.run())
        return self

    def send(self, *keys: str) -> "Caller":
        for key in keys:
            self.trail = f"{self.trail}*{key}" if self.trail else key
            self.session = load(dump(self.session))
            self.turn = self.engine.take_turn(self.session, key, self.run())
        return self

    def write(self, screen: str, answer: str | None = None, language: str = "en") -> "Caller":
        self.session = Session("text", "key", language)
        self.turn = self.engine.text(self.session, screen, answer, self.run())
        return self

    def run(self) -> Run:
        return Run(PHONE, self._perform, clock.deadline(self.seconds), len(self.trail))

    def _perform(self, name: str, ask: Ask) -> Outcome:
        self.asked.append((name, ask))
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer(ask) if callable(answer) else answer

    @property
    def page(self) -> str:
        return self.turn.page.text

    @property
    def at(self) -> str:
        return self.turn.screen_to

    def verbs(self) -> list[str]:
        return [name for name, _ in self.asked]


def open_book(folder: Path = HERE / "small", *, offer_unreviewed: bool = False) -> Book:
    return Book.load(folder / "menus", folder / "config", VERBS, "africastalking", offer_unreviewed)


@pytest.fixture(scope="session")
def book() -> Book:
    return open_book()


@pytest.fixture(scope="session")
def engine(book: Book) -> Engine:
    return Engine(book)


@pytest.fixture
def caller(engine: Engine) -> Caller:
    return Caller(engine)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small book, to be changed."""
    shutil.copytree(HERE / "small", tmp_path / "small")
    return tmp_path / "small"
