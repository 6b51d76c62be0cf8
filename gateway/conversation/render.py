"""A screen as a caller reads it: words in her language, numbers, the bottom line, pages. And the same as a text message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.conversation.catalog import Language
from gateway.conversation.flow import Given
from gateway.conversation.gsm import Budget, fold
from gateway.conversation.paging import Nav, paginate
from gateway.conversation.values import Kind

_CUT = ".."  # rows of a list that a text has no room for


@dataclass(frozen=True, slots=True)
class Layout:
    """A screen in one language, ready to be filled.

    labels      options in order, or none; item the pattern of a row, rows the name of the list, numbered if picked
    kinds       how each value is written; static pages where there is nothing to fill in
    """

    language: Language
    nav: Nav
    text: str
    labels: tuple[str, ...] = ()
    item: str = ""
    rows: str = ""
    numbered: bool = False
    sms: str = ""
    kinds: Mapping[str, Given] | None = None
    static: tuple[str, ...] = ()


def show(layout: Layout, values: Mapping[str, Any], budget: Budget, notice: str = "") -> tuple[str, ...]:
    """The pages of a screen. Raises KeyError for a value that is not there, ValueError for one that is none."""
    if layout.static and not notice:
        return layout.static
    written = write_values(layout, values)
    text = layout.text.format_map(written)
    return paginate(
        f"{notice}\n{text}" if notice else text, _lines(layout, values, written), layout.nav, budget
    )


def say(
    layout: Layout,
    values: Mapping[str, Any],
    notice: str = "",
    fits: Callable[[str], bool] = lambda text: True,  # noqa: ARG005
) -> str:
    """The screen as a text message: its `sms` wording or its text; rows, but no options and no keys.

    Of a long list the first rows that fit, then two dots.
    """
    text = (layout.sms or layout.text).format_map(write_values(layout, values))
    rows = _rows(layout, values) if layout.rows else []
    head = [part for part in (notice, text) if part]
    said, left = "\n".join((*head, *rows)), len(rows)
    while left > 1 and not fits(said):
        left -= 1
        said = "\n".join((*head, *rows[:left], _CUT))
    return said


def write_values(layout: Layout, values: Mapping[str, Any]) -> dict[str, str]:
    """Each value that the screen's texts need, as this language writes it."""
    return {
        name: write(kind, values[name], layout.language)
        for name, kind in (layout.kinds or {}).items()
        if isinstance(kind, Kind)
    }


def write(kind: Kind, value: Any, language: Language) -> str:
    """One value. In a language of the phone's own alphabet a foreign letter becomes the nearest one."""
    text = kind.write(value, language)
    return fold(text) if language.gsm7 else text


def _lines(layout: Layout, values: Mapping[str, Any], written: Mapping[str, str]) -> Sequence[str]:
    lines = _rows(layout, values) if layout.rows else [label.format_map(written) for label in layout.labels]
    if layout.rows and not layout.numbered:
        return lines
    return [f"{number} {line}" for number, line in enumerate(lines, 1)]


def _rows(layout: Layout, values: Mapping[str, Any]) -> list[str]:
    columns = (layout.kinds or {}).get(layout.rows, {})
    if isinstance(columns, Kind):
        raise TypeError(f"{layout.rows} is no list")
    return [
        layout.item.format_map(
            {name: write(kind, row[name], layout.language) for name, kind in columns.items()}
        )
        for row in values[layout.rows]
    ]
