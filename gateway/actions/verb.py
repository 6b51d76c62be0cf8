"""How a verb is written down: a function, what it declares, and what it works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.conversation.values import Kind
from gateway.conversation.verbs import Ask, Outcome, Verb
from gateway.core.port import Core
from gateway.errors import GatewayError


@dataclass(frozen=True, slots=True)
class Means:
    """What verbs work with, the same for every caller.

    languages   code -> name of each language that callers are offered, in the order of the list
    pin_mark    (session, PIN) -> a value that tells whether the same PIN was typed twice, and does not hold it
    """

    core: Core
    languages: Mapping[str, str]
    pin_mark: Callable[[str, str], str]


Run = Callable[[Ask, Means], Outcome]


@dataclass(frozen=True, slots=True)
class Action:
    """A verb and the function that runs it. Outcome names are the verb's declared ones, or CoreUnreachable is raised."""

    verb: Verb
    run: Run


ACTIONS: dict[str, Action] = {}


def verb(  # noqa: PLR0913 - what a verb declares
    name: str,
    outcomes: tuple[str, ...],
    *,
    values: Mapping[str, Kind] | None = None,
    lists: Mapping[str, Mapping[str, Kind]] | None = None,
    asks_core: bool = True,
    writes: bool = False,
) -> Callable[[Run], Run]:
    """Enter a function under `name`. Raises ValueError for a name that is taken."""

    def enter(run: Run) -> Run:
        if name in ACTIONS:
            raise ValueError(f"two verbs are called {name}")
        ACTIONS[name] = Action(Verb(name, outcomes, values or {}, lists or {}, asks_core, writes), run)
        return run

    return enter


class UngatedError(GatewayError):
    """A verb about a person was asked before the session knew the person: a screen lacks its `needs`."""

    code = "ungated"


def person_of(ask: Ask) -> int:
    """The person this session speaks for. Raises UngatedError if no gate was passed."""
    if ask.person is None:
        raise UngatedError("no person")
    return ask.person
