"""Reads the YAML of menus and configuration: every scalar stays text, and a key given twice is a fault."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from gateway.conversation.screens import Screen, parse

# Files among the menus that hold no screens.
NOT_SCREENS = frozenset({"words.yaml", "notices.yaml", "terms.yaml", "sms.yaml", "keywords.yaml"})


class _Loader(yaml.BaseLoader):
    """BaseLoader, since YAML 1.1 reads `on`, `no`, `00` and `012` as something else than what stands there."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"`{key}` is given twice", problem_mark=key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path, faults: list[str]) -> Any:
    """What a file holds; `{}` with a fault noted when it cannot be read."""
    try:
        return yaml.load(path.read_text("utf-8"), _Loader) or {}  # noqa: S506 - derives from BaseLoader
    except FileNotFoundError:
        faults.append(f"{path.name}: the file is missing")
    except UnicodeDecodeError:
        faults.append(f"{path.name}: is not UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        faults.append(f"{path.name}: line {mark.line + 1 if mark else '?'}: {error.problem}")
    except yaml.YAMLError as error:
        faults.append(f"{path.name}: {error}")
    return {}


def read_texts(path: Path, faults: list[str]) -> dict[str, str]:
    """A flat file of texts: name -> text."""
    if not path.exists():
        faults.append(f"{path.name}: the file is missing")
        return {}
    raw = read_yaml(path, faults)
    texts: dict[str, str] = {}
    for name, text in raw.items() if isinstance(raw, dict) else ():
        if isinstance(text, str) and text.strip():
            texts[name] = text.strip()
        else:
            faults.append(f"{path.name}: {name}: needs a text")
    return texts


def read_screens(menus: Path, faults: list[str]) -> tuple[dict[str, Screen], dict[str, str]]:
    """Every screen by name, and the file each stands in."""
    screens: dict[str, Screen] = {}
    files: dict[str, str] = {}
    for path in sorted(menus.glob("*.yaml")):
        if path.name in NOT_SCREENS:
            continue
        raw = read_yaml(path, faults)
        if not isinstance(raw, dict):
            faults.append(f"{path.name}: needs screens by name")
            continue
        for name, body in raw.items():
            if name in screens:
                faults.append(f"{path.name}: {name}: stands in {files[name]} already")
                continue
            try:
                screens[name] = parse(name, body)
            except ValidationError as error:
                faults += [f"{path.name}: {name}: {line}" for line in plain_faults(error)]
            files[name] = path.name
    return screens, files


def plain_faults(error: ValidationError) -> list[str]:
    """One line a fault: where in the entry, and what."""
    kinds = {"choice", "ask", "show", "list", "end", "Retry", "Target"}
    lines = []
    for fault in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in fault["loc"] if step not in kinds and "[" not in str(step))
        what = fault["msg"].removeprefix("Value error, ")
        lines.append(f"{place}: {what}" if place else what)
    return lines
