"""Courses: near her or near a place that she names, with dates and seats; applying for herself or a child of hers."""

from collections.abc import Mapping

from gateway.actions.cases import REFERENCE
from gateway.actions.places import tehsil_of
from gateway.actions.spelling import SPELLINGS, settle
from gateway.actions.verb import Means, Run, person_of, verb
from gateway.conversation.values import COUNT, DAY, Kind, term, text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import TRADES, Course

TEHSIL = text(20)
TRADE = term("trade")
_ROW: Mapping[str, Kind] = {"trade": TRADE, "centre": text(20), "starts_on": DAY, "left": COUNT}
_FIGURES: Mapping[str, Kind] = {
    **_ROW,
    "ends_on": DAY,
    "apply_until": DAY,
    "who": term("learners"),
    "age_from": COUNT,
    "age_to": COUNT,
}
_SHOWN = 12

# `kept` remembers whether trades or reading are looked for, and the course picked.
_PROGRAMME, _COURSE = "course_programme", "course"


def _listing(programme: str) -> Run:
    def near(ask: Ask, means: Means) -> Outcome:
        """Near the place named, else near her home."""
        if ask.answer:
            return _at_typed(ask, means, programme)
        tehsil = tehsil_of(ask, means)
        return _listed(means, programme, tehsil) if tehsil else Outcome("where")

    return near


def _typing(programme: str) -> Run:
    def near_typed(ask: Ask, means: Means) -> Outcome:
        return _at_typed(ask, means, programme)

    return near_typed


for _programme in TRADES:
    _lists = {"courses": _ROW, **SPELLINGS}
    verb(
        f"near_{_programme}",
        ("listed", "none", "where", "similar", "unknown"),
        values={"tehsil": TEHSIL},
        lists=_lists,
    )(_listing(_programme))
    verb(
        f"find_{_programme}",
        ("listed", "none", "similar", "unknown"),
        values={"tehsil": TEHSIL},
        lists=_lists,
    )(_typing(_programme))


@verb("courses_there", ("listed", "none"), values={"tehsil": TEHSIL}, lists={"courses": _ROW})
def courses_there(ask: Ask, means: Means) -> Outcome:
    """Near the tehsil picked from the spellings."""
    return _listed(means, ask.kept.get(_PROGRAMME, ""), ask.picked or "")


@verb("picked_course", ("open", "full", "gone"), values=_FIGURES)
def picked_course(ask: Ask, means: Means) -> Outcome:
    """The course picked from the list, in full."""
    course = means.core.courses.course(ask.picked or "")
    if course is None:
        return Outcome("gone")
    return Outcome("open" if course.left else "full", _figures(course), keep={_COURSE: course.code})


_APPLIED = ("applied", "already", "full", "unfit", "closed", "survey_needed", "refused")
_ANSWER: Mapping[str, Kind] = {"reference": REFERENCE}


@verb("apply_for_me", _APPLIED, values=_ANSWER, writes=True)
def apply_for_me(ask: Ask, means: Means) -> Outcome:
    return _apply(ask, means, None)


@verb(
    "children_for_course",
    ("listed", "none"),
    lists={"children": {"child": term("child"), "age": COUNT}},
)
def children_for_course(ask: Ask, means: Means) -> Outcome:
    """Her children whom the course is for: without names, so that none stands in a record of the call."""
    children = means.core.courses.children(person_of(ask), ask.kept.get(_COURSE, ""))
    rows = tuple({"id": str(each.person), "child": each.sex, "age": each.age} for each in children)
    return Outcome("listed", {"children": rows}) if rows else Outcome("none")


@verb("apply_for_child", _APPLIED, values=_ANSWER, writes=True)
def apply_for_child(ask: Ask, means: Means) -> Outcome:
    return _apply(ask, means, int(ask.picked or 0))


def _at_typed(ask: Ask, means: Means, programme: str) -> Outcome:
    found = settle(means.core.directory.tehsils(ask.answer or ""), "places", "place")
    if isinstance(found, Outcome):
        return Outcome(found.name, found.values, keep={_PROGRAMME: programme})
    return _listed(means, programme, found) if found else Outcome("unknown")


def _listed(means: Means, programme: str, tehsil: str) -> Outcome:
    if programme not in TRADES:
        return Outcome("none", {"tehsil": tehsil})
    courses = means.core.courses.near(programme, tehsil, _SHOWN)
    if not courses:
        return Outcome("none", {"tehsil": tehsil})
    return Outcome("listed", {"tehsil": tehsil, "courses": tuple(map(_row, courses))})


def _row(course: Course) -> dict[str, object]:
    return {
        "id": course.code,
        "trade": course.trade,
        "centre": course.centre,
        "starts_on": course.starts_on.isoformat(),
        "left": course.left,
    }


def _figures(course: Course) -> dict[str, object]:
    return {name: value for name, value in _row(course).items() if name != "id"} | {
        "ends_on": course.ends_on.isoformat(),
        "apply_until": course.apply_until.isoformat(),
        "who": course.sex or "any",
        "age_from": course.age_from,
        "age_to": course.age_to,
    }


# Code of a refusal -> outcome. What is not here is `refused` without more.
_REFUSED = {
    "UNFIT": "unfit",
    "NOT_OPEN": "closed",
    "NOT_SURVEYED": "survey_needed",
    "RESURVEY_DUE": "survey_needed",
}


def _apply(ask: Ask, means: Means, child: int | None) -> Outcome:
    course = ask.kept.get(_COURSE, "")
    made = means.core.courses.apply(
        person_of(ask), course, ask.phone, ask.key, channel=ask.medium, child=child
    )
    if made.outcome == "refused":
        return Outcome(_REFUSED.get(made.code or "", "refused"), {"reference": ""})
    return Outcome(made.outcome, {"reference": made.application.reference if made.application else ""})
