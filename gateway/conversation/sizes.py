"""Whether every text fits: each page of each screen in each language, with the longest value in every gap."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.conversation.book import Book
from gateway.conversation.catalog import Language
from gateway.conversation.checks import reason_of
from gateway.conversation.edges import Edge
from gateway.conversation.flow import Given, given_by
from gateway.conversation.gsm import parts, size
from gateway.conversation.paging import paginate
from gateway.conversation.render import Layout, say
from gateway.conversation.screens import Ask, Choice, End, List, Retry, Screen, Show
from gateway.conversation.values import Kind

MOST_PAGES = 5
SEGMENTS_OF_A_REPLY = 3
SEGMENTS_OF_AN_ALERT = 2


def oversized(book: Book) -> Iterator[str]:
    for name, screen in book.screens.items():
        for code, layouts in book.layouts.items():
            layout = layouts.get(name)
            if layout is None:
                continue
            at = f"{book.files[name]}: {name} ({code})"
            for fault in _screen(book, name, screen, layout):
                yield f"{at}: {fault}"
    for name, template in book.templates.items():
        for code, language in book.languages.items():
            yield from _message(
                book, name, code, language.text(f"sms.{name}", template.text), template.values
            )


def _screen(book: Book, name: str, screen: Screen, layout: Layout) -> Iterator[str]:
    values = _longest_values(layout.kinds or {}, layout.language)
    text = layout.text.format_map(values)
    lines = [f"{n} {label.format_map(values)}" for n, label in enumerate(layout.labels, 1)]
    if isinstance(screen, List):
        yield from _rows(book, text, layout)
    elif isinstance(screen, End | Ask):
        yield from _one_page(book, text, layout, "an end" if isinstance(screen, End) else "a question")
    elif isinstance(screen, Choice | Show):
        pages = paginate(text, lines, layout.nav, book.budget)
        if len(pages) > MOST_PAGES:
            yield f"is too long, {len(pages)} of {MOST_PAGES} pages"
    if isinstance(screen, Ask):
        yield from _reasons(book, name, screen, layout, text)
    reply = _reply(layout, values)
    segments = parts(reply, book.aggregator.segment)[1]
    if segments > SEGMENTS_OF_A_REPLY:
        yield f"as SMS is too long, {segments} of {SEGMENTS_OF_A_REPLY} segments"


def _one_page(book: Book, text: str, layout: Layout, what: str) -> Iterator[str]:
    page = "\n".join(filter(None, (text, layout.nav.first_last)))
    if not book.budget.holds(page):
        yield f"{what} must fit one page, {size(page)} of {book.budget.of(page)}"


def _rows(book: Book, text: str, layout: Layout) -> Iterator[str]:
    """How many rows there will be nobody knows; each must fit a page, and the heading a page with one of them."""
    row = f"{'12 ' if layout.numbered else ''}{layout.item.format_map(_longest_row(layout))}"
    page = "\n".join((text, row, max(layout.nav.first_more, layout.nav.first_last, key=len)))
    if not book.budget.holds(page):
        yield f"the heading with one row must fit one page, {size(page)} of {book.budget.of(page)}"


def _reasons(book: Book, name: str, screen: Ask, layout: Layout, text: str) -> Iterator[str]:
    """The reason above the same question may push it on to a second page, and there 98 turns it: never where 98 may
    be an answer.
    """
    speech = layout.language
    given: dict[str, Given] = {
        **book.flow.ready.get(name, {}),
        **given_by(Edge("", name, name, screen.do), book.verbs),
    }
    reasons = {notice: speech.text(f"notice.{notice}", book.notices.get(notice, "")) for notice in
               ("nothing_typed", reason_of(screen.check))}  # fmt: skip
    for outcome, target in screen.then.items():
        if isinstance(target, Retry):
            pattern = speech.text(f"{name}.{outcome}", target.retry)
            try:
                reasons[outcome] = pattern.format_map(_longest_values(given, speech))
            except (KeyError, ValueError):
                continue  # `check` names the placeholder
    most = 1 if screen.check in {"amount", "count"} else 2
    for outcome, reason in reasons.items():
        pages = paginate(f"{reason}\n{text}", (), layout.nav, book.budget)
        if len(pages) > most:
            page = f"{reason}\n{text}\n{layout.nav.first_last}"
            yield f"with `{outcome}` above it is too long, {size(page)} of {book.budget.of(page)}, {len(pages)} pages"


def _message(book: Book, name: str, code: str, text: str, kinds: Mapping[str, Kind]) -> Iterator[str]:
    try:
        body = text.format_map(_longest_values(kinds, book.languages[code]))
    except (KeyError, ValueError, IndexError):
        return  # `check` names the placeholder
    encoding, segments, units = parts(body, book.aggregator.segment)
    if segments > SEGMENTS_OF_AN_ALERT:
        yield (
            f"sms.yaml: {name} ({code}): is too long, {segments} of {SEGMENTS_OF_AN_ALERT} segments"
            f" ({sum(units)} units of {encoding})"
        )


def _longest_values(kinds: Mapping[str, Given], language: Language) -> dict[str, str]:
    return {name: kind.longest(language) for name, kind in kinds.items() if isinstance(kind, Kind)}


def _longest_row(layout: Layout) -> dict[str, str]:
    columns = (layout.kinds or {}).get(layout.rows, {})
    return {} if isinstance(columns, Kind) else _longest_values(columns, layout.language)


def _reply(layout: Layout, values: Mapping[str, Any]) -> str:
    if layout.rows:
        return "\n".join((layout.sms or layout.text, layout.item)).format_map(
            {**values, **_longest_row(layout)}
        )
    return (layout.sms or layout.text).format_map(values) if not layout.static else say(layout, {})
