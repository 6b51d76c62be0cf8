"""The one state machine: every screen a state, every way a named edge. Built once, shared by all threads.

No conditions, no callbacks, no model: `machine.events[edge].trigger(session)` moves `session.screen` and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transitions.core import Event, Machine, MachineError, Transition

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


class _Edge(Event):
    """An edge without conditions and callbacks: moves the session and is done, at a sixth of the general one's cost."""

    def trigger(self, model: Any, *_args: Any, **_named: Any) -> bool:
        """Raises MachineError where the edge does not start at the session's screen."""
        ways: list[Transition] | None = self.transitions.get(model.screen)
        if not ways:
            raise MachineError(f"{self.name} does not start at {model.screen}")
        dest = ways[0].dest
        if dest is not None:
            model.screen = dest
        return True


class _Leap(Event):
    """An edge from any screen to one."""

    def __init__(self, name: str, machine: Machine, dest: str) -> None:
        super().__init__(name, machine)
        self.dest = dest

    def trigger(self, model: Any, *_args: Any, **_named: Any) -> bool:
        model.screen = self.dest
        return True


class ScreenMachine(Machine):
    """transitions.Machine over screens."""

    event_cls = _Edge

    def add_leap(self, name: str, dest: str) -> None:
        """An edge from any screen to one."""
        self.events[name] = _Leap(name, self, dest)


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
