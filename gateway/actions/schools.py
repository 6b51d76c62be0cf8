"""School money: each child of hers, what it brings and why, and what to do where it does not."""

from collections.abc import Mapping
from typing import Any

from gateway.actions.cases import SUBJECT
from gateway.actions.kinds import BOOKED_DAY, CHILD, LEVEL, PAST_DAY, PLACE, REASON, SCHOOL_STANDING
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import COUNT, MONEY, QUARTER, Kind
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Child, Unpaid

# `kept` remembers the student whose answer was shown, and the quarter of the attendance in it.
_STUDENT, _QUARTER = "student", "school_quarter"

# Her bonus stands on a line of its own: agents hide that it was paid beside the rest.
BONUS = Kind(
    "bonus",
    lambda v, w: (
        f"\n{w.money(v['amount'])} {w.term('also.bonus')} {w.term('standing.' + v['standing'])}" if v else ""
    ),
    lambda w: f"\n{w.money(9_999)} {w.term('also.bonus')} {max(w.terms('standing'), key=len, default='')}",
)
# Percent, or why there is none.
_SEEN = Kind(
    "attendance",
    lambda v, w: f"{v}%" if str(v).isdigit() else w.term(f"seen.{v}"),
    lambda w: max("100%", *w.terms("seen"), key=len),
)

TOLD = (
    "ready",
    "branch",
    "withdrawn",
    "coming",
    "attendance",
    "held",
    "gone",
    "slip",
    "awaited",
    "may_enrol",
    "refused",
    "ended",
)
_FIGURES: Mapping[str, Kind] = {
    "child": CHILD,
    "level": LEVEL,
    "amount": MONEY,
    "percent": COUNT,
    "needed": COUNT,
    "attendance": _SEEN,
    "quarter": QUARTER,
    "place": PLACE,
    "place_on": BOOKED_DAY,
    "moved_on": PAST_DAY,
    "reason": REASON,
    "bonus": BONUS,
}


@verb(
    "her_children",
    (*TOLD, "listed", "none"),
    values=_FIGURES,
    lists={"children": {"child": CHILD, "level": LEVEL, "stands": SCHOOL_STANDING}},
)
def her_children(ask: Ask, means: Means) -> Outcome:
    """Her children at school or of its age; with one, that child's answer at once."""
    children = means.core.schools.children(person_of(ask))
    if not children:
        return Outcome("none")
    if len(children) == 1:
        return _tell(children[0])
    rows = tuple(
        {"id": str(each.id), "child": each.name, "level": each.level, "stands": stands(each)}
        for each in children
    )
    return Outcome("listed", {"children": rows})


@verb("picked_child", (*TOLD, "none"), values=_FIGURES)
def picked_child(ask: Ask, means: Means) -> Outcome:
    """One child, in full."""
    children = means.core.schools.children(person_of(ask))
    found = next((each for each in children if str(each.id) == ask.picked), None)
    return _tell(found) if found else Outcome("none")


@verb("about_school", ("noted",), asks_core=False)
def about_school(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - every verb is called alike
    """What she reports next is about the school of the child just shown."""
    return Outcome("noted", keep={SUBJECT: f"student:{ask.kept.get(_STUDENT, '')}"})


@verb("about_attendance", ("noted",), asks_core=False)
def about_attendance(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001
    """What she reports next is about the attendance of the child just shown, in the quarter that was told."""
    about = ask.kept.get(_STUDENT, ""), ask.kept.get(_QUARTER, "")
    return Outcome("noted", keep={SUBJECT: ":".join(("attendance", *filter(None, about)))})


def stands(child: Child) -> str:
    """How a child's school money stands: one of `TOLD`. Money there is comes before anything about papers."""
    money = child.money
    if money is not None and money.standing in {"ready", "branch"}:
        return money.standing
    if child.standing != "student":
        return child.standing
    if money is None:
        return "awaited" if child.slip == "accepted" else "slip"
    if money.unpaid is Unpaid.CONDITION_NOT_MET and child.attendance is not None:
        return "attendance"
    return money.standing


def _tell(child: Child) -> Outcome:
    name, money, seen = stands(child), child.money, child.attendance
    if name == "held" and (money is None or money.unpaid is None):
        name = "coming"  # the core holds no money without a reason; if it did, this is the nearest truth
    values: dict[str, Any] = {
        "child": child.name,
        "level": child.level,
        "amount": money.amount if money else child.rate or 0,
        "percent": seen.percent if seen else 0,
        "needed": seen.needed if seen else 0,
        "attendance": _counted(child),
        "quarter": money.period if money else seen.quarter if seen else "",
        "place": money.place if money else "",
        "place_on": money.place_on.isoformat() if money and money.place_on else "",
        "moved_on": money.moved_on.isoformat() if money and money.moved_on else "",
        "reason": money.unpaid.value if money and money.unpaid else "",
        "bonus": {"amount": child.bonus.amount, "standing": child.bonus.standing} if child.bonus else "",
    }
    keep = {_STUDENT: str(child.student or ""), _QUARTER: seen.quarter if seen else ""}
    return Outcome(name, values, keep=keep)


def _counted(child: Child) -> str:
    seen = child.attendance
    if seen is None:
        return "unknown"
    return "free" if seen.standing == "free" else str(seen.percent)
