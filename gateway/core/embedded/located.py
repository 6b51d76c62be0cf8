"""YAML that is checked with every fault's place: `file:line: entry: what is wrong`."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from gateway.errors import FileFault

_T = TypeVar("_T")


class Located:
    """A file of YAML, and where each of its entries stands.

    what        the kind of its entries, for the fault of an empty file. Raises FileFault where it cannot be read
    """

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        try:
            tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        except OSError as error:
            raise FileFault([f"{path}: cannot be read: {error.strerror}"]) from None
        except UnicodeDecodeError:
            raise FileFault([f"{path}: is not UTF-8"]) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise FileFault([f"{path}:{line}: {error.problem}"]) from None
        if tree is None:
            raise FileFault([f"{path}:1: holds no {what}"])
        self._tree: yaml.Node = tree

    def read(self, kind: TypeAdapter[_T]) -> _T:
        """What the file holds. Raises FileFault with every fault at once."""
        faults = [f"{self._path}:{line}: {where}: given twice" for line, where in _doubled(self._tree, "")]
        try:
            found = kind.validate_python(yaml.BaseLoader("").construct_document(self._tree))
        except ValidationError as error:
            every = error.errors(include_url=False)
            faults += [
                self.place(each["loc"], each["msg"].removeprefix("Value error, "), each["type"] == "missing")
                for each in every
                if not _follows(self._tree, each)
            ]
            raise FileFault(faults) from None
        if faults:
            raise FileFault(faults)
        return found

    def place(self, loc: tuple[int | str, ...], what: str, missing: bool = False) -> str:  # noqa: FBT001, FBT002 - a fault's kind
        """One fault with the line of the deepest entry on its way that stands in the file."""
        node, where = self._tree, ""
        for step in loc:
            found = _below(node, step)
            if (
                found is None
            ):  # the names of pydantic's union branches are no part of the file, a missing key is
                where += f".{step}" if missing and step == loc[-1] else ""
                continue
            node = found
            where += f"[{step}]" if isinstance(step, int) else f".{step}"
        return f"{self._path}:{node.start_mark.line + 1}: {where.lstrip('.') or 'file'}: {what}"


def _follows(tree: yaml.Node, error: Any) -> bool:
    """Whether a list is called too short only because its entries have faults of their own."""
    node: yaml.Node | None = tree
    for step in error["loc"]:
        node = node and _below(node, step)
    return error["type"] == "too_short" and isinstance(node, yaml.SequenceNode) and bool(node.value)


def _below(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _doubled(node: yaml.Node, where: str) -> list[tuple[int, str]]:
    """Keys given twice in one mapping, which YAML would let pass in silence."""
    found: list[tuple[int, str]] = []
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            name = f"{where}.{key.value}".lstrip(".")
            if key.value in seen:
                found.append((key.start_mark.line + 1, name))
            seen.add(key.value)
            found += _doubled(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found += _doubled(value, f"{where}[{index}]")
    return found
