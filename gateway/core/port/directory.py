"""Where things are: offices, and every place that serves people."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Office:
    """A Benazir registration office. hours as people say them (`9-5 Mon-Fri`); code names it among all."""

    name: str
    address: str
    district: str
    tehsil: str
    hours: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Facility:
    """A place that serves people: a hospital, a clinic, a loan or training centre, a school.

    kind        one of `FACILITY_KINDS`; services of `SERVICES` that it offers
    near        `tehsil`, `district` or `province`: how near it lies to where it was asked for
    """

    code: str
    kind: str
    name: str
    address: str
    tehsil: str
    district: str
    phone: str = ""
    hours: str = ""
    services: tuple[str, ...] = ()
    near: str = "tehsil"


FACILITY_KINDS = (
    "hospital",
    "clinic",
    "nutrition_centre",
    "school",
    "loan_centre",
    "training_centre",
    "learning_centre",
)
# What a facility may offer, and nothing else: each has its words (`service.<code>`) in menus/terms.yaml.
SERVICES = (
    *("maternity", "surgery", "heart", "dialysis", "cancer"),
    *("antenatal", "vaccination", "child", "family_planning", "tb"),
    *("growth", "food"),
)


class Directory(Protocol):
    def office_of(self, person: int) -> Office | None:
        """The office of her household's tehsil, else of her district."""
        ...

    def offices(self, place: str) -> tuple[Office, ...]:
        """The offices of a tehsil, or where it has none and of a district: of all its tehsils."""
        ...

    def districts(self, like: str, limit: int = 5) -> tuple[str, ...]:
        """Districts by name: an exact match alone, else the nearest spellings, best first."""
        ...

    def tehsils(self, like: str, limit: int = 5) -> tuple[str, ...]:
        """Tehsils by name, as `districts`; where none is spelt so, those of the districts that are."""
        ...

    def tehsil_of(self, person: int) -> str | None:
        """The name of the tehsil where her household lives."""
        ...

    def facilities(self, kind: str, tehsil: str, service: str = "", limit: int = 6) -> tuple[Facility, ...]:
        """Open places of a kind that offer a service (any, if empty), nearest to a tehsil first, within its province."""
        ...

    def facility(self, code: str) -> Facility | None: ...
