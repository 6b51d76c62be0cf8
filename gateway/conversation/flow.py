"""What values stand ready at each screen, which are still wanted there, and where a caller may enter anew.

Three walks over the edges, done once when the book is built: forwards (what every way to a screen brings),
backwards (what this screen or a later one will write), and from the root along ways that carry nothing typed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.conversation.edges import Edge, placeholders, texts_of
from gateway.conversation.screens import (
    HOME,
    LADDER,
    NO_ANSWER,
    PASS,
    ROOT,
    Ask,
    Choice,
    End,
    List,
    Retry,
    Screen,
    Show,
    is_threshold,
)
from gateway.conversation.values import Kind
from gateway.conversation.verbs import Verb

Given = Kind | Mapping[str, Kind]  # a value, or the columns of a list


@dataclass(slots=True)
class Flow:
    """Per screen.

    ready       values that every way to the screen brings, with their kinds
    unsure      values whose kind depends on the way taken
    wanted      values that the screen, or one after it, writes: the rest need not be remembered
    afresh      screens that can be entered with nothing in hand, and do no harm when they are
    reached     screens that a caller can come to
    answering   screens that tell what was asked for and ask nothing: who leaves there has her answer
    """

    ready: dict[str, dict[str, Given]] = field(default_factory=dict)
    unsure: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wanted: dict[str, frozenset[str]] = field(default_factory=dict)
    afresh: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()
    answering: frozenset[str] = frozenset()


def trace(
    screens: Mapping[str, Screen], edges: list[Edge], verbs: Mapping[str, Verb], entries: Iterable[str]
) -> Flow:
    """Walk a book whose targets exist. entries: screens where a session may begin besides the root."""
    flow = Flow()
    leaving: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[edge.source].append(edge)
    starts = [name for name in dict.fromkeys([ROOT, *entries]) if name in screens]
    flow.reached = _reach(screens, leaving, starts)
    _spread(flow, screens, leaving, verbs, starts)
    _want(flow, screens, edges, verbs)
    flow.afresh = _enterable(flow, screens, leaving, edges, verbs)
    flow.answering = _answering(screens, edges)
    return flow


def given_by(edge: Edge, verbs: Mapping[str, Verb]) -> dict[str, Given]:
    """What the verb on an edge adds."""
    verb = verbs.get(edge.verb or "")
    return {**verb.values, **verb.lists} if verb else {}


def used_by(name: str, screen: Screen) -> frozenset[str]:
    """Values a screen's own texts write, retries aside (they are written at once); for a list also the list itself."""
    retries = {f"{name}.{key}" for key, to in getattr(screen, "then", {}).items() if isinstance(to, Retry)}
    names: set[str] = set()
    for context, text in texts_of(name, screen):
        if context in retries or context == f"{name}.item":
            continue
        names |= _names(text)
    if isinstance(screen, List):
        names.add(screen.rows)
    return frozenset(names)


def target_of(edge: Edge) -> str | None:
    """The screen an edge leads to; None where that depends on what waits."""
    return None if edge.target == PASS else ROOT if edge.target == HOME else edge.target


def _names(text: str) -> frozenset[str]:
    try:
        return placeholders(text)
    except ValueError:
        return frozenset()  # named by the check of placeholders


def _gates(screen: Screen) -> tuple[str, ...]:
    return tuple(f"gate.{gate}" for gate in LADDER[screen.needs])


def _reach(
    screens: Mapping[str, Screen], leaving: Mapping[str, list[Edge]], starts: Iterable[str]
) -> frozenset[str]:
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        name = todo.pop()
        if name in seen or name not in screens:
            continue
        seen.add(name)
        todo += [target for edge in leaving.get(name, ()) if (target := target_of(edge))]
        todo += _gates(screens[name])
    return frozenset(seen)


def _spread(
    flow: Flow,
    screens: Mapping[str, Screen],
    leaving: Mapping[str, list[Edge]],
    verbs: Mapping[str, Verb],
    starts: Iterable[str],
) -> None:
    gates = [f"gate.{gate}" for gate in LADDER["pin"] if f"gate.{gate}" in screens]
    todo: list[tuple[str, dict[str, Given]]] = [(name, {}) for name in (*starts, *gates)]
    while todo:
        name, brought = todo.pop()
        if name not in screens:
            continue
        known = flow.ready.get(name)
        if known is None:
            meet = dict(brought)
        else:
            meet = {key: kind for key, kind in known.items() if key in brought}
            flow.unsure[name] |= {key for key, kind in meet.items() if not _same(kind, brought[key])}
            if meet.keys() == known.keys():
                continue
        flow.ready[name] = meet
        for edge in leaving.get(name, ()):
            if target := target_of(edge):
                bare = target == ROOT
                todo.append((target, {} if bare else {**meet, **given_by(edge, verbs)}))


def _same(one: Given, other: Given) -> bool:
    if isinstance(one, Kind) or isinstance(other, Kind):
        return isinstance(one, Kind) and isinstance(other, Kind) and one.name == other.name
    return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)


def _want(flow: Flow, screens: Mapping[str, Screen], edges: list[Edge], verbs: Mapping[str, Verb]) -> None:
    wanted = {name: set(used_by(name, screen)) for name, screen in screens.items()}
    for name, screen in screens.items():
        if isinstance(screen, Ask):  # a retry may write what stood ready before the question
            given = given_by(Edge("", name, "", screen.do), verbs).keys()
            for again in screen.then.values():
                if isinstance(again, Retry):
                    wanted[name] |= _names(again.retry) - given
    changed = True
    while changed:
        changed = False
        for edge in edges:
            target = target_of(edge)
            if target in (None, ROOT) or target not in wanted:
                continue
            more = wanted[target] - given_by(edge, verbs).keys() - wanted[edge.source]
            if more:
                wanted[edge.source] |= more
                changed = True
    flow.wanted = {name: frozenset(names) for name, names in wanted.items()}


def _enterable(
    flow: Flow,
    screens: Mapping[str, Screen],
    leaving: Mapping[str, list[Edge]],
    edges: list[Edge],
    verbs: Mapping[str, Verb],
) -> frozenset[str]:
    """Screens that lack nothing when entered anew: no value from before, and nothing typed or picked on the way.

    Those that write are none of them: she would ask for the same a second time.
    """
    arrived = {target_of(edge) for edge in edges}
    seen: set[str] = set()
    todo = [name for name in screens if name == ROOT or name not in arrived]
    while todo:
        name = todo.pop()
        if name in seen or name not in screens:
            continue
        seen.add(name)
        todo += [target for edge in leaving.get(name, ()) if not edge.typed and (target := target_of(edge))]
    return frozenset(name for name in seen if not flow.wanted[name] and not _writes(screens[name], verbs))


def _answering(screens: Mapping[str, Screen], edges: list[Edge]) -> frozenset[str]:
    """Pages to read; and choices that are no menus: verbs alone lead there, so they tell what was found, and offer what may
    be done about it. A text that ends in a question asks, and a list asks to pick. A screen may say itself that it is otherwise.
    """
    found = {edge.target for edge in edges if edge.verb} - {edge.target for edge in edges if not edge.verb}
    return frozenset(
        name
        for name, screen in screens.items()
        if (
            screen.answers
            if screen.answers is not None
            else screen.text
            and (isinstance(screen, End | Show) or (isinstance(screen, Choice) and name in found))
            and not screen.text.endswith("?")
            and name not in NO_ANSWER
            and not is_threshold(name)
        )
    )


def _writes(screen: Screen, verbs: Mapping[str, Verb]) -> bool:
    """Whether entering it writes; a question writes only once it is answered."""
    verb = verbs.get(screen.do or "") if isinstance(screen, Show) else None
    return verb is not None and verb.writes
