"""Everything that can be wrong with a book of screens, found before anybody calls. One line a fault:

`file: screen (language): what, size`. Sizes are the business of `sizes`; words in .po files that of `speech`.
"""

from collections.abc import Iterator

from gateway.conversation.book import Book
from gateway.conversation.checks import reason_of
from gateway.conversation.edges import Edge, edges_of, placeholders, texts_of
from gateway.conversation.flow import given_by, target_of
from gateway.conversation.screens import (
    ALWAYS,
    CLOSINGS,
    HOME,
    LADDER,
    PASS,
    ROOT,
    Ask,
    Choice,
    End,
    List,
    Retry,
    Screen,
    is_threshold,
    passes_through,
)
from gateway.conversation.sizes import oversized
from gateway.conversation.speech import misspoken, said
from gateway.conversation.values import Kind

# Keys 98 and above would be taken for "more".
MOST_OPTIONS = 97
# Texts that stand for whole screens outside a session, so nothing may be filled in.
BARE = (*(name for name in ALWAYS if name.startswith("common.") and name != ROOT), *CLOSINGS)


def find_faults(book: Book) -> list[str]:
    """Every fault of a book that could be read."""
    faults = [
        *_reserved(book),
        *_targets(book),
        *_outcomes(book),
        *_words_of_renderer(book),
        *_reach(book),
        *_ends(book),
        *_keys(book),
        *_places(book),
        *_plain_texts(book),
        *_carried(book),
        *_shortcuts(book),
        *_keywords(book),
        *misspoken(book),
    ]
    return [*faults, *oversized(book)]


def _at(book: Book, name: str) -> str:
    return f"{book.files.get(name, 'menus')}: {name}"


def _reserved(book: Book) -> Iterator[str]:
    needed = {*ALWAYS} | {f"gate.{gate}" for screen in book.screens.values() for gate in LADDER[screen.needs]}
    for name in sorted(needed - book.screens.keys()):
        yield f"menus: {name}: this screen must exist"
    if ROOT in book.screens and not isinstance(book.screens[ROOT], Choice):
        yield f"{_at(book, ROOT)}: the root must be a choice"
    for name in BARE:
        if name in book.screens and not isinstance(book.screens[name], End):
            yield f"{_at(book, name)}: must be an end"
    for name, screen in book.screens.items():
        if screen.needs and name in {*ALWAYS, *(f"gate.{gate}" for gate in LADDER[screen.needs])}:
            yield f"{_at(book, name)}: stands before the gate `{screen.needs}` and cannot need it"


def _targets(book: Book) -> Iterator[str]:
    for edge in book.edges:
        if edge.target in {HOME, PASS}:
            if edge.target == PASS and not is_threshold(edge.source):
                yield f"{_at(book, edge.source)}: {_last(edge)} leads to `pass`, but nothing waits behind this screen"
        elif edge.target not in book.screens:
            yield f"{_at(book, edge.source)}: {_last(edge)} leads to {edge.target}, which does not exist"


def _outcomes(book: Book) -> Iterator[str]:
    for name, screen in book.screens.items():
        do = getattr(screen, "do", None)
        if do is None:
            continue
        verb = book.verbs.get(do)
        if verb is None:
            yield f"{_at(book, name)}: there is no verb `{do}`"
            continue
        handled = set(getattr(screen, "then", {}))
        for outcome in sorted(verb.declared - handled):
            yield f"{_at(book, name)}: outcome `{outcome}` of `{do}` is not handled"
        for outcome in sorted(handled - verb.declared):
            yield f"{_at(book, name)}: `{do}` has no outcome `{outcome}`"


def _words_of_renderer(book: Book) -> Iterator[str]:
    needed = {"menu_changed", "not_an_option", "nothing_typed"}
    needed |= {reason_of(screen.check) for screen in book.screens.values() if isinstance(screen, Ask)}
    for name in sorted(needed - book.notices.keys()):
        yield f"notices.yaml: {name}: is missing"
    for verb in book.verbs.values():
        for kind in (
            *verb.values.values(),
            *(each for columns in verb.lists.values() for each in columns.values()),
        ):
            yield from _terms(book, kind, f"verb {verb.name}")
    for name, template in book.templates.items():
        for kind in template.values.values():
            yield from _terms(book, kind, f"sms.yaml: {name}")


def _terms(book: Book, kind: Kind, where: str) -> Iterator[str]:
    family = kind.name.removeprefix("term(").removesuffix(")")
    if kind.name.startswith("term(") and not any(term.startswith(f"{family}.") for term in book.terms):
        yield f"terms.yaml: {where}: no term begins with `{family}.`"


def _reach(book: Book) -> Iterator[str]:
    for name in book.screens:
        if name not in book.flow.reached:
            yield f"{_at(book, name)}: no way leads here"


def _ends(book: Book) -> Iterator[str]:
    """From every screen a caller must come to a page: an endless chain of screens that show nothing has none."""
    shown = {name for name, screen in book.screens.items() if not passes_through(screen)}
    good = set(shown)
    grew = True
    while grew:
        grew = False
        for edge in book.edges:
            # Behind `pass` stands what she wished for, and that screen is checked for itself.
            if edge.source not in good and (edge.target == PASS or target_of(edge) in good):
                good.add(edge.source)
                grew = True
    for name, screen in book.screens.items():
        if name not in good and not any(edge.target not in book.screens for edge in edges_of(name, screen)):
            yield f"{_at(book, name)}: never comes to a page"


def _keys(book: Book) -> Iterator[str]:
    for name, screen in book.screens.items():
        if isinstance(screen, Choice):
            if len(screen.options) > MOST_OPTIONS:
                yield f"{_at(book, name)}: two options share the key 98, {len(screen.options)} of {MOST_OPTIONS} options"
            labels: dict[str, str] = {}
            for key, option in screen.options.items():
                if option.label in labels:
                    yield f"{_at(book, name)}: options {labels[option.label]} and {key} read the same"
                labels[option.label] = key
        for part in (*getattr(screen, "options", ()), *getattr(screen, "then", ())):
            if part in {"sms", "item"}:
                yield f"{_at(book, name)}: `{part}` cannot be the name of an option or a retry"


def _places(book: Book) -> Iterator[str]:
    """Placeholders: plain, brought along on every way, always of one kind."""
    for name, screen in book.screens.items():
        if passes_through(screen) or name not in book.flow.reached:
            continue
        for context, text in texts_of(name, screen):
            yield from _placed(book, name, screen, context, text)
        ready = book.flow.ready.get(name, {})
        if isinstance(screen, List) and (screen.rows not in ready or isinstance(ready[screen.rows], Kind)):
            yield f"{_at(book, name)}: the list `{screen.rows}` is not known on every way here"


def _placed(book: Book, name: str, screen: Screen, context: str, text: str) -> Iterator[str]:
    try:
        used = placeholders(text)
    except ValueError as error:
        yield f"{_at(book, name)}: {error}"
        return
    known = dict(book.flow.ready.get(name, {})) | _brought(book, name, screen, context)
    for value in sorted(used):
        if not isinstance(known.get(value), Kind):
            yield f"{_at(book, name)}: {{{value}}} is not known on every way here"
        elif value in book.flow.unsure.get(name, ()):
            yield f"{_at(book, name)}: {{{value}}} is of another kind on another way here"


def _plain_texts(book: Book) -> Iterator[str]:
    """Texts apart from screens: a message writes its own values, the others none."""
    allowed = {("sms", name): template.values.keys() for name, template in book.templates.items()}
    for file, name, context, text in said(book):
        if name in book.screens:
            continue
        try:
            unknown = placeholders(text) - allowed.get((context.partition(".")[0], name), set())
        except ValueError as error:
            yield f"{file}: {name}: {error}"
            continue
        for value in sorted(unknown):
            yield f"{file}: {name}: {{{value}}} is not known here"


def _brought(book: Book, name: str, screen: Screen, context: str) -> dict[str, object]:
    """What a text may use beyond what stood ready: the columns of a row, the values of the verb that asks again."""
    if isinstance(screen, List) and context == f"{name}.item":
        columns = book.flow.ready.get(name, {}).get(screen.rows, {})
        return {} if isinstance(columns, Kind) else dict(columns)
    part = context.removeprefix(f"{name}.")
    if isinstance(screen, Ask) and isinstance(screen.then.get(part), Retry):
        return dict(given_by(Edge(context, name, name, screen.do), book.verbs))
    return {}


def _carried(book: Book) -> Iterator[str]:
    """What was typed or picked does not survive a gate, so the gate must stand before the question."""
    for edge in book.edges:
        target = book.screens.get(edge.target)
        if edge.typed and edge.verb is None and target is not None:
            for gate in set(LADDER[target.needs]) - set(LADDER[book.screens[edge.source].needs]):
                yield f"{_at(book, edge.source)}: the answer is lost at the gate `{gate}` before {edge.target}"


def _shortcuts(book: Book) -> Iterator[str]:
    for extension, name in book.shortcuts.items():
        if not all(part.isdigit() for part in extension.split("*")):
            yield f"shortcuts.yaml: {extension}: an extension is digits, parted by `*`"
        if name not in book.screens:
            yield f"shortcuts.yaml: {extension}: {name} does not exist"
        elif name not in book.flow.afresh:
            yield f"shortcuts.yaml: {extension}: {name} cannot be entered without what comes before it"


def _keywords(book: Book) -> Iterator[str]:
    """Screens that a text opens, and questions that take the rest of it. What else an entry says is `messages.keywords`'."""
    for word, entry in book.keywords.items() if isinstance(book.keywords, dict) else ():
        for key in ("to", "with"):
            name = entry.get(key) if isinstance(entry, dict) else None
            if name is None:
                continue
            screen = book.screens.get(name)
            if screen is None:
                yield f"keywords.yaml: {word}: {name} does not exist"
            elif book.flow.wanted[name] if key == "with" else name not in book.flow.afresh:
                yield f"keywords.yaml: {word}: {name} cannot be entered without what comes before it"
            elif getattr(screen, "secret", False):
                yield f"keywords.yaml: {word}: {name} asks for a secret, and a text carries none"
            elif key == "with" and not isinstance(screen, Ask):
                yield f"keywords.yaml: {word}: {name} takes no answer"


def _last(edge: Edge) -> str:
    return f"`{edge.name.rpartition('/')[2]}`"
