"""All verbs by name. Importing this module enters every subject's verbs."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.actions import (  # noqa: F401 - importing a subject enters its verbs
    accounts,
    caller,
    cases,
    consents,
    courses,
    directory,
    eligibility,
    emergency,
    health,
    language,
    loans,
    nutrition,
    payments,
    places,
    portal,
    schools,
    survey,
    tracking,
)
from gateway.actions.verb import ACTIONS, Action
from gateway.conversation.verbs import Verb

REGISTRY: Mapping[str, Verb] = MappingProxyType({name: action.verb for name, action in ACTIONS.items()})


def action_of(name: str) -> Action:
    """Raises KeyError for a name that no verb has."""
    return ACTIONS[name]
