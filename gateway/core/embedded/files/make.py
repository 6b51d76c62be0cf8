"""`gateway registry make`: a synthetic registry of any size, as the very files that the import takes.

Every person is invented. The same number of households and the same seed give the same bytes, and a household is
written as soon as it is drawn, so a country fits in little memory. Days are relative to the day of loading, and no PIN
is made.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from gateway.core.embedded.files import made_places
from gateway.core.embedded.files.made_places import SEATS
from gateway.core.embedded.files.registry import file_kinds
from gateway.core.embedded.tables import FLAGS

# Called with the households written so far and the number wanted.
Made = Callable[[int, int], None]

_WOMEN = (
    "Amina",
    "Bushra",
    "Farida",
    "Hafsa",
    "Jamila",
    "Khalida",
    "Mariam",
    "Naheed",
    "Razia",
    "Sadia",
    "Zubaida",
)
_MEN = (
    "Akram",
    "Bashir",
    "Dilawar",
    "Faisal",
    "Hanif",
    "Imran",
    "Khalid",
    "Mansoor",
    "Nadeem",
    "Rafiq",
    "Yousaf",
)
_SECOND = (
    "Bibi",
    "Khatoon",
    "Begum",
    "Mai",
    "Ahmad",
    "Ali",
    "Khan",
    "Shah",
    "Gul",
    "Baloch",
    "Memon",
    "Awan",
)
_LAST_BIRTH = date(2025, 1, 1)
_MOST = 10_000_000  # twenty tehsils of ten million numbers each have room to spare


class _Person(NamedTuple):
    """One row of persons.csv."""

    household: str
    cnic: str
    cnic_status: str
    cnic_expires_on: str
    bform: str
    name: str
    sex: str
    born_on: date
    relation: str
    marital_status: str
    disability: str
    alive: str
    family: str
    family_role: str


Write = Callable[[str, tuple[Any, ...]], None]


def make_registry(folder: Path, households: int, seed: int, made: Made | None = None) -> None:
    """Write a synthetic registry into a folder, which is made if need be; files of these names are overwritten.

    Raises ValueError for a number of households below 1 or beyond what invented CNICs can number.
    """
    if not 1 <= households <= _MOST:
        raise ValueError(f"households must be from 1 to {_MOST}")
    folder.mkdir(parents=True, exist_ok=True)
    draw = Random(seed)  # noqa: S311 - invented people, and the same ones for the same seed
    cards = dict.fromkeys((seat.prefix for seat in SEATS), 0)
    with _files(folder) as write:
        for name, row in made_places.rows():
            write(name, row)
        for number in range(1, households + 1):
            _Household(draw, number, cards, write).draw()
            if made is not None and (number % 1000 == 0 or number == households):
                made(number, households)


@contextmanager
def _files(folder: Path) -> Iterator[Write]:
    """Each file open with its header; a function that adds a row to one."""
    with ExitStack() as stack:
        writers = {}
        for kind in file_kinds():
            if kind.name in {"events.csv", "event_listings.csv"}:
                continue
            file = stack.enter_context((folder / kind.name).open("w", encoding="utf-8", newline=""))
            writers[kind.name] = csv.writer(file, lineterminator="\n")
            columns = [field.name for field in kind.fields if field.name != "pin"]
            writers[kind.name].writerow(columns)
        yield lambda name, row: writers[name].writerow(row)


class _Household:
    """One household: a woman, mostly her husband, their children, sometimes his mother with a unit of her own."""

    def __init__(self, draw: Random, number: int, cards: dict[str, int], write: Write) -> None:
        self._draw = draw
        self._number = number
        self._write = write
        self._reference = f"SYN-{number:08}"
        self._seat = SEATS[draw.randrange(len(SEATS))]
        self._cards = cards  # how many were given out in each tehsil

    def draw(self) -> None:
        draw = self._draw
        people = self._people()
        status = draw.choices(("surveyed", "pending", "not_surveyed"), (93, 5, 2))[0]
        surveyed = "" if status == "not_surveyed" else f"today-{draw.randint(20, 1500)}d"
        self._write(
            "households.csv",
            (
                self._reference,
                self._seat.tehsil,
                f"House {draw.randint(1, 900)}",
                len(people),
                status,
                surveyed,
                "",
                "",
            ),
        )
        for person in people:
            self._write("persons.csv", person)
        score = min(100.0, max(0.0, draw.gauss(33, 12)))
        if status == "surveyed":
            self._write("scores.csv", (self._reference, f"{score:.2f}", "synthetic-1", surveyed, "synthetic"))
        holders = [person for person in people if person.family_role == "holder"]
        for person in people:
            if person.cnic and person.family_role != "member" and draw.random() < 0.04:
                flag = FLAGS[draw.randrange(len(FLAGS))]
                self._write(
                    "profile_flags.csv", (person.cnic, flag, "synthetic", f"today-{draw.randint(30, 900)}d")
                )
        for person in holders:
            self._benefits(person, enrolled=status == "surveyed" and score <= 32 and draw.random() < 0.85)
        self._phone(holders)

    def _people(self) -> list[_Person]:
        draw = self._draw
        widow = draw.random() < 0.09
        born = self._day(1965, 2004)
        people = [
            self._adult(
                "F", born, "head" if widow else "spouse", "widowed" if widow else "married", ("1", "holder")
            )
        ]
        if not widow:
            people.append(
                self._adult(
                    "M", born - timedelta(days=draw.randint(0, 3000)), "head", "married", ("1", "spouse")
                )
            )
        people += [self._child(born) for _ in range(draw.choices(range(8), (5, 12, 20, 22, 18, 12, 7, 4))[0])]
        if draw.random() < 0.2:
            people.append(self._adult("F", self._day(1945, 1955), "parent", "widowed", ("2", "holder")))
        return people

    def _adult(self, sex: str, born: date, relation: str, marital: str, place: tuple[str, str]) -> _Person:
        status = self._draw.choices(("valid", "expired", "blocked", "unverified"), (94, 4, 1, 1))[0]
        expires = (
            f"today-{self._draw.randint(1, 700)}d"
            if status == "expired"
            else f"today+{self._draw.randint(30, 3000)}d"
        )
        return _Person(
            *(self._reference, self._card(sex), status, expires, "", self._name(sex), sex, born, relation, marital),
            *("yes" if self._draw.random() < 0.02 else "no", "yes", *place),
        )  # fmt: skip

    def _child(self, mother_born: date) -> _Person:
        sex = self._draw.choice("FM")
        born = min(
            _LAST_BIRTH, max(date(2008, 1, 1), mother_born + timedelta(days=self._draw.randint(6500, 13000)))
        )
        return _Person(
            *(self._reference, "", "", "", self._card(sex), self._name(sex), sex, born, "child", "single"),
            *("yes" if self._draw.random() < 0.02 else "no", "yes", "1", "member"),
        )  # fmt: skip

    def _benefits(self, holder: _Person, *, enrolled: bool) -> None:
        if not enrolled:
            return
        since = f"today-{self._draw.randint(100, 2000)}d"
        self._write("enrolments.csv", (holder.cnic, "kafaalat", "", "active", since, ""))
        masked = f"****{self._draw.randint(0, 9999):04}"
        self._write("accounts.csv", (holder.cnic, "bank_lma", self._seat.bank, "", masked, "active"))

    def _phone(self, holders: list[_Person]) -> None:
        draw = self._draw
        if draw.random() < 0.4:
            return
        # One number for each household: nobody outside it shares it.
        phone = f"+923{100_000_000 + self._number}"
        shared = len(holders) > 1 and draw.random() < 0.5
        for person in holders if shared else holders[:1]:
            details = "yes" if not shared and draw.random() < 0.7 else "no"
            linked = f"today-{draw.randint(1, 1200)}d"
            self._write("phones.csv", (phone, person.cnic, "verified", "sim_match", linked, details))

    def _card(self, sex: str) -> str:
        """A number of 13 digits that no other person has: the tehsil's five, a running seven, one for the sex."""
        prefix = self._seat.prefix
        self._cards[prefix] += 1
        return f"{prefix}{self._cards[prefix]:07}{2 * self._draw.randrange(5) + (sex == 'M')}"

    def _name(self, sex: str) -> str:
        return f"{self._draw.choice(_WOMEN if sex == 'F' else _MEN)} {self._draw.choice(_SECOND)}"

    def _day(self, first: int, last: int) -> date:
        days = (date(last, 12, 31) - date(first, 1, 1)).days
        return date(first, 1, 1) + timedelta(days=self._draw.randrange(days))
