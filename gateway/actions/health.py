"""Her family's health card: what is left of the cover, who lies in hospital on it, and a hospital that refused the card."""

from typing import Any

from gateway.actions.cases import SUBJECT
from gateway.actions.kinds import OFFICE, text_or
from gateway.actions.places import MOST, near, row_of, tehsil_of
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import DAY, MONEY, text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Cover

PROGRAMME = "sehat"
# The row for a hospital that is not on the list.
OTHER = "other"

# Code of the first failed rule -> why her family has no cover. What is not here is `not_covered` without more.
_REFUSED = {
    "REGION_OUTSIDE": "no_scheme",
    "CNIC_EXPIRED": "cnic_issue",
    "CNIC_BLOCKED": "cnic_issue",
    "NOT_SURVEYED": "survey_needed",
    "UNDER_REVIEW": "under_review",
    "DECEASED": "deceased",
}


@verb(
    "my_cover",
    ("covered", "spent", "admitted", "coming", "ended", "entitled", *dict.fromkeys(_REFUSED.values()), "not_covered"),
    values={
        "secondary": MONEY,
        "priority": MONEY,
        "secondary_limit": MONEY,
        "since": DAY,
        "until": DAY,
        "hospital": text(24),
        "admitted_on": DAY,
        "office": OFFICE,
    },
)  # fmt: skip
def my_cover(ask: Ask, means: Means) -> Outcome:
    """What is left of her family's cover today, or why there is none."""
    person = person_of(ask)
    cover = means.core.health.cover(person)
    if cover is None:
        decision = means.core.eligibility.decide(person, PROGRAMME)
        # The scheme takes her province in, yet her family is not on its list.
        taken_in = decision.outcome in {"may_apply", "enrolled"}
        name = "entitled" if taken_in else _REFUSED.get(decision.code or "", "not_covered")
        return Outcome(name, {"office": decision.office.name if decision.office else ""})
    return Outcome(_standing(cover), figures_of(cover))


@verb(
    "refusing_hospitals",
    ("listed", "unlisted"),
    lists={"places": {"place": text_or(24, "place.other_hospital")}},
)
def refusing_hospitals(ask: Ask, means: Means) -> Outcome:
    """Hospitals near her, to name the one that refused the card; the last row is for any other."""
    tehsil = tehsil_of(ask, means)
    found = near(means, "hospital", tehsil, "", MOST - 1) if tehsil else []
    if not found:
        return Outcome("unlisted", keep={SUBJECT: ""})
    rows = (*map(row_of, found), {"id": OTHER, "place": ""})
    return Outcome("listed", {"places": rows})


@verb("name_hospital", ("named",))
def name_hospital(ask: Ask, means: Means) -> Outcome:
    """Note which hospital the case will be about; none where she picked another than those listed."""
    hospital = means.core.directory.facility(ask.picked or "") if ask.picked != OTHER else None
    named = hospital is not None and hospital.kind == "hospital"
    return Outcome("named", keep={SUBJECT: f"hospital:{hospital.code}" if hospital and named else ""})


def figures_of(cover: Cover) -> dict[str, Any]:
    """The values of a cover; those of an admission only while one is open."""
    values: dict[str, Any] = {
        "secondary": cover.secondary_left,
        "priority": cover.priority_left,
        "secondary_limit": cover.secondary_limit,
        "since": cover.since.isoformat(),
        "until": cover.until.isoformat(),
    }
    if cover.admitted_on is None:
        return values
    return values | {"hospital": cover.admitted_at, "admitted_on": cover.admitted_on.isoformat()}


def _standing(cover: Cover) -> str:
    """An admission that is open goes on past the limit and past the year's end, so it is told before both."""
    if cover.admitted_on is not None:
        return "admitted"
    if cover.standing != "active":
        return cover.standing
    return "covered" if cover.secondary_left or cover.priority_left else "spent"
