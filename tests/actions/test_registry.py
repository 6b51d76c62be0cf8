import pytest

from gateway.actions.registry import REGISTRY, action_of
from gateway.actions.verb import verb
from gateway.conversation.verbs import UNREACHABLE


def test_every_verb_is_found_by_its_own_name():
    for name, declared in REGISTRY.items():
        assert declared.name == name
        assert action_of(name).verb is declared


def test_only_a_verb_that_asks_the_core_may_be_unreachable():
    for declared in REGISTRY.values():
        assert (UNREACHABLE in declared.declared) == declared.asks_core


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="two verbs are called check_cnic"):
        verb("check_cnic", ("found",))(lambda ask, means: None)
