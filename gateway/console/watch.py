"""The board: what goes on now and went on lately, from roll-ups alone; and the same as CSV."""

import csv
import io

from flask import Blueprint, Response, abort, render_template, request

from gateway.console import board as boards
from gateway.console import case_words, charts
from gateway.console.access import allowed, note
from gateway.console.sessions import fresh
from gateway.console.words import _, language, mark
from gateway.journal.rollups import SPANS, Span, span
from gateway.services import Services

LABELS = {
    "hour": mark("Last hour"),
    "today": mark("Today"),
    "week": mark("7 days"),
    "month": mark("30 days"),
}
_MOST_STAGES = 60
_MOST_PACES = 10


def add(console: Blueprint, services: Services) -> None:
    @console.get("/watch")
    @allowed("watch")
    def watch() -> str:
        spans = [(name, _(LABELS[name])) for name in SPANS]
        return render_template("console_watch.html", spans=spans, **_shown(services))

    @console.get("/watch/board")
    @allowed("watch", active=False)
    def watch_board() -> Response:
        shown = _shown(services)
        # pygal gives every picture an id of its own, so the figures say whether anything changed.
        return fresh(render_template("console_watch_board.html", **shown), f"{language()} {shown['board']!r}")

    @console.get("/watch.csv")
    @allowed("export")
    def watch_csv() -> Response:
        of = _span()
        note("exported", "page:watch", span=of.name)
        board = boards.board(services.rollups, of, services.book, "en")
        text = io.StringIO()
        sheet = csv.writer(text)
        sheet.writerow(("figure", "name", "part", "number", "amount"))
        sheet.writerows(boards.lines(board))
        return Response(
            text.getvalue(),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="watch-{of.name}.csv"'},
        )


def _shown(services: Services) -> dict[str, object]:
    board = boards.board(services.rollups, _span(), services.book, language())
    return {
        "board": board,
        "stages": board.stages[:_MOST_STAGES],
        "hidden": len(board.stages[_MOST_STAGES:]),
        "most": max((stage.seen for stage in board.stages), default=0),
        "charts": {name: draw(board) for name, draw in charts.CHARTS.items()},
        "sexes": {code: _(text) for code, text in charts.SEXES.items()},
        "states": {code: _(text) for code, text in charts.STATES.items()},
        "most_paces": _MOST_PACES,
        "fewest": boards.FEWEST,
        "category": case_words.category,
    }


def _span() -> Span:
    try:
        return span(request.args.get("span", "today"))
    except KeyError:
        abort(404)
