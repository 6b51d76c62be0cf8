"""config/cases.yaml: categories of cases with their days, checked before the start."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from gateway.core.embedded.located import Located
from gateway.errors import FileFault

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,23}$")]


class Category(BaseModel):
    """days: calendar days until it should be answered; female: for a woman on the staff."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(ge=1, le=365)
    urgent: bool = False
    confidential: bool = False
    female: bool = False


class Categories(BaseModel):
    """All categories by code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ombudsman_days: int = Field(ge=1, le=365)
    categories: dict[Code, Category] = Field(min_length=1)

    def __getitem__(self, code: str) -> Category:
        return self.categories[code]


_FILE = TypeAdapter(Categories)


def load_categories(path: Path, reported: Collection[str] | None = None) -> Categories:
    """Read and check the file. Raises FileFault with `file:line: entry: what is wrong`, every fault at once.

    reported    codes that the callers' verbs report: the file must hold these; others are for staff alone
    """
    found = Located(path, "category").read(_FILE)
    if reported is not None:
        codes = found.categories.keys()
        faults = [f"{path}: categories: {code}: is missing" for code in sorted(set(reported) - codes)]
        if faults:
            raise FileFault(faults)
    return found
