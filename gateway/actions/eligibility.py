"""May a household have Kafaalat: the open answer to a CNIC, and her own with its reason."""

import re

from gateway.actions.cases import SUBJECT
from gateway.actions.kinds import FILTER, LAST_DAY, OFFICE, line_if
from gateway.actions.portal import offer_kept
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import SCORE
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Coarse, Decision

PROGRAMME = "kafaalat"

FILTERS = frozenset(
    {
        "X_GOVT_EMP", "X_TRAVEL", "X_VEHICLE", "X_PHONE_BILL", "X_EXEC_PASSPORT", "X_EXEC_CNIC", "X_PENSIONER",
        "X_HIGH_INCOME", "X_AUTON_BODY", "X_LAND", "X_TAXPAYER",
    }
)  # fmt: skip

# Code of the first failed rule -> outcome. What is not here is `not_eligible` without more.
_OUTCOMES = {
    "PMT_ABOVE": "above",
    "FILTERED": "filtered",
    "DUPLICATE_FAMILY": "duplicate",
    "CNIC_EXPIRED": "cnic_issue",
    "CNIC_BLOCKED": "cnic_issue",
    "CNIC_NOT_UPDATED": "cnic_issue",
    "RESURVEY_DUE": "resurvey_due",
    "NOT_SURVEYED": "survey_needed",
    "UNDER_REVIEW": "under_review",
    "DECEASED": "deceased",
    "NOT_A_WOMAN": "women_only",
    "NEVER_MARRIED": "women_only",
}


@verb(
    "check_cnic",
    (*(result.value for result in Coarse), "limited_again"),
    values={"office": OFFICE, "emergency": line_if("also.emergency")},
)
def check_cnic(ask: Ask, means: Means) -> Outcome:
    """The coarse answer to the CNIC just typed: no name, no amount, no reason.

    The office is told only where no household is known: where somebody lives is hers to tell. `limited_again` is a
    limit that she was told of already; by SMS it gets silence.
    """
    answer = means.core.eligibility.coarse(ask.answer or "", ask.phone, ask.key)
    if answer.result is Coarse.RATE_LIMITED:
        return Outcome("rate_limited" if answer.notice else "limited_again")
    unknown = answer.result is Coarse.SURVEY_NEEDED and answer.office is not None
    office = answer.office.name if unknown and answer.office else ""
    return Outcome(answer.result.value, {"office": office, "emergency": answer.emergency})


@verb(
    "my_standing",
    (
        "enrolled", "enrolled_resurvey", "may_apply", "above", "filtered", "duplicate", "cnic_issue", "resurvey_due",
        "survey_needed", "under_review", "deceased", "women_only", "not_eligible",
    ),
    values={"score": SCORE, "filter": FILTER, "office": OFFICE, "resurvey_by": LAST_DAY},
)  # fmt: skip
def my_standing(ask: Ask, means: Means) -> Outcome:
    """Her own standing in Kafaalat, with the reason: only behind her PIN."""
    decision = means.core.eligibility.decide(person_of(ask), PROGRAMME)
    return Outcome(
        _outcome_of(decision),
        {
            "score": decision.score or "",
            "filter": _filter_of(decision),
            "office": decision.office.name if decision.office else "",
            "resurvey_by": decision.resurvey_by.isoformat() if decision.resurvey_by else "",
        },
        # An appeal against this is an appeal, and about no instalment.
        keep={**offer_kept(PROGRAMME), SUBJECT: ""},
    )


def _outcome_of(decision: Decision) -> str:
    if decision.outcome == "enrolled":
        # Enrolled or not: until the card is in order her money is kept back.
        if any(not each.passed and _OUTCOMES.get(each.code) == "cnic_issue" for each in decision.reasons):
            return "cnic_issue"
        return "enrolled_resurvey" if decision.resurvey_by else "enrolled"
    if decision.outcome == "may_apply":
        return "may_apply"
    return _OUTCOMES.get(decision.code or "", "not_eligible")


def _filter_of(decision: Decision) -> str:
    """The first exclusion flag that decided, or `OTHER`; it stands among what the rule saw."""
    for reason in decision.reasons:
        if not reason.passed:
            return next((code for code in re.findall(r"X_[A-Z_]+", reason.seen) if code in FILTERS), "OTHER")
    return "OTHER"
