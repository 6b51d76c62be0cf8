"""The menus as a Mermaid diagram: every way as its author wrote it, gates once, and where callers really go."""

from collections.abc import Mapping

from gateway.conversation.book import Book
from gateway.conversation.screens import HOME, LADDER, PASS, ROOT, passes_through

_SHAPES = {
    "choice": ("[", "]"),
    "ask": ("[/", "/]"),
    "list": ("[[", "]]"),
    "end": ("([", "])"),
    "show": ("(", ")"),
}


def draw(book: Book, traffic: Mapping[str, int] | None = None) -> str:
    """A flowchart. traffic: edge name -> times taken, written on the edges and drawn as their width."""
    lines = ["flowchart LR"]
    for name, screen in book.screens.items():
        before, after = ("{{", "}}") if passes_through(screen) else _SHAPES[screen.kind]
        lines.append(f'  {_id(name)}{before}"{name}"{after}')
    widths = []
    for edge in book.edges:
        label = edge.name.rpartition("/")[2]
        target = ROOT if edge.target == HOME else edge.target
        count = (traffic or {}).get(edge.name, 0)
        if traffic is not None:
            widths.append(_width(count, max(traffic.values(), default=0)))
            label = f"{label} {count:,}"
        if target == PASS:
            lines.append(f'  {_id(edge.source)} -->|"{label}"| passed(("pass"))')
        else:
            lines.append(f'  {_id(edge.source)} -->|"{label}"| {_id(target)}')
    lines += [
        f"  {_id(name)} -.-o needs_{screen.needs}" for name, screen in book.screens.items() if screen.needs
    ]
    for needs in dict.fromkeys(screen.needs for screen in book.screens.values() if screen.needs):
        lines.append(f'  needs_{needs}{{"needs {needs}"}} -.-> {_id(f"gate.{LADDER[needs][-1]}")}')
    lines += [
        f"  linkStyle {number} stroke-width:{width}px" for number, width in enumerate(widths) if width > 1
    ]
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    # `end` is a word of Mermaid's own, so no bare name is used.
    return f"s_{name.replace('.', '_')}"


def _width(count: int, most: int) -> int:
    return 1 + round(7 * count / most) if most else 1
