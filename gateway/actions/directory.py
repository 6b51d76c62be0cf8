"""Offices: that of her own household, and those of a district that she types."""

from gateway.actions.kinds import OFFICE
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Office

_OFFICE = {"office": OFFICE, "address": text(40), "hours": text(16)}

# `kept` remembers the district whose offices are listed.
_LISTED = "district"


@verb("nearest_office", ("found", "none"), values=_OFFICE)
def nearest_office(ask: Ask, means: Means) -> Outcome:
    """The office that serves her household."""
    office = means.core.directory.office_of(person_of(ask))
    return _found(office) if office else Outcome("none")


@verb(
    "find_offices",
    ("found", "several", "similar", "none"),
    values={"district": text(16), **_OFFICE},
    lists={"offices": {"office": OFFICE}, "districts": {"district": text(24)}},
)
def find_offices(ask: Ask, means: Means) -> Outcome:
    """The office or offices of a district: of the one picked, or of what was typed, or the names nearest to it."""
    names = means.core.directory.districts(ask.picked or ask.answer or "")
    if len(names) > 1:
        return Outcome("similar", {"districts": tuple({"id": name, "district": name} for name in names)})
    offices = means.core.directory.offices(names[0]) if names else ()
    if len(offices) == 1:
        return _found(offices[0])
    if not offices:
        return Outcome("none")
    rows = tuple({"id": office.name, "office": office.name} for office in offices)
    return Outcome("several", {"district": names[0], "offices": rows}, keep={_LISTED: names[0]})


@verb("picked_office", ("found", "none"), values=_OFFICE)
def picked_office(ask: Ask, means: Means) -> Outcome:
    """The office picked from the list of a district."""
    offices = means.core.directory.offices(ask.kept.get(_LISTED, ""))
    office = next((each for each in offices if each.name == ask.picked), None)
    return _found(office) if office else Outcome("none")


def _found(office: Office) -> Outcome:
    return Outcome("found", {"office": office.name, "address": office.address, "hours": office.hours})
