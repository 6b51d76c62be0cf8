"""The way of all callers through the menus, in the order of the menus: who came to a screen, and who left on it.

Who leaves on a screen that asks something is lost; who leaves on one that answers has read what she asked for.

A call that is still going counts as left where it stands, and one that crosses the beginning of the span by what lies in it:
on a span of hours both are a hair's breadth.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.conversation.book import Book
from gateway.conversation.edges import Edge
from gateway.conversation.screens import HOME, LANGUAGE, PASS, RESUME, ROOT, End, passes_through
from gateway.journal.rollups import Sum

_VALUES = re.compile(r"\{\w+\}(?:[\s.,:]*\{\w+\})*")
_AMOUNT = re.compile(r"\{(?:amount|left|due|paid|principal|balance|secondary|priority)\}")
Sums = Mapping[tuple[str, str], Sum]


@dataclass(frozen=True, slots=True)
class Stage:
    """One screen with traffic.

    depth   screens shown above it on the shortest way from the root, in the order of the menus
    label   what a caller chooses to come here, else what the screen begins with
    came    times by that very way; seen times shown at all; left times it was the last thing seen, but no end
    answers whether it is an answer, so that who left there had read it
    lost    left of seen, 0 to 1, where it is none
    """

    screen: str
    depth: int
    label: str
    came: int
    seen: int
    left: int
    end: bool
    answers: bool

    @property
    def lost(self) -> float:
        return self.left / self.seen if self.seen and not self.answers else 0.0


def stages(book: Book, language: str, seen: Sums, left: Sums, edges: Sums) -> list[Stage]:
    """Every screen that somebody saw: language and offer to go on, the menus from the root, then all others."""
    found: list[Stage] = []
    for name, depth, edge in _in_order(book):
        times = number_of(seen, name)
        if not times or passes_through(book.screens[name]):
            continue
        end = isinstance(book.screens[name], End)
        gone = 0 if end else max(0, times - number_of(left, name))
        came = number_of(edges, edge.name) if edge else times
        label, answers = label_of(book, language, name, edge), name in book.flow.answering
        found.append(Stage(name, depth, label, came, times, gone, end, answers))
    return found


def label_of(book: Book, language: str, name: str, edge: Edge | None = None) -> str:
    """What stands for a screen, in the reader's language."""
    speech = book.languages.get(language) or book.languages[book.default_language]
    if edge is not None:
        options = getattr(book.screens[edge.source], "options", {})
        option = options.get(edge.name.rpartition("/")[2])
        if option:
            return speech.text(f"{edge.source}.{edge.name.rpartition('/')[2]}", option.label)
    words = " ".join(speech.text(name, book.screens[name].text or "").split())
    return _VALUES.sub("…", _AMOUNT.sub("Rs …", words)).strip(" .,:;")


def leaving(book: Book) -> dict[str, list[Edge]]:
    """Screen -> the ways that leave it, in the order of the menus."""
    ways: dict[str, list[Edge]] = {}
    for edge in book.edges:
        ways.setdefault(edge.source, []).append(edge)
    return ways


def _in_order(book: Book) -> Iterator[tuple[str, int, Edge | None]]:
    ways, met = leaving(book), set()
    depths = _depths(ways)

    def walk(name: str, depth: int, edge: Edge | None) -> Iterator[tuple[str, int, Edge | None]]:
        met.add(name)
        yield name, depth, edge
        deeper = depth + (not passes_through(book.screens[name]))
        for way in ways.get(name, ()):
            target = way.target
            # A screen stands under the one that it is nearest to, not under whichever way is walked first.
            if target in {HOME, PASS} or target in met or depths.get(target, 0) <= depths.get(name, 0):
                continue
            yield from walk(target, deeper, way)

    for start in (LANGUAGE, RESUME, ROOT):
        if start in book.screens and start not in met:
            if start == ROOT:
                yield from walk(start, 0, None)
            else:
                met.add(start)
                yield start, 0, None
    for name in book.screens:
        if name not in met:
            yield name, 0, None


def _depths(ways: Mapping[str, list[Edge]]) -> dict[str, int]:
    depths, edge_of = {ROOT: 0}, [ROOT]
    for name in edge_of:
        for way in ways.get(name, ()):
            if way.target not in depths and way.target not in {HOME, PASS}:
                depths[way.target] = depths[name] + 1
                edge_of.append(way.target)
    return depths


def number_of(sums: Sums, name: str) -> int:
    found = sums.get((name, ""))
    return found.number if found else 0
