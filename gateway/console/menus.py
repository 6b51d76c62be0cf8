"""The operators' page: the menus a branch at a time with their traffic, whether the files are sound, how far each language is."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, render_template, request

from gateway.console import drawing
from gateway.console.access import allowed
from gateway.console.funnel import Sums, label_of, number_of
from gateway.console.watch import LABELS
from gateway.console.words import _, language, mark
from gateway.conversation.edges import Edge
from gateway.conversation.messages import Coverage, coverage
from gateway.conversation.screens import ROOT, Choice
from gateway.errors import GatewayError, MenuError
from gateway.journal.rollups import SPANS, span
from gateway.services import Services

REVIEWED = {
    "native": mark("by a native reader"),
    "house": mark("by its authors; a native reader is owed"),
    "no": mark("by nobody"),
}


def add(console: Blueprint, services: Services) -> None:
    @console.get("/menus")
    @allowed("operate")
    def menus() -> str:
        return _page(services)

    @console.post("/menus/check")
    @allowed("operate", act="menus_checked", subject="page:menus")
    def menus_check() -> str:
        try:
            checked = services.reopen_book()
        except MenuError as error:
            return _page(services, faults=error.faults)
        except GatewayError as error:
            return _page(services, faults=[str(error)])
        return _page(services, checked=checked.version)


def _page(services: Services, faults: list[str] | None = None, checked: str = "") -> str:
    book = services.book
    branches = drawing.branches(book)
    branch = request.args.get("branch", next(iter(branches)))
    name = request.args.get("span", "week")
    if branch not in branches or name not in SPANS:
        abort(404)
    sums = services.rollups.sums(span(name), "seen", "edge")
    seen, taken = sums.get("seen", {}), sums.get("edge", {})
    return render_template(
        "console_menus.html",
        book=book,
        branches=[(code, _branch(services, code), len(screens)) for code, screens in branches.items()],
        branch=branch,
        drawing=drawing.draw(book, branches[branch], language(), seen, taken),
        rows=_rows(services, branches[branch], taken),
        span=name,
        spans=[(each, _(LABELS[each])) for each in SPANS],
        faults=faults,
        checked=checked,
        coverage={
            each.code: each
            for each in _coverage(services.settings.menus, services.settings.config, book.version)
        },
        reviewed={code: _(text) for code, text in REVIEWED.items()},
    )


def _rows(services: Services, screens: list[str], taken: Sums) -> list[tuple[Edge, str, int]]:
    """The ways that leave these screens, the busiest first: edge, what it is taken by, how often."""
    ours = set(screens)
    rows = [
        (edge, edge.name.rpartition("/")[2], number_of(taken, edge.name))
        for edge in services.book.edges
        if edge.source in ours
    ]
    return sorted(rows, key=lambda row: -row[2])


def _branch(services: Services, code: str) -> str:
    """The option of the root that leads into the branch, in the reader's language."""
    if code == drawing.BESIDE:
        return _("Gates, language and ends")
    root = services.book.screens[ROOT]
    if isinstance(root, Choice):
        speech = services.book.languages.get(language()) or services.book.languages["en"]
        for key, option in root.options.items():
            if option.to == code:
                return speech.text(f"{ROOT}.{key}", option.label)
    return label_of(services.book, language(), code)


@lru_cache(maxsize=2)
def _coverage(menus: Path, config: Path, version: str) -> tuple[Coverage, ...]:  # noqa: ARG001 - new files, new count
    return coverage(menus, config)
