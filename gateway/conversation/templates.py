"""menus/sms.yaml: messages that are no answer of a screen, with the kinds of their values by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.conversation.source import plain_faults
from gateway.conversation.values import COUNT, DAY, LAST4, MONEY, QUARTER, SCORE, Kind, term, text

_PLAIN = {kind.name: kind for kind in (MONEY, DAY, QUARTER, COUNT, SCORE, LAST4)}


@dataclass(frozen=True, slots=True)
class Template:
    """A message. English text; the kind of each value in it; sendable: staff and other systems may send it by itself."""

    text: str
    values: Mapping[str, Kind]
    sendable: bool = False


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: str = Field(min_length=1)
    values: dict[str, str] = Field(default_factory=dict)
    sendable: bool = False


def kind_named(name: str) -> Kind:
    """`money`, `day`, `quarter`, `count`, `score`, `last4`, `text(24)`, `term(programme)`. Raises ValueError."""
    if name in _PLAIN:
        return _PLAIN[name]
    if match := re.fullmatch(r"text\((\d{1,3})\)", name):
        return text(int(match[1]))
    if match := re.fullmatch(r"term\(([a-z_]+)\)", name):
        return term(match[1])
    raise ValueError(f"no kind of value is called {name}")


def read_templates(raw: Any, file: str, faults: list[str]) -> dict[str, Template]:
    """The messages of sms.yaml; faults are noted."""
    templates = {}
    for name, entry in raw.items() if isinstance(raw, dict) else ():
        try:
            parsed = _Entry.model_validate(entry)
            templates[name] = Template(
                parsed.text, {key: kind_named(kind) for key, kind in parsed.values.items()}, parsed.sendable
            )
            odd = [key for number, (key, kind) in enumerate(parsed.values.items()) if number or kind != "day"]
            if parsed.sendable and odd:
                # What a person types into a text from 8171 would be taken for 8171's own words.
                faults.append(
                    f"{file}: {name}: {odd[0]}: what is sent by itself holds one day and no other value"
                )
        except ValidationError as error:
            faults += [f"{file}: {name}: {line}" for line in plain_faults(error)]
        except ValueError as error:
            faults.append(f"{file}: {name}: {error}")
    return templates
