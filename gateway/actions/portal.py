"""All that she has and may get, and applying for it."""

from collections.abc import Mapping
from typing import Any

from gateway.actions.cases import REFERENCE, SUBJECT
from gateway.actions.kinds import OFFERED, OFFICE, PROGRAMME, REASON, SHORT, WHERE
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import COUNT, Kind
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Offer

# `kept` remembers the programme that she looks at, and what within it: an event's code.
_OFFER, _WITHIN = "offer", "offer_within"

_NAMES: Mapping[str, Kind] = {"programme": PROGRAMME, "short": SHORT, "where": WHERE}

# Code of the first failed rule -> outcome, where something other than an appeal is to be done.
_BARS = {
    "NOT_IN_PROGRAMME": "needs",
    "CNIC_EXPIRED": "cnic",
    "CNIC_BLOCKED": "cnic",
    "NO_EVENT": "closed",
    "NOT_OPEN": "closed",
    "LIST_ONLY": "closed",
}
_STANDINGS = ("enrolled", "applied", "may_apply", "open", "under_review", "survey_needed")


def offer_kept(programme: str, within: str = "") -> dict[str, str]:
    """What to keep so that "apply" on the next screen means this programme, and an appeal speaks of it."""
    return {_OFFER: programme, _WITHIN: within, SUBJECT: f"programme:{programme}"}


@verb("my_offers", ("listed",), lists={"offers": {"short": SHORT, "offered": OFFERED}})
def my_offers(ask: Ask, means: Means) -> Outcome:
    """Every programme and how it stands to her, hers first. A text leaves out what she may not have."""
    offers = means.core.applications.offers(person_of(ask))
    if ask.medium == "sms":
        offers = tuple(each for each in offers if each.standing != "not_eligible") or offers
    rows = tuple(
        {"id": each.programme, "short": each.programme, "offered": _offered(each, ask.medium)}
        for each in offers
    )
    return Outcome("listed", {"offers": rows})


@verb(
    "picked_offer",
    (*_STANDINGS, *dict.fromkeys(_BARS.values()), "barred"),
    values={
        **_NAMES, "reference": REFERENCE, "reason": REASON, "needed": SHORT, "office": OFFICE, "number": COUNT,
    },
)  # fmt: skip
def picked_offer(ask: Ask, means: Means) -> Outcome:
    """The programme picked: hers, asked for, to be applied for, or why not and what to do."""
    person = person_of(ask)
    offers = means.core.applications.offers(person)
    offer = next((each for each in offers if each.programme == ask.picked), offers[0])
    name = offer.standing if offer.standing in _STANDINGS else _BARS.get(offer.code or "", "barred")
    office = means.core.directory.office_of(person) if name == "survey_needed" else None
    return Outcome(
        name,
        {
            **_names(offer.programme),
            "reference": offer.reference,
            "reason": offer.code or "OTHER",
            "needed": offer.needs,
            "office": office.name if office else "",
            "number": offer.number,
        },
        keep=offer_kept(offer.programme),
    )


_ASKED = ("applied", "already", "enrolled", "open", "refused")
_ANSWER: Mapping[str, Kind] = {**_NAMES, "reference": REFERENCE, "reason": REASON}


@verb("apply_offer", _ASKED, values=_ANSWER, writes=True)
def apply_offer(ask: Ask, means: Means) -> Outcome:
    """Apply for the programme that she looks at."""
    return _apply(ask, means, ask.kept.get(_OFFER, ""), ask.kept.get(_WITHIN, ""))


@verb("apply_number", (*_ASKED, "none"), values=_ANSWER, writes=True)
def apply_number(ask: Ask, means: Means) -> Outcome:
    """Apply for the programme with the number typed, as `APPLY n` says it."""
    offers = means.core.applications.offers(person_of(ask))
    offer = next((each for each in offers if str(each.number) == ask.answer), None)
    return _apply(ask, means, offer.programme) if offer else Outcome("none")


def _apply(ask: Ask, means: Means, programme: str, within: str = "") -> Outcome:
    answer = means.core.applications.apply(
        person_of(ask), programme, ask.phone, ask.key, channel=ask.medium, subject=within
    )
    name = {"ENROLLED": "enrolled", "NOT_BY_PHONE": "open"}.get(answer.code or "", answer.outcome)
    return Outcome(
        name if name in _ASKED else "refused",
        {
            **_names(programme),
            "reference": answer.application.reference if answer.application else "",
            "reason": answer.code or "OTHER",
        },
        keep=offer_kept(programme, within),
    )


def _names(programme: str) -> dict[str, Any]:
    return dict.fromkeys(_NAMES, programme)


def _offered(offer: Offer, medium: str) -> str:
    by_text = medium == "sms" and offer.standing == "may_apply"
    return f"{offer.standing}:{offer.number}" if by_text else offer.standing
