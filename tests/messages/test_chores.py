"""Work goes on round after round, and a failing kind of it stops no other."""

from gateway.messages.chores import Chore, run_due


def counting(rounds: list[int]):
    """Work that finds as much as the list says, then nothing."""
    return lambda: rounds.pop(0) if rounds else 0


def test_a_chore_goes_on_while_it_finds_work():
    rounds = [5, 5, 1]
    run_due([Chore("a", counting(rounds))], lambda: False)
    assert rounds == []


def test_a_chore_that_is_done_once_a_time_waits_for_the_next():
    rounds = [5, 5]
    chore = Chore("a", counting(rounds), every=60, again=False)
    run_due([chore], lambda: False)
    run_due([chore], lambda: False)
    assert rounds == [5]


def test_urgent_work_is_looked_at_between_the_rounds_of_other_work():
    seen = []
    run_due(
        [Chore("a", lambda: seen.append("a") or len(seen) < 6), Chore("b", lambda: seen.append("b") or 0)],
        lambda: False,
    )
    assert seen[:3] == ["a", "b", "a"]


def test_a_failing_chore_stops_no_other_and_is_tried_next_time():
    done = []

    def fails():
        done.append("tried")
        raise RuntimeError("+923001234501")

    chores = [Chore("bad", fails, every=0), Chore("good", lambda: done.append("good") or 0, every=0)]
    for _ in range(2):
        run_due(chores, lambda: False)
    assert done == ["tried", "good"] * 2


def test_nothing_is_begun_once_the_worker_stops():
    done = []
    run_due([Chore("a", lambda: done.append(1) or 1)], lambda: bool(done))
    assert done == [1]


def test_endless_work_gives_way_in_the_end():
    done = []
    run_due([Chore("a", lambda: done.append(1) or 1)], lambda: False)
    assert 10 < len(done) < 1000
