"""Details by SMS: asked once behind her PIN, allowed and refused at will afterwards."""

from gateway.actions.caller import DETAILS
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Said


@verb("allow_details", ("allowed", "shared", "gone"))
def allow_details(ask: Ask, means: Means) -> Outcome:
    return _answered(ask, means, allowed=True)


@verb("refuse_details", ("refused", "gone"))
def refuse_details(ask: Ask, means: Means) -> Outcome:
    return _answered(ask, means, allowed=False)


def _answered(ask: Ask, means: Means, *, allowed: bool) -> Outcome:
    at_gate = ask.key.rsplit("/", 2)[1].startswith("gate.")
    said = Said(ask.medium, ask.session, f"{ask.language}/{ask.menu_version}", at_gate)
    name = means.core.consents.choose(person_of(ask), ask.phone, ask.key, said, allowed=allowed)
    return Outcome(name, keep={DETAILS: ""})
