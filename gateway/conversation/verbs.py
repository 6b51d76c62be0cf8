"""What a screen may ask for with `do:`: the contract between the engine and the actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.clock import Deadline
from gateway.conversation.values import Kind

# Every verb that asks the core may fail to answer in time; screens must handle this outcome too.
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb declares, so that menus can be checked before anybody calls it.

    outcomes    every name it may return; `unreachable` is added for a verb that asks the core
    values      placeholder name -> kind of value, for the texts of the screens that follow
    lists       list name -> {placeholder -> kind}: rows that a `list` screen may show
    asks_core   False for a verb that needs nothing but the session; it runs in the caller's own thread
    writes      True where it stores something anew each time that a new session asks it: nobody who dials again is
                led back into it
    """

    name: str
    outcomes: tuple[str, ...]
    values: Mapping[str, Kind] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    asks_core: bool = True
    writes: bool = False

    @property
    def declared(self) -> frozenset[str]:
        return frozenset(self.outcomes) | ({UNREACHABLE} if self.asks_core else frozenset())


@dataclass(frozen=True, slots=True)
class Ask:
    """What the engine gives a verb.

    key         idempotency key `session/screen/offset in the trail`: the same step of the same session has the
                same key even when a lost session is walked again
    phone       E.164; phone_key its look-up value
    person      the person this session speaks for, once the `person` gate was passed
    answer      what was just typed, already checked and in normal form (a CNIC is 13 digits), or None
    picked      id of the row picked on a list, or None
    granted     gates passed so far for this person: `phone`, `person`, `pin`
    kept        what earlier verbs of this session asked to keep
    medium      `ussd` or `sms`
    menu_version  version of the menus that she reads
    """

    key: str
    session: str
    phone: str
    phone_key: str
    language: str
    deadline: Deadline
    person: int | None = None
    answer: str | None = None
    picked: str | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    medium: str = "ussd"
    granted: frozenset[str] = frozenset()
    menu_version: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb answers: one of its declared names, values for the text, and what the engine should note.

    values      placeholder -> plain value (int, str, ISO date); lists as tuples of dicts that hold an `id` each
    person      speak for this person from now on (drops what was granted for another one)
    grants      gates passed: `phone`, `person`, `pin`
    language    speak this language from now on
    keep        merged into `Ask.kept`; never a CNIC, never a PIN
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    person: int | None = None
    grants: tuple[str, ...] = ()
    language: str | None = None
    keep: Mapping[str, str] = field(default_factory=dict)


# How the engine runs a verb; the caller binds the core, the deadline and the thread it runs in.
Perform = Callable[[str, Ask], Outcome]
