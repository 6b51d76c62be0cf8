"""Running one verb, as the performer does, with every answer held against what the verb declares."""

import pytest

from gateway.actions.registry import action_of
from gateway.actions.verb import Means

LANGUAGES = {"ur_Latn": "Roman Urdu", "en": "English"}


@pytest.fixture
def run():
    def run_verb(name, core, asked):
        action = action_of(name)
        outcome = action.run(
            asked, Means(core, LANGUAGES, lambda session, pin: f"mark of {session} {pin[::-1]}")
        )
        assert outcome.name in action.verb.outcomes
        assert set(outcome.values) <= set(action.verb.values) | set(action.verb.lists)
        for listed, columns in action.verb.lists.items():
            for row in outcome.values.get(listed, ()):
                assert set(row) == {"id", *columns}
        return outcome

    return run_verb
