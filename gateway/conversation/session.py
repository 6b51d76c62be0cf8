"""What is remembered between two hops, and what one turn leaves behind.

What is made anew in every hop is a named tuple: a frozen dataclass of 14 fields costs six times as much to make.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

OF_TEXT = "sms:"  # how the id of a session begins that a text opened


@dataclass(slots=True)
class Frame:
    """A page on the way back: the screen shown, the page number of it, the values it was written with.

    entry       the screen that the edge led to, before any verb routed on from it: where a resumed session enters
                anew, so that gates and figures are asked again
    notice      a line put above the page, already in her language; it stays while she turns its pages
    """

    screen: str
    entry: str
    page: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    notice: str = ""


@dataclass(slots=True)
class Session:
    """One dial. Only the engine changes it. Holds no phone, CNIC, PIN or trail in readable form.

    id              the aggregator's session id
    phone_key       look-up value of the phone
    screen          state of the machine: the screen the caller looks at, or `start` before the first
    frames          pages below this one, oldest first; `frame` is the one shown
    pending         screen that waits behind a gate or the language choice; resume the one a resume offer leads to
    chosen          whether the language is hers, and not just the one we begin in
    granted         gates passed in this session
    tries           invalid answers in a row on this screen
    trail_length    characters of the trail already consumed; trail_mark tells whether a trail starts with them
    shown           the body of the last page, without CON/END; `ended` whether it was an END
    decided         whether she got past a decision, so that an SMS may remind her to go on
    """

    id: str
    phone_key: str
    language: str
    screen: str = "start"
    frame: Frame | None = None
    frames: list[Frame] = field(default_factory=list)
    pending: str | None = None
    resume: str | None = None
    chosen: bool = False
    granted: set[str] = field(default_factory=set)
    person: int | None = None
    kept: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    turn: int = 0
    trail_length: int = 0
    trail_mark: str = ""
    shown: str = ""
    ended: bool = False
    decided: bool = False
    menu_version: str = ""
    medium: str = "ussd"


@dataclass(frozen=True, slots=True)
class Opening:
    """How a session begins, all that the first page depends on.

    language    remembered for this phone, or None: then the language is asked first
    resume      entry screen of a session dropped a few minutes ago, or None
    screen      screen a dial extension names, or None
    """

    language: str | None = None
    resume: str | None = None
    screen: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One question to the core within a turn: the verb, the outcome it gave, how long it took, the values it gave.

    person, grants, language, keep: the rest of the `Outcome`, so that a replay can answer as the core did
    """

    verb: str
    outcome: str
    millis: float
    values: dict[str, Any] = field(default_factory=dict)
    person: int | None = None
    grants: tuple[str, ...] = ()
    language: str | None = None
    keep: dict[str, str] = field(default_factory=dict)


class Page(NamedTuple):
    """What the caller gets: the body without `CON `/`END `, whether it ends the session, the screen's name."""

    text: str
    end: bool
    screen: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """An answer that did not come in time: what to ask again, so that the worker can send it by SMS."""

    verb: str
    screen: str
    key: str
    person: int | None
    answer: str | None
    picked: str | None
    kept: dict[str, str]
    language: str


class Turn(NamedTuple):
    """One turn as it happened: the replay record.

    number      1 for the first page of the session
    edges       names of the edges taken, in order
    keys        what was typed, safe to keep: `*` for a secret, a CNIC by its last four digits
    trail_length where the trail stood after this turn
    millis      time in the engine and the core together; `calls` has the core's share
    """

    session: str
    number: int
    screen_from: str
    screen_to: str
    edges: tuple[str, ...]
    keys: str
    page: Page
    language: str
    trail_length: int
    millis: float
    calls: tuple[Call, ...]
    menu_version: str
    deferred: Deferred | None = None
    opening: Opening | None = None
