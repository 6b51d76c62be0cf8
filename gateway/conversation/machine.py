"""The one state machine: every screen a state, every way a named edge. Built once, shared by all threads.

No conditions, no callbacks, no model: `machine.events[edge].trigger(session)` moves `session.screen` and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transitions.core import Event, Machine, Transition

from gateway.conversation.edges import Edge
from gateway.conversation.screens import (
    BUSY,
    HOME,
    LADDER,
    LANGUAGE,
    PASS,
    ROOT,
    TOO_MANY,
    TROUBLE,
    Screen,
    is_threshold,
)

START = "start"


class _Way(Transition):
    """A transition without callbacks: moves the session and is done (4 us where the general one takes 12)."""

    def execute(self, event_data: Any) -> bool:
        if self.dest is not None:
            event_data.model.screen = self.dest
        return True


class _Anywhere(defaultdict[str, list[Transition]]):
    """The transitions of an edge that starts at any screen: one for all, instead of one for each."""

    def __init__(self, way: _Way) -> None:
        super().__init__(None, {"*": [way]})
        self._ways: list[Transition] = [way]

    def __contains__(self, source: object) -> bool:
        return True

    def __missing__(self, source: str) -> list[Transition]:
        return self._ways


class ScreenMachine(Machine):
    """transitions.Machine over screens."""

    transition_cls = _Way

    def add_leap(self, name: str, dest: str) -> None:
        """An edge from any screen to one."""
        event = Event(name, self)
        event.transitions = _Anywhere(_Way("*", dest))
        self.events[name] = event


def build(screens: Mapping[str, Screen], edges: Iterable[Edge]) -> ScreenMachine:
    """The machine of a book. Targets that do not exist are left out; `check` names them."""
    transitions = [
        [edge.name, edge.source, {PASS: None, HOME: ROOT}.get(edge.target, edge.target)]
        for edge in edges
        if edge.target in screens or edge.target == PASS or (edge.target == HOME and ROOT in screens)
    ]
    for name in screens:
        transitions.append([f"{name}/retry", name, None])
        transitions.append([f"open:{name}", START, name])
    machine = ScreenMachine(
        model=None,
        states=[START, *screens],
        initial=START,
        transitions=transitions,
        auto_transitions=False,
        model_attribute="screen",
    )
    for leap, dest in _leaps(screens):
        if dest in screens:
            machine.add_leap(leap, dest)
    return machine


def _leaps(screens: Mapping[str, Screen]) -> Iterator[tuple[str, str]]:
    yield "home", ROOT
    yield "language", LANGUAGE
    for gate in LADDER["pin"]:
        yield f"gate:{gate}", f"gate.{gate}"
    for closing in (TROUBLE, TOO_MANY, BUSY):
        yield f"close:{closing}", closing
    for name in screens:
        if not is_threshold(name):
            yield f"back:{name}", name
        if not name.startswith("gate."):
            yield f"pass:{name}", name
