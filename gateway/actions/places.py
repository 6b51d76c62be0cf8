"""Places near her that serve people, nearest first: three verbs for each kind of facility.

    near_<kind>     near her own tehsil; `untold` where this phone does not tell it
    find_<kind>     near a tehsil that was typed or picked
    picked_<kind>   the one picked from a list, in full; `elsewhere` for the row that asks for another tehsil

A row picked on the way to `near_<kind>` is the service wanted (`hospital_services`), which holds until she is asked again.
"""

from collections.abc import Mapping
from typing import Any

from gateway.actions.kinds import text_or
from gateway.actions.spelling import settle, typed
from gateway.actions.verb import Means, Run, verb
from gateway.conversation.values import Kind, text
from gateway.conversation.values import term as term_of
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Facility

# Kinds that some menu asks for: one more is one more name here, and its screens.
KINDS = ("hospital", "clinic", "loan_centre")
MOST = 6
# The row that leads from her own tehsil to another.
ELSEWHERE = "elsewhere"
ANY = "any"
# Services to choose from, for the kinds that have a choice; each is a term `service.<code>`.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "hospital": (ANY, "maternity", "surgery", "heart", "dialysis", "cancer"),
    "clinic": (ANY, "antenatal", "vaccination", "child", "family_planning", "tb"),
}

# `kept` remembers the service wanted.
_SERVICE = "service"

FACILITY: Mapping[str, Kind] = {
    "place": text(30),
    "address": text(40),
    "town": text(16),
    "contact": text_or(16, "place.helpline"),
}
ROW: Mapping[str, Kind] = {"place": text_or(24, "place.elsewhere")}
_SPELLINGS: Mapping[str, Kind] = {"tehsil": text(24)}


def tehsil_of(ask: Ask, means: Means) -> str | None:
    """Where her household lives: of the person spoken for, else of the one person linked to this phone."""
    if ask.person is not None:
        return means.core.directory.tehsil_of(ask.person)
    linked = [each for each in means.core.registry.persons_on(ask.phone) if each.alive]
    return means.core.directory.tehsil_of(linked[0].id) if len(linked) == 1 else None


def near(means: Means, kind: str, tehsil: str, service: str, most: int) -> list[Facility]:
    """Places of her tehsil and its district; only where there is none, those of the province."""
    found = means.core.directory.facilities(kind, tehsil, service, most)
    return [each for each in found if each.near != "province"] or list(found)


def figures_of(facility: Facility) -> dict[str, Any]:
    """The values of one place, as `FACILITY` declares them."""
    return {
        "place": facility.name,
        "address": facility.address or facility.tehsil,
        "town": facility.tehsil,
        "contact": facility.phone,
    }


def row_of(facility: Facility) -> dict[str, str]:
    return {"id": facility.code, "place": facility.name}


def _near(kind: str) -> Run:
    def near_her(ask: Ask, means: Means) -> Outcome:
        picked = ask.picked if ask.picked in CHOICES.get(kind, ()) else ""
        service = "" if picked in {None, ANY} else str(picked)
        keep = {_SERVICE: service}
        tehsil = tehsil_of(ask, means)
        if tehsil is None:
            return Outcome("untold", keep=keep)
        found = near(means, kind, tehsil, service, MOST - 1)
        if not found:
            return Outcome("none", keep=keep)
        # A text has nothing to press.
        more = () if ask.medium == "sms" else ({"id": ELSEWHERE, "place": ""},)
        return Outcome("listed", {"places": (*map(row_of, found), *more)}, keep=keep)

    return near_her


def _find(kind: str) -> Run:
    def find(ask: Ask, means: Means) -> Outcome:
        tehsil = settle(means.core.directory.tehsils(typed(ask)), "tehsils", "tehsil")
        if not isinstance(tehsil, str):
            return tehsil or Outcome("unknown")
        found = near(means, kind, tehsil, ask.kept.get(_SERVICE, ""), MOST)
        return Outcome("listed", {"places": tuple(map(row_of, found))}) if found else Outcome("none")

    return find


def _picked(kind: str) -> Run:
    def picked(ask: Ask, means: Means) -> Outcome:
        if ask.picked == ELSEWHERE:
            return Outcome("elsewhere")
        facility = means.core.directory.facility(ask.picked or "")
        if facility is None or facility.kind != kind:
            return Outcome("none")
        return Outcome("found", figures_of(facility))

    return picked


def _offer(kind: str) -> Run:
    def offer(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - the same for every caller
        rows = tuple({"id": code, "service": code} for code in CHOICES[kind])
        return Outcome("offered", {"services": rows})

    return offer


_LISTS = {"places": ROW}
for _kind in KINDS:
    verb(f"near_{_kind}", ("listed", "none", "untold"), lists=_LISTS)(_near(_kind))
    verb(
        f"find_{_kind}",
        ("listed", "similar", "unknown", "none"),
        lists={**_LISTS, "tehsils": _SPELLINGS},
    )(_find(_kind))
    verb(f"picked_{_kind}", ("found", "elsewhere", "none"), values=FACILITY)(_picked(_kind))
for _kind in CHOICES:
    verb(
        f"{_kind}_services",
        ("offered",),
        lists={"services": {"service": term_of("service")}},
        asks_core=False,
    )(_offer(_kind))
