"""What a caller says is wrong becomes a case: one verb for each category that a screen offers."""

from gateway.actions.verb import Means, Run, verb
from gateway.conversation.values import DAY, text
from gateway.conversation.verbs import Ask, Outcome

CATEGORIES = (
    "short_payment",
    "paid_to_other",
    "not_received",
    "account",
    "appeal",
    "family_record",
    "staff_behaviour",
    "scam",
    "school_record",
    "clinic_record",
    "card_refused",
    "loan",
    "other",
)

# `kept` remembers what a case would be about: `student:3`. A verb that knows sets it.
SUBJECT = "subject"
DECEASED = "deceased"

REFERENCE = text(8)
_TOLD = {"reference": REFERENCE, "target_on": DAY}


@verb("about_nothing", ("cleared",), asks_core=False)
def about_nothing(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - every verb is called alike
    """Whatever she looked at before, what she says now is not about that."""
    return Outcome("cleared", keep={SUBJECT: ""})


@verb("report_next_of_kin", ("opened", "already"), values=_TOLD, writes=True)
def report_next_of_kin(ask: Ask, means: Means) -> Outcome:
    """An appeal by the next of kin of somebody who is recorded as deceased."""
    return _open(ask, means, "appeal", _the_one(ask, means, alive=False), DECEASED)


def _reporting(category: str) -> Run:
    def report(ask: Ask, means: Means) -> Outcome:
        return _open(ask, means, category, _the_one(ask, means, alive=True), ask.kept.get(SUBJECT, ""))

    return report


def _open(ask: Ask, means: Means, category: str, person: int | None, subject: str) -> Outcome:
    opened = means.core.cases.open(
        category, ask.phone, ask.key, channel=ask.medium, person=person, subject=subject, session=ask.session
    )
    case = opened.case
    return Outcome(opened.outcome, {"reference": case.reference, "target_on": case.target_on.isoformat()})


def _the_one(ask: Ask, means: Means, *, alive: bool) -> int | None:
    """Whom a case is about: the person of this session, else the only one linked to the phone, living or not."""
    if ask.person is not None:
        return ask.person
    linked = [each.id for each in means.core.registry.persons_on(ask.phone) if each.alive is alive]
    return linked[0] if len(linked) == 1 else None


for _category in CATEGORIES:
    verb(f"report_{_category}", ("opened", "already"), values=_TOLD, writes=True)(_reporting(_category))
