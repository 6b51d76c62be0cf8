"""The board's charts, drawn here by pygal as pictures: no script in them, and their styles stay inside the picture."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.dates import format_datetime

from gateway import clock
from gateway.console.board import Board, Row
from gateway.console.words import _, language, mark
from gateway.journal.counting import HOUR

_COLOURS = ("#2a8f7a", "#c77b1e", "#5b7fb9", "#a65a8f", "#7d8a3c", "#b5534b", "#6d6d6d")
# In the dark the same colours stand on a dark card: only words and lines change.
_CSS = """
text { fill: #1a2320 !important; font-family: system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
.guides .line, .axis .line { stroke: #d5dad4 !important; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6ebe7 !important; }
  .guides .line, .axis .line { stroke: #35403a !important; }
}
"""
_MOST = 10
SEXES = {"F": mark("women"), "M": mark("men"), "X": mark("transgender persons")}
STATES = {
    "pending": mark("waiting"),
    "claimed": mark("waiting"),
    "held": mark("held"),
    "sending": mark("being sent"),
    "sent": mark("sent"),
    "delivered": mark("delivered"),
    "failed": mark("failed"),
    "unknown": mark("not known"),
}


def course(board: Board) -> str:
    pattern = "HH:mm" if board.span.course == HOUR else "d MMM"
    labels = [
        format_datetime(at.astimezone(clock.PAKISTAN), pattern, locale=language()) for at in board.course
    ]
    each = list(board.course.values())
    return _draw(
        "Bar",
        labels,
        {_("dials"): [of["dial"] for of in each], _("answered"): [of["answered"] for of in each]},
        height=230,
    )


def languages(board: Board) -> str:
    rows = sorted(board.languages, key=lambda row: row.number or 0)
    names = [board.names.get(row.name, row.name) for row in rows]
    return _draw("HorizontalBar", names, {_("pages"): [row.number for row in rows]})


def core(board: Board) -> str:
    paces = board.paces[:_MOST][::-1]
    return _draw(
        "HorizontalBar",
        [pace.verb for pace in paces],
        {_("half within"): [pace.p50 for pace in paces], _("19 of 20 within"): [pace.p95 for pace in paces]},
    )


def messages(board: Board) -> str:
    """By state, the lanes on top of each other."""
    states = list(dict.fromkeys(_(STATES.get(row.part, row.part)) for row in board.messages))
    lanes = list(dict.fromkeys(row.name for row in board.messages))
    series = {
        lane: [
            sum(
                row.number or 0
                for row in board.messages
                if row.name == lane and _(STATES.get(row.part, row.part)) == state
            )
            for state in states
        ]
        for lane in lanes
    }
    return _draw("HorizontalStackedBar", states, series)


def money(board: Board) -> str:
    """What was credited, in thousands of rupees."""
    return _by(board.credited, lambda row: (row.amount or 0) / 1000, lambda part: _(SEXES.get(part, part)))


def complaints(board: Board) -> str:
    return _by(board.complaints, lambda row: row.number or 0, lambda part: part)


def _by(rows: Sequence[Row], figure: Callable[[Row], float], said: Callable[[str], str]) -> str:
    """The names with most, the parts on top of each other; what is too small to be told is not drawn."""
    told = [row for row in rows if row.number is not None]
    sums: dict[str, float] = {}
    for row in told:
        sums[row.name] = sums.get(row.name, 0) + figure(row)
    names = sorted(sums, key=lambda name: sums[name])[-_MOST:]
    parts = list(dict.fromkeys(row.part for row in told if row.name in names))
    series = {
        said(part): [
            sum(figure(row) for row in told if (row.name, row.part) == (name, part)) for name in names
        ]
        for part in parts
    }
    return _draw("HorizontalStackedBar", [name or _("no pay point") for name in names], series)


def _draw(
    kind: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]], height: int = 0
) -> str:
    """The address of the picture, which is the picture itself; empty where there is nothing to draw."""
    if not any(any(values) for values in series.values()):
        return ""
    import pygal  # noqa: PLC0415 - only who watches pays for it
    from pygal.style import Style  # noqa: PLC0415

    # `inline:` is read by pygal as the sheet itself.
    chart: Any = getattr(pygal, kind)(
        style=Style(
            background="transparent",
            plot_background="transparent",
            colors=_COLOURS,
            opacity="1",
            font_family="system-ui, sans-serif",
            label_font_size=13,
            major_label_font_size=13,
            legend_font_size=13,
        ),
        css=["file://style.css", "file://graph.css", f"inline:{_CSS}"],
        js=[],
        width=640 if not height else 1280,
        height=height or (80 if len(series) > 1 else 50) + 30 * len(labels),
        margin=6,
        margin_left=16,  # pygal takes the letters for narrower than they are
        margin_bottom=26 if len(series) > 1 else 6,
        spacing=6,
        legend_at_bottom=True,
        legend_at_bottom_columns=4,
        legend_box_size=11,
        show_legend=len(series) > 1,
        print_values=False,
        truncate_label=40,
        truncate_legend=24,
        x_label_rotation=0,
        show_x_guides=kind.startswith("Horizontal"),
        show_y_guides=not kind.startswith("Horizontal"),
        value_formatter=lambda value: f"{value:,.0f}",
        no_data_text="",
        disable_xml_declaration=True,
    )
    chart.x_labels = list(labels)
    if len(labels) > 16:  # else they stand on each other
        chart.x_labels_major_every = 3
        chart.show_minor_x_labels = False
    for name, values in series.items():
        chart.add(name, list(values))
    tree = chart.render_tree()
    for parent in list(tree.iter()):
        for child in [child for child in parent if str(child.tag).rpartition("}")[2] == "script"]:
            parent.remove(child)
    from pygal.etree import etree  # noqa: PLC0415

    return "data:image/svg+xml;base64," + b64encode(etree.tostring(tree, encoding="utf-8")).decode()


CHARTS: Mapping[str, Callable[[Board], str]] = {
    "course": course,
    "languages": languages,
    "core": core,
    "messages": messages,
    "money": money,
    "complaints": complaints,
}
