"""The ways between screens, as the menus give them: one edge an option, an outcome or an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from gateway.conversation.screens import Ask, Choice, List, Retry, Screen, Show

_FORMATTER = Formatter()


@dataclass(frozen=True, slots=True)
class Edge:
    """One authored way. target is a screen, `pass` or `home`.

    verb    the verb that ran before this way was taken, or None
    typed   whether something she typed or picked goes along: such a way cannot be entered anew
    """

    name: str
    source: str
    target: str
    verb: str | None = None
    typed: bool = False


def edges_of(name: str, screen: Screen) -> Iterator[Edge]:
    """The edges that leave a screen; retries lead nowhere and are no edges here."""
    if isinstance(screen, Choice):
        for key, option in screen.options.items():
            yield Edge(f"{name}/{key}", name, option.to)
    elif isinstance(screen, Ask | Show) and screen.do is not None:
        for outcome, target in screen.then.items():
            if not isinstance(target, Retry):
                yield Edge(f"{name}/{outcome}", name, target, screen.do, isinstance(screen, Ask))
    elif isinstance(screen, Ask | List) and screen.to is not None:
        yield Edge(f"{name}/to", name, screen.to, None, typed=True)


def all_edges(screens: Mapping[str, Screen]) -> list[Edge]:
    return [edge for name, screen in screens.items() for edge in edges_of(name, screen)]


def texts_of(name: str, screen: Screen) -> Iterator[tuple[str, str]]:
    """(message context, English text) of everything a caller may read on a screen, in reading order."""
    if screen_text := screen.text:
        yield name, screen_text
    if isinstance(screen, Choice):
        for key, option in screen.options.items():
            yield f"{name}.{key}", option.label
    if isinstance(screen, List):
        yield f"{name}.item", screen.item
    if isinstance(screen, Ask):
        for outcome, target in screen.then.items():
            if isinstance(target, Retry):
                yield f"{name}.{outcome}", target.retry
    if screen.sms:
        yield f"{name}.sms", screen.sms


def placeholders(text: str) -> frozenset[str]:
    """Names in braces. Raises ValueError for anything but a plain `{name}`."""
    names = set()
    for _, name, pattern, conversion in _FORMATTER.parse(text):
        if name is None:
            continue
        if not name.isidentifier() or pattern or conversion:
            raise ValueError(f"`{{{name}}}` is no plain placeholder")
        names.add(name)
    return frozenset(names)
