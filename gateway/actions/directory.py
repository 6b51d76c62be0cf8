"""Offices: that of her own household, and those of a district or tehsil that she types."""

from gateway.actions.kinds import OFFICE
from gateway.actions.spelling import SPELLINGS, is_exact, settle, typed
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Office

_OFFICE = {"office": OFFICE, "address": text(40), "hours": text(16)}

# `kept` remembers the place whose offices are listed, and the code of the office that was found last.
_LISTED = "district"
FOUND = "office"
_MOST_SPELLINGS = 5


@verb("nearest_office", ("found", "none"), values=_OFFICE)
def nearest_office(ask: Ask, means: Means) -> Outcome:
    """The office that serves her household."""
    office = means.core.directory.office_of(person_of(ask))
    return _found(office) if office else Outcome("none")


@verb(
    "find_offices",
    ("found", "several", "similar", "none"),
    values={"district": text(16), **_OFFICE},
    lists={"offices": {"office": OFFICE}, **SPELLINGS},
)
def find_offices(ask: Ask, means: Means) -> Outcome:
    """The office or offices of a place: of the one picked, or of what was typed, or the names nearest to it."""
    place = settle(_places(typed(ask), means), "places", "place")
    if not isinstance(place, str):
        return place or Outcome("none")
    offices = means.core.directory.offices(place)
    if len(offices) == 1:
        return _found(offices[0])
    if not offices:
        return Outcome("none")
    rows = tuple({"id": office.name, "office": office.name} for office in offices)
    return Outcome("several", {"district": place, "offices": rows}, keep={_LISTED: place})


@verb("picked_office", ("found", "none"), values=_OFFICE)
def picked_office(ask: Ask, means: Means) -> Outcome:
    """The office picked from the list of a district."""
    offices = means.core.directory.offices(ask.kept.get(_LISTED, ""))
    office = next((each for each in offices if each.name == ask.picked), None)
    return _found(office) if office else Outcome("none")


def _places(wanted: str, means: Means) -> tuple[str, ...]:
    """The district of that very name, else the tehsil, else the spellings of both that come nearest."""
    districts = means.core.directory.districts(wanted)
    if is_exact(districts, wanted):
        return districts
    tehsils = means.core.directory.tehsils(wanted)
    if is_exact(tehsils, wanted):
        return tehsils
    return tuple(dict.fromkeys((*districts, *tehsils)))[:_MOST_SPELLINGS]


def _found(office: Office) -> Outcome:
    values = {"office": office.name, "address": office.address, "hours": office.hours}
    return Outcome("found", values, keep={FOUND: office.code})
