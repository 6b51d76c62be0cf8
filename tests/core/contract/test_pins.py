from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from gateway import clock

READY, SHARED, DECEASED, STRANGER = "+923001234501", "+923001234515", "+923001234513", "+923001234520"
PIN = "4821"


@pytest.fixture
def her(core) -> int:
    return core.registry.persons_on(READY)[0].id


def tried(core, person, *pins, phone=READY, start=0):
    return [
        core.pins.check(person, phone, pin, f"s/gate.pin/{number}")
        for number, pin in enumerate(pins, start=start)
    ]


def test_right_and_wrong(core, her):
    wrong, right = tried(core, her, "0000", PIN)
    assert (wrong.state, wrong.tries_left) == ("wrong", 2)
    assert right.state == "right"


def test_a_right_one_gives_all_tries_back(core, her):
    assert [each.tries_left for each in tried(core, her, "0000", "0000", PIN, "0000", "0000")] == [
        2,
        1,
        0,
        2,
        1,
    ]


def test_three_wrong_ones_lock_even_the_right_one_out(core, her):
    states = tried(core, her, "0000", "0001", "0002", PIN)
    assert [each.state for each in states] == ["wrong", "wrong", "locked", "locked"]
    assert states[2].minutes == 30
    assert 29 <= states[3].minutes <= 30


def test_the_lock_opens_by_itself_with_all_tries(core, her):
    tried(core, her, "0000", "0001", "0002")
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert 9 <= tried(core, her, PIN, start=3)[0].minutes <= 10
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        first, second = tried(core, her, "0000", PIN, start=4)
    assert (first.state, first.tries_left, second.state) == ("wrong", 2, "right")


def test_one_key_counts_one_try_and_answers_alike(core, her):
    answers = [core.pins.check(her, READY, "0000", "s/gate.pin/0") for _ in range(5)]
    assert {(each.state, each.tries_left) for each in answers} == {("wrong", 2)}
    assert core.pins.check(her, READY, "0000", "s/gate.pin/9").tries_left == 1


def test_an_answer_is_of_one_pin_and_one_link_alone(core, her):
    key = "s/gate.pin/0"
    assert core.pins.check(her, READY, PIN, key).state == "right"
    # Another trail of the same length under the same session: what was typed counts, not the step.
    assert core.pins.check(her, READY, "0000", key).tries_left == 2
    assert core.pins.check(her, READY, "0001", key).tries_left == 1
    assert core.pins.check(her, READY, "0000", key).tries_left == 2
    other = core.registry.persons_on(SHARED)[0].id
    assert core.pins.check(other, SHARED, PIN, key).state == "wrong"
    assert core.pins.check(her, READY, "0002", key).state == "locked"
    assert core.pins.check(her, READY, PIN, key).state == "right"
    assert core.pins.check(her, READY, PIN, "s/gate.pin/1").state == "locked"


def test_a_choice_is_of_one_pin_alone(core, her):
    assert core.pins.choose(her, READY, "7351", "a/pins/1", granted=True) == "chosen"
    assert core.pins.choose(her, READY, "9264", "a/pins/1", granted=True) == "chosen"
    assert core.pins.check(her, READY, "9264", "s/p/1").state == "right"


def test_a_locked_answer_is_repeated_too(core, her):
    tried(core, her, "0000", "0001", "0002")
    locked = tried(core, her, PIN, start=3)
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert tried(core, her, PIN, start=3) == locked
        assert tried(core, her, PIN, start=4)[0].state == "right"


def test_a_race_of_many_never_gets_a_fourth_try(core, her):
    with ThreadPoolExecutor(8) as many:
        answers = list(
            many.map(
                lambda number: core.pins.check(her, READY, f"{number:04}", f"race/p/{number}"), range(16)
            )
        )
    states = [each.state for each in answers]
    assert states.count("wrong") == 2
    assert states.count("locked") == 14
    assert tried(core, her, PIN)[0].state == "locked"


def test_a_race_of_one_key_counts_once(core, her):
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: core.pins.check(her, READY, "0000", "race/p/1"), range(12)))
    assert {(each.state, each.tries_left) for each in answers} == {("wrong", 2)}
    assert tried(core, her, "0000")[0].tries_left == 1


def test_the_locks_of_two_women_on_one_phone_are_two(core):
    first, second = core.registry.persons_on(SHARED)
    tried(core, first.id, "0000", "0001", "0002", phone=SHARED)
    assert core.pins.check(second.id, SHARED, "8419", "s/p/1").state == "right"
    assert core.pins.check(first.id, SHARED, "5028", "s/p/2").state == "locked"


def test_her_pin_opens_nothing_on_another_phone(core, her):
    for phone in (STRANGER, SHARED):
        assert core.pins.check(her, phone, PIN, f"s/{phone}/1").state == "unset"


def test_nobody_and_nothing_set_are_answered_alike(core):
    dead = core.registry.persons_on(DECEASED)[0]
    assert not dead.has_pin
    assert core.pins.check(dead.id, DECEASED, "1357", "s/p/1") == core.pins.check(
        987654, READY, "1357", "s/p/2"
    )


def test_choosing_the_first(core):
    her = core.registry.persons_on(DECEASED)[0].id
    assert core.pins.choose(her, DECEASED, "7351", "AT/pins/1", granted=False) == "chosen"
    assert core.pins.check(her, DECEASED, "7351", "AT/p/2").state == "right"
    she = core.registry.persons_on(DECEASED)[0]
    assert (she.has_pin, she.pin_chosen_in) == (True, "AT")


def test_only_who_knows_the_pin_or_chose_it_in_this_session_replaces_it(core):
    her = core.registry.persons_on(DECEASED)[0].id
    assert core.pins.choose(her, DECEASED, "7351", "AT/pins/1", granted=False) == "chosen"
    assert core.pins.choose(her, DECEASED, "9264", "late/pins/1", granted=False) == "set"
    assert core.pins.check(her, DECEASED, "7351", "s/p/1").state == "right"
    # The session that chose it is walked again and she types another one.
    assert core.pins.choose(her, DECEASED, "9264", "AT/pins/1", granted=False) == "chosen"
    assert core.pins.choose(her, DECEASED, "8306", "late/pins/1", granted=True) == "chosen"
    assert core.pins.check(her, DECEASED, "8306", "s/p/2").state == "right"


def test_of_two_sessions_that_choose_the_first_at_once_one_does(core):
    her = core.registry.persons_on(DECEASED)[0].id

    def choose(number):
        return core.pins.choose(her, DECEASED, "7351", f"s{number}/pins/1", granted=False)

    with ThreadPoolExecutor(8) as many:
        states = list(many.map(choose, range(8)))
    assert sorted(states) == ["chosen", *["set"] * 7]


def test_a_step_walked_again_does_not_bring_an_old_pin_back(core, her):
    assert core.pins.choose(her, READY, "7351", "a/pins/1", granted=True) == "chosen"
    assert core.pins.choose(her, READY, "9264", "b/pins/1", granted=True) == "chosen"
    assert core.pins.choose(her, READY, "7351", "a/pins/1", granted=True) == "chosen"
    assert [each.state for each in tried(core, her, "7351", "9264")] == ["wrong", "right"]


WEAK = {
    "a sequence": ("1234", "4321", "7890", "0987"),
    "repeated": ("1111", "1212"),
    "part of her CNIC": ("3520", "5012"),
    "from her birth": ("1989", "1705", "0517", "0589"),
    "not four digits": ("12", "12345", "12a4", "۱۲۳۴", ""),
}


def test_weak_ones_are_refused(core, her):
    for why, pins in WEAK.items():
        for pin in pins:
            assert not core.pins.fits(her, pin), why
            assert core.pins.choose(her, READY, pin, f"s/weak/{pin}", granted=True) == "weak"
    assert core.pins.check(her, READY, PIN, "s/after/0").state == "right"


def test_a_strong_one_fits(core, her):
    assert core.pins.fits(her, "8306")
    assert not core.pins.fits(987654, "8306")


def test_a_phone_cannot_choose_for_a_stranger(core, her):
    with pytest.raises(LookupError):
        core.pins.choose(her, STRANGER, "8306", "s/pins/1", granted=True)
