"""config/checks.yaml: what a caller is asked before an act on her phones, and whether what she says is right."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from sqlalchemy import Connection, bindparam, select

from gateway.core.embedded.located import Located
from gateway.core.embedded.tables import household, person
from gateway.core.port.links import Check
from gateway.privacy import ascii_digits

Question = Literal["cnic_last4", "birth_year", "family_size"]
Checks = Mapping[Check, tuple[Question, ...]]

_FILE = TypeAdapter(dict[Check, Annotated[tuple[Question, ...], Field(min_length=2)]])
_HER = (
    select(person.c.cnic_last4, person.c.born_on, household.c.size)
    .select_from(person.join(household, household.c.id == person.c.household))
    .where(person.c.id == bindparam("person"))
)
_RIGHT: Mapping[str, Callable[[Any], str]] = {
    "cnic_last4": lambda row: row.cnic_last4 or "",
    "birth_year": lambda row: str(row.born_on.year) if row.born_on else "",
    "family_size": lambda row: str(row.size),
}


def load_checks(path: Path) -> Checks:
    """Read and check the file. Raises FileFault."""
    found = Located(path, "check").read(_FILE)
    return {check: found[check] for check in Check}


def passes(connection: Connection, whom: int, questions: tuple[str, ...], answers: Mapping[str, str]) -> bool:
    row = connection.execute(_HER, {"person": whom}).first()
    if row is None:
        return False
    right = {question: _RIGHT[question](row) for question in questions}
    said = {question: ascii_digits(answers.get(question, "")).strip() for question in questions}
    return all(right[question] and right[question] == said[question] for question in questions)
