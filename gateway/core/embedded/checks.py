"""config/checks.yaml: what a caller is asked before an act on her phones, and whether what she says is right."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from sqlalchemy import Connection, bindparam, select

from gateway.core.embedded.located import Located
from gateway.core.embedded.tables import person
from gateway.core.port.links import Check
from gateway.privacy import Vault, ascii_digits, normal_cnic

Question = Literal["cnic", "birth_day"]
Checks = Mapping[Check, tuple[Question, ...]]

_FILE = TypeAdapter(dict[Check, Annotated[tuple[Question, ...], Field(min_length=2)]])
_HER = select(person.c.cnic_key, person.c.born_on).where(person.c.id == bindparam("person"))
_RIGHT: Mapping[Question, Callable[[Any, str, Vault], bool]] = {
    "cnic": lambda row, said, vault: row.cnic_key in vault.cnic_keys(normal_cnic(said) or ""),
    "birth_day": lambda row, said, _: row.born_on is not None and _digits(said) == f"{row.born_on:%d%m}",
}


def load_checks(path: Path) -> Checks:
    """Read and check the file. Raises FileFault."""
    found = Located(path, "check").read(_FILE)
    return {check: found[check] for check in Check}


def passes(
    connection: Connection,
    vault: Vault,
    whom: int,
    questions: tuple[Question, ...],
    answers: Mapping[str, str],
) -> bool:
    row = connection.execute(_HER, {"person": whom}).first()
    return row is not None and all(
        _RIGHT[question](row, answers.get(question, ""), vault) for question in questions
    )


def _digits(said: str) -> str:
    """`0305` from `3.5.`, `03/05` or `0305`: day and month in two digits each, or nothing."""
    parts = re.findall(r"\d+", ascii_digits(said))
    if len(parts) == 2:
        return "".join(part.zfill(2) for part in parts)
    return parts[0] if len(parts) == 1 else ""
