"""One branch of the menus as a drawing: screens in columns by how far they are from its first, ways as curves between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.console.funnel import Sums, label_of, leaving, number_of
from gateway.conversation.book import Book
from gateway.conversation.edges import Edge
from gateway.conversation.screens import HOME, PASS, ROOT, Choice, passes_through

WIDE, TALL = 190, 42
_GAP_X, _GAP_Y, _MARGIN = 120, 16, 16
BESIDE = "beside"  # what no branch leads to: language, gates, offers to go on


@dataclass(frozen=True, slots=True)
class Node:
    """A screen at its place. shape: its kind, or `through` for one that shows nothing itself."""

    screen: str
    label: str
    shape: str
    x: int
    y: int
    seen: int
    needs: str


@dataclass(frozen=True, slots=True)
class Way:
    """An edge. path: what SVG draws; at: where its count stands; width 1 to 8 by traffic."""

    edge: Edge
    label: str
    path: str
    at: tuple[int, int]
    count: int
    width: float


@dataclass(frozen=True, slots=True)
class Drawing:
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    width: int
    height: int


def branches(book: Book) -> dict[str, list[str]]:
    """First screen of each branch -> its screens, nearest first. The root's options are the branches; last what stands beside."""
    root, ways = book.screens[ROOT], leaving(book)
    starts = [option.to for option in root.options.values()] if isinstance(root, Choice) else []
    found: dict[str, list[str]] = {start: [start] for start in dict.fromkeys(starts)}
    taken = {ROOT, *found}
    # All branches grow a step at a time, so that a screen belongs to the one that it is nearest to.
    rims = {start: [start] for start in found}
    while any(rims.values()):
        for start, rim in rims.items():
            further = [
                way.target
                for name in rim
                for way in ways.get(name, ())
                if way.target not in taken and way.target not in {HOME, PASS}
            ]
            rims[start] = list(dict.fromkeys(further))
            taken.update(further)
            found[start] += rims[start]
    beside = [name for name in book.screens if name not in taken]
    return found | ({BESIDE: beside} if beside else {})


def draw(book: Book, screens: list[str], language: str, seen: Sums, taken: Sums) -> Drawing:
    """The screens given, with the ways between them. seen, taken: what the roll-ups say of screens and edges."""
    ours, ways = set(screens), leaving(book)
    places = _place(screens, ways)
    counts = {edge.name: number_of(taken, edge.name) for edge in book.edges if edge.source in ours}
    most = max(counts.values(), default=0)
    nodes = tuple(
        Node(
            name,
            label_of(book, language, name) or getattr(book.screens[name], "do", None) or "",
            "through" if passes_through(book.screens[name]) else book.screens[name].kind,
            *places[name],
            number_of(seen, name),
            book.screens[name].needs or "",
        )
        for name in screens
    )
    drawn = tuple(
        _way(edge, places, counts[edge.name], most)
        for name in screens
        for edge in ways.get(name, ())
        if edge.target in ours and edge.target != name
    )
    return Drawing(
        nodes,
        drawn,
        max((x for x, _ in places.values()), default=0) + WIDE + _MARGIN + _GAP_X,
        max((y for _, y in places.values()), default=0) + TALL + _MARGIN,
    )


def _place(screens: list[str], ways: Mapping[str, list[Edge]]) -> dict[str, tuple[int, int]]:
    """Column by distance from the first screen, in a column the order in which the screens before lead there."""
    ours, columns = set(screens), [[screens[0]]] if screens else []
    met = set(columns[0]) if columns else set()
    while columns and columns[-1]:
        reached = [way.target for name in columns[-1] for way in ways.get(name, ())]
        columns.append([name for name in dict.fromkeys(reached) if name in ours - met])
        met.update(columns[-1])
    rest = [name for name in screens if name not in met]  # nothing here leads to them
    if rest:
        tall = max(8, *(len(column) for column in columns))
        columns = [*columns[:-1], *(rest[at : at + tall] for at in range(0, len(rest), tall))]
    return {
        name: (_MARGIN + at * (WIDE + _GAP_X), _MARGIN + line * (TALL + _GAP_Y))
        for at, column in enumerate(columns)
        for line, name in enumerate(column)
    }


def _way(edge: Edge, places: Mapping[str, tuple[int, int]], count: int, most: int) -> Way:
    (x, y), (u, v) = places[edge.source], places[edge.target]
    y, v = y + TALL // 2, v + TALL // 2
    if u > x:  # onwards
        start, end = x + WIDE, u
        path = f"M{start} {y}C{start + 60} {y} {end - 60} {v} {end} {v}"
        at = ((start + end) // 2, (y + v) // 2 - 4)
    else:  # back, or to one in the same column: round the right side
        start, end = x + WIDE, u + WIDE
        path = f"M{start} {y}C{start + 70} {y} {end + 70} {v} {end} {v}"
        at = (max(start, end) + 40, (y + v) // 2)
    return Way(
        edge, edge.name.rpartition("/")[2], path, at, count, round(1 + 7 * count / most, 1) if most else 1.0
    )
