"""The table of an instalment's moves, whole."""

from datetime import timedelta
from itertools import pairwise, product

import pytest

from gateway import clock
from gateway.core.embedded.instalments import COLLECTABLE, MOVES, OPENINGS, may_move, reason_in, standing_of
from gateway.core.port import State, Unpaid

TODAY = clock.today()


def test_the_way_of_an_ordinary_instalment():
    way = [None, State.PLANNED, State.GENERATED, State.HELD, State.RELEASED, State.CREDITED, State.NOTIFIED]
    for end in (
        [State.WITHDRAWN],
        [State.PARTIAL_DISPUTED],
        [State.BIOMETRIC_FAILED, State.BRANCH_ROUTE, State.WITHDRAWN],
    ):
        states = [*way, *end, State.RECONCILED]
        assert all(may_move(before, after) for before, after in pairwise(states))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, State.WITHDRAWN),
        (None, State.CREDITED),
        (State.PLANNED, State.CREDITED),
        (State.GENERATED, State.WITHDRAWN),
        (State.HELD, State.CREDITED),
        (State.RELEASED, State.HELD),
        (State.CREDITED, State.RELEASED),
        (State.CREDITED, State.BRANCH_ROUTE),
        (State.WITHDRAWN, State.CREDITED),
        (State.RECONCILED, State.WITHDRAWN),
        (State.CANCELLED, State.GENERATED),
        (State.RETURNED_UNCLAIMED, State.CREDITED),
    ],
)
def test_illegal_moves(before, after):
    assert not may_move(before, after)


def test_every_state_is_reachable_and_no_path_comes_back():
    reached = set(OPENINGS)
    while more := {after for state in reached for after in MOVES[state]} - reached:
        reached |= more
    assert reached == set(State) == set(MOVES)

    def later(state, seen=()):
        assert state not in seen
        for after in MOVES[state] - {state}:
            later(after, (*seen, state))

    later(State.PLANNED)
    assert {state for state in State if state in MOVES[state]} == {State.HELD, State.BRANCH_ROUTE}


def test_every_state_has_a_standing():
    standings = {state: standing_of(state, None, TODAY) for state in State}
    assert set(standings.values()) == {"ready", "branch", "held", "withdrawn", "coming", "gone"}
    assert {state for state in State if standings[state] in {"ready", "branch"}} == set(COLLECTABLE)


@pytest.mark.parametrize(
    ("state", "days", "standing"),
    [
        (State.CREDITED, 0, "ready"),
        (State.CREDITED, -1, "gone"),
        (State.BRANCH_ROUTE, -1, "gone"),
        (State.NOTIFIED, 1, "ready"),
        (State.WITHDRAWN, -1, "withdrawn"),
        (State.HELD, -1, "held"),
    ],
)
def test_the_last_day_counts(state, days, standing):
    assert standing_of(state, TODAY + timedelta(days=days), TODAY) == standing


def test_all_reasons_hold_and_only_where_they_belong():
    assert len(Unpaid) == 16
    for state, reason in product(State, [None, *Unpaid]):
        fits = (
            reason is not None
            if state is State.HELD
            else reason in {None, Unpaid.BIOMETRIC_FAILED}
            if state is State.BIOMETRIC_FAILED
            else reason is None
        )
        if fits:
            kept = reason_in(state, reason)
            assert kept is (Unpaid.BIOMETRIC_FAILED if state is State.BIOMETRIC_FAILED else reason)
        else:
            with pytest.raises(ValueError, match=state):
                reason_in(state, reason)
