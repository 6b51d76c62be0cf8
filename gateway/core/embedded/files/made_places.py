"""Places of a synthetic registry: real districts, invented offices and pay points."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Seat(NamedTuple):
    """A tehsil where households can live: its code, the first five digits of its CNICs, the bank that pays there."""

    tehsil: str
    prefix: str
    bank: str


_PROVINCES = {"punjab": "Punjab", "sindh": "Sindh", "kp": "Khyber Pakhtunkhwa", "balochistan": "Balochistan"}
# Province, district, how its CNICs begin, two of its tehsils.
_DISTRICTS = (
    ("punjab", "Rawalpindi", "374", "Gujar Khan", "Taxila"),
    ("punjab", "Gujranwala", "341", "Kamoke", "Wazirabad"),
    ("punjab", "Bahawalpur", "312", "Ahmadpur East", "Hasilpur"),
    ("punjab", "Rahim Yar Khan", "313", "Khanpur", "Sadiqabad"),
    ("sindh", "Hyderabad", "413", "Qasimabad", "Latifabad"),
    ("sindh", "Sukkur", "455", "Rohri", "Pano Aqil"),
    ("kp", "Mardan", "161", "Takht Bhai", "Katlang"),
    ("kp", "Abbottabad", "131", "Havelian", "Lora"),
    ("balochistan", "Khuzdar", "516", "Wadh", "Nal"),
    ("balochistan", "Gwadar", "521", "Pasni", "Ormara"),
)
_BANKS = {"punjab": "HBL", "sindh": "HBL", "kp": "Bank Alfalah", "balochistan": "HBL"}


def _code(name: str) -> str:
    return name.lower().replace(" ", "_")


SEATS = tuple(
    Seat(_code(tehsil), f"{prefix}0{number}", _BANKS[province])
    for province, _, prefix, *tehsils in _DISTRICTS
    for number, tehsil in enumerate(tehsils, start=1)
)


def rows() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of the files of places, each with the name of its file."""
    for code, name in _PROVINCES.items():
        yield "provinces.csv", (code, name)
    for province, district, prefix, *tehsils in _DISTRICTS:
        yield "districts.csv", (_code(district), province, district, prefix)
        for name in tehsils:
            code, bank = _code(name), _BANKS[province]
            yield "tehsils.csv", (code, _code(district), name)
            yield (
                "offices.csv",
                (f"bisp-{code}", code, f"BISP {name}", f"Main road, {name}", "9-5 Mon-Fri", ""),
            )
            place = (code, f"{bank} {name}", f"Main bazar, {name}", "", "", "", "open")
            yield "pay_points.csv", (f"bank-{code}", "branch", bank, *place)
