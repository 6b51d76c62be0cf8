"""All verbs by name. Importing this module enters every subject's verbs."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.actions import caller, directory, eligibility, emergency, language, payments
from gateway.actions.verb import ACTIONS, Action
from gateway.conversation.verbs import Verb

SUBJECTS = (caller, directory, eligibility, emergency, language, payments)

REGISTRY: Mapping[str, Verb] = MappingProxyType({name: action.verb for name, action in ACTIONS.items()})


def action_of(name: str) -> Action:
    """Raises KeyError for a name that no verb has."""
    return ACTIONS[name]
