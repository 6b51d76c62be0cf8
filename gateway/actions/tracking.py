"""Following what was asked for: hers by a list, any by its number; and taking an application back."""

from collections.abc import Mapping

from gateway.actions.cases import REFERENCE
from gateway.actions.kinds import ASKED, LAST_DAY, OFFICE, TOPIC
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.checks import CHECKS
from gateway.conversation.values import DAY, Kind
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Asked, Tracked

# `kept` remembers the request that she looks at.
_REFERENCE = "request"

# The last row of her list: one that is not on it.
_ANOTHER = {"id": "another", "what": "topic.another", "state": "topic.by_number"}

_DECIDED = frozenset({"approved", "rejected", "withdrawn", "resolved", "closed"})

# `application` and `papers` may still be taken back; on a shared phone a number alone is `gated`.
_TOLD = ("application", "papers", "waiting", "booked", "decided", "unknown", "gated")
_VALUES: Mapping[str, Kind] = {
    "what": TOPIC,
    "reference": REFERENCE,
    "state": ASKED,
    "moved_on": DAY,
    "target_on": LAST_DAY,
    "place": OFFICE,
}


@verb("follow_request", ("mine", "by_number", *_TOLD), values=_VALUES)
def follow_request(ask: Ask, means: Means) -> Outcome:
    """The request whose number a text brought; else hers, where this phone is linked; else by its number."""
    if reference := CHECKS["reference"](ask.answer or ""):
        return _track(ask, means, reference)
    linked = ask.medium != "sms" and any(each.alive for each in means.core.registry.persons_on(ask.phone))
    return Outcome("mine" if linked else "by_number")


@verb("track_request", _TOLD, values=_VALUES)
def track_request(ask: Ask, means: Means) -> Outcome:
    """The request with the number typed. Somebody else's is as unknown as one that does not exist."""
    return _track(ask, means, ask.answer or "")


@verb("open_requests", ("listed", "none"), lists={"requests": {"what": TOPIC, "state": ASKED}})
def open_requests(ask: Ask, means: Means) -> Outcome:
    """What she asked for and has no answer to yet."""
    rows = tuple(
        {"id": each.reference, "what": _what(each), "state": each.state}
        for each in means.core.tracking.open_of(person_of(ask))
    )
    if not rows:
        return Outcome("none")
    return Outcome("listed", {"requests": rows if ask.medium == "sms" else (*rows, _ANOTHER)})


@verb("picked_request", ("by_number", *_TOLD), values=_VALUES)
def picked_request(ask: Ask, means: Means) -> Outcome:
    """The request picked from her list."""
    if ask.picked == _ANOTHER["id"]:
        return Outcome("by_number")
    return _track(ask, means, ask.picked or "")


@verb("withdraw_request", ("withdrawn", "decided", "unknown"), values={"reference": REFERENCE}, writes=True)
def withdraw_request(ask: Ask, means: Means) -> Outcome:
    """Take back the application that she looks at."""
    reference = ask.kept.get(_REFERENCE, "")
    return Outcome(means.core.applications.withdraw(person_of(ask), reference), {"reference": reference})


def _track(ask: Ask, means: Means, reference: str) -> Outcome:
    if "pin" not in ask.granted and len(means.core.registry.persons_on(ask.phone)) > 1:
        return Outcome("gated")
    found = means.core.tracking.track(reference, ask.phone, ask.person)
    if found is None:
        return Outcome("unknown")
    return Outcome(
        _outcome_of(found),
        {
            "what": _what(found),
            "reference": found.reference,
            "state": found.state,
            "moved_on": found.moved_on.isoformat(),
            "target_on": found.target_on.isoformat() if found.target_on else "",
            "place": found.place,
        },
        keep={_REFERENCE: found.reference},
    )


def _outcome_of(found: Tracked) -> str:
    if found.state in _DECIDED:
        return "decided"
    if found.asked is Asked.APPLICATION:
        return "papers" if found.state == "needs_documents" else "application"
    return "booked" if found.asked is Asked.BOOKING else "waiting"


def _what(found: Tracked) -> str:
    """A programme by its name. Of anything else only the kind: a case may be one that nobody should read over a shoulder."""
    return f"short.{found.topic}" if found.asked is Asked.APPLICATION else f"topic.{found.asked}"
