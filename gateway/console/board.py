"""What the board shows, made of two statements' roll-ups. No personal data: sums, and small ones are held back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.console.funnel import Stage, Sums, stages
from gateway.conversation.book import Book
from gateway.journal.counting import BOUNDS, OVER
from gateway.journal.ending import Ending
from gateway.journal.rollups import Rollups, Span, Sum

# Fewer than this could tell of one household in its district.
FEWEST = 5
_TOLD_APART = (Ending.HUNG_UP, Ending.TIMED_OUT)
_COURSE = ("dial", "answered")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long something took: milliseconds within which half and 19 of 20 were done; failed times it did not answer."""

    verb: str
    number: int
    p50: int
    p95: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; number and amount None where there are too few to tell."""

    name: str
    part: str
    number: int | None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """answered: dials that got an answer; unanswered: how the others ended; texts: answers to texts; names: of languages."""

    span: Span
    dials: int
    texts: int
    answered: int
    unanswered: Mapping[str, int]
    hop: Pace | None
    stages: tuple[Stage, ...]
    languages: tuple[Row, ...]
    names: Mapping[str, str]
    paces: tuple[Pace, ...]
    messages: tuple[Row, ...]
    credited: tuple[Row, ...]
    withdrawn: tuple[Row, ...]
    complaints: tuple[Row, ...]
    course: Mapping[datetime, Mapping[str, int]]

    @property
    def untold(self) -> int:
        """Dials without an answer so far that are under way, or of whose end nobody told."""
        return max(0, self.dials - self.answered - sum(self.unanswered.values()))

    @property
    def otherwise(self) -> int:
        """Dials without an answer that neither she nor the network's time is known to have ended."""
        return sum(self.unanswered.values()) - sum(self.unanswered.get(one, 0) for one in _TOLD_APART)


def board(rollups: Rollups, of: Span, book: Book, language: str) -> Board:
    sums = rollups.sums(of)
    found = {fact: sums.get(fact, {}) for fact in (*_FACTS, *sums)}
    hop = paces(found["hop"], {})
    return Board(
        span=of,
        dials=_total(found["dial"]),
        texts=_total(found["text"]),
        answered=_total(found["answered"]),
        unanswered={name: each.number for (name, _), each in sorted(found["unanswered"].items())},
        hop=hop[0] if hop else None,
        stages=tuple(stages(book, language, found["seen"], found["left"], found["edge"])),
        languages=_rows(found["language"]),
        names={code: each.name for code, each in book.languages.items()},
        paces=tuple(paces(found["took"], found["failed"])),
        messages=_rows(found["sms"]),
        credited=_rows(found["credited"], guarded=True),
        withdrawn=_rows(found["withdrawn"], guarded=True),
        complaints=_rows(found["complaint"], guarded=True),
        course=rollups.course(of, *_COURSE),
    )


def paces(took: Sums, failed: Sums) -> list[Pace]:
    """By verb, the slowest first."""
    steps: dict[str, dict[str, int]] = {}
    for (verb, part), each in took.items():
        steps.setdefault(verb, {})[part] = each.number
    found = [
        Pace(
            verb,
            sum(of.values()),
            _within(of, 0.5),
            _within(of, 0.95),
            failed[verb, ""].number if (verb, "") in failed else 0,
        )
        for verb, of in steps.items()
    ]
    return sorted(found, key=lambda pace: (-pace.p95, -pace.number, pace.verb))


def _within(steps: Mapping[str, int], share: float) -> int:
    """The milliseconds in which a share of all was done: the upper bound of its step, so never too good."""
    wanted, done = share * sum(steps.values()), 0
    for bound in BOUNDS:
        done += steps.get(str(bound), 0)
        if done >= wanted:
            return bound
    return 2 * BOUNDS[-1] if steps.get(OVER) else BOUNDS[-1]


def _rows(sums: Sums, *, guarded: bool = False) -> tuple[Row, ...]:
    def row(name: str, part: str, each: Sum) -> Row:
        few = guarded and each.number < FEWEST
        return Row(name, part, None if few else each.number, None if few else each.amount)

    return tuple(row(*key, each) for key, each in sorted(sums.items(), key=lambda item: item[0]))


def _total(sums: Sums) -> int:
    return sum(each.number for each in sums.values())


def lines(board: Board) -> Iterable[tuple[str, str, str, object, object]]:
    """The board as a table without anything about a person: figure, name, part, number, amount."""
    yield "dials", "", "", board.dials, ""
    yield "texts", "", "", board.texts, ""
    yield "answered", "", "", board.answered, ""
    for name, number in board.unanswered.items():
        yield "unanswered", name, "", number, ""
    yield "unanswered", "untold", "", board.untold, ""
    for stage in board.stages:
        yield "screen", stage.screen, "seen", stage.seen, ""
        yield "screen", stage.screen, "read" if stage.answers else "left", stage.left, ""
    for pace in board.paces:
        yield "core", pace.verb, "p50_ms", pace.number, pace.p50
        yield "core", pace.verb, "p95_ms", pace.number, pace.p95
        yield "core", pace.verb, "failed", pace.failed, ""
    for figure, rows in (
        ("language", board.languages),
        ("sms", board.messages),
        ("credited", board.credited),
        ("withdrawn", board.withdrawn),
        ("complaint", board.complaints),
    ):
        few = f"<{FEWEST}"
        for row in rows:
            amount: object = row.amount if figure in {"credited", "withdrawn"} else ""
            yield (
                figure,
                row.name,
                row.part,
                few if row.number is None else row.number,
                "" if amount is None else amount,
            )


_FACTS = (
    *("dial", "text", "answered", "unanswered", "hop", "seen", "left", "edge", "language", "took", "failed"),
    *("sms", "credited", "withdrawn", "complaint"),
)
