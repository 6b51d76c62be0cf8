from dataclasses import replace

import pytest

from gateway.actions.verb import UngatedError
from gateway.core.port import LinkedPerson, PinAnswer
from tests.actions.small_core import SmallPins, SmallRegistry, ask, small_core

HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
DEAD = LinkedPerson(8, "5132", has_pin=False, details_by_sms=True, alive=False)
OTHER = LinkedPerson(9, "5168", has_pin=False, details_by_sms=False)


def core_of(*linked):
    return small_core(registry=SmallRegistry(linked))


def test_a_phone_of_nobody_speaks_for_nobody(run):
    outcome = run("linked_persons", core_of(), ask(person=None))
    assert (outcome.name, outcome.person, outcome.grants) == ("none", None, ())


def test_a_phone_of_one_speaks_for_her_at_once(run):
    outcome = run("linked_persons", core_of(HER), ask(person=None))
    assert (outcome.name, outcome.person, outcome.grants) == ("one", 7, ("phone", "person"))


def test_a_shared_phone_shows_four_digits_and_no_more(run):
    outcome = run("linked_persons", core_of(HER, OTHER), ask(person=None))
    assert outcome.name == "many"
    assert outcome.values["persons"] == ({"id": "7", "last4": "5012"}, {"id": "9", "last4": "5168"})
    assert outcome.person is None
    assert "person" not in outcome.grants


def test_the_person_picked_is_spoken_for(run):
    outcome = run("choose_person", core_of(HER, OTHER), ask(person=None, picked="9"))
    assert (outcome.name, outcome.person) == ("chosen", 9)
    assert run("pin_wanted", core_of(), ask(kept=outcome.keep)).name == "unset"


def test_nobody_speaks_for_the_dead(run):
    outcome = run("linked_persons", core_of(DEAD), ask(person=None))
    assert (outcome.name, outcome.person, outcome.grants) == ("deceased", None, ())


def test_on_a_shared_phone_the_dead_stay_in_the_list_and_are_not_spoken_for(run):
    shared = core_of(HER, DEAD)
    assert [row["id"] for row in run("linked_persons", shared, ask(person=None)).values["persons"]] == [
        "7",
        "8",
    ]
    outcome = run("choose_person", shared, ask(person=None, picked="8"))
    assert (outcome.name, outcome.person, outcome.grants) == ("deceased", None, ())


def test_a_person_who_is_not_linked_cannot_be_picked(run):
    assert run("choose_person", core_of(HER), ask(person=None, picked="9")).name == "gone"


@pytest.mark.parametrize(("person", "wanted"), [(HER, "set"), (OTHER, "unset")])
def test_who_has_a_pin_is_asked_for_it(run, person, wanted):
    met = run("linked_persons", core_of(person), ask(person=None))
    assert run("pin_wanted", core_of(), ask(kept=met.keep)).name == wanted


def test_a_session_that_chose_the_pin_is_walked_again_the_same_way(run):
    chosen_here = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True, pin_chosen_in="session")
    met = run("linked_persons", core_of(chosen_here), ask(person=None))
    assert run("pin_wanted", core_of(), ask(kept=met.keep)).name == "unset"
    later = run("linked_persons", core_of(chosen_here), ask(person=None, session="another"))
    assert run("pin_wanted", core_of(), ask(kept=later.keep)).name == "set"


@pytest.mark.parametrize(
    ("answer", "name", "values", "grants"),
    [
        (PinAnswer("right"), "right", {}, ("pin",)),
        (PinAnswer("wrong", tries_left=2), "wrong", {"tries": 2}, ()),
        (PinAnswer("locked", minutes=29), "locked", {"minutes": 29}, ()),
        (PinAnswer("unset"), "unset", {}, ()),
    ],
)
def test_only_the_right_pin_opens(run, answer, name, values, grants):
    outcome = run("check_pin", small_core(pins=SmallPins(answer)), ask(answer="4821"))
    assert (outcome.name, dict(outcome.values), outcome.grants) == (name, values, grants)


@pytest.mark.parametrize(
    ("linked", "wanted"),
    [
        ((replace(HER, details_asked=False),), "unasked"),
        ((HER,), "right"),
        # A session that asked her is walked again the same way; another that asked does not ask again.
        ((replace(HER, details_asked_in=("session",)),), "unasked"),
        ((replace(HER, details_asked_in=("other",)),), "right"),
    ],
)
def test_behind_the_first_right_pin_she_is_asked_about_details(run, linked, wanted):
    met = run("linked_persons", core_of(*linked), ask(person=None))
    outcome = run("check_pin", small_core(), ask(answer="4821", kept=met.keep))
    assert (outcome.name, outcome.grants) == (wanted, ("pin",))


def test_on_a_shared_phone_she_is_not_asked_about_details(run):
    unasked = replace(HER, details_asked=False)
    met = run("choose_person", core_of(unasked, OTHER), ask(person=None, picked="7"))
    assert run("check_pin", small_core(), ask(answer="4821", kept=met.keep)).name == "right"


def test_a_pin_is_never_tried_for_nobody(run):
    with pytest.raises(UngatedError):
        run("check_pin", small_core(), ask(person=None, answer="4821"))


def test_a_new_pin_is_set_when_typed_twice_alike_and_never_kept(run):
    pins = SmallPins()
    noted = run("note_pin", small_core(pins=pins), ask(answer="4821"))
    assert noted.name == "noted"
    assert not any("4821" in kept for kept in noted.keep.values())
    outcome = run("confirm_pin", small_core(pins=pins), ask(answer="4821", kept=noted.keep, key="k"))
    assert (outcome.name, outcome.grants) == ("chosen", ("pin",))
    assert pins.chosen == [(7, "4821", "k")]
    assert run("pin_wanted", small_core(), ask(kept=outcome.keep)).name == "set"


def test_a_pin_set_since_the_session_met_her_stays_and_is_asked_for(run):
    pins = SmallPins(standing=True)
    noted = run("note_pin", small_core(pins=pins), ask(answer="4821"))
    outcome = run("confirm_pin", small_core(pins=pins), ask(answer="4821", kept=noted.keep))
    assert (outcome.name, outcome.grants, pins.chosen) == ("differs", (), [])
    assert run("pin_wanted", small_core(), ask(kept=outcome.keep)).name == "set"
    behind = ask(answer="4821", kept=noted.keep, granted=frozenset({"phone", "person", "pin"}))
    assert run("confirm_pin", small_core(pins=pins), behind).name == "chosen"


def test_two_pins_that_differ_set_nothing(run):
    pins = SmallPins()
    noted = run("note_pin", small_core(pins=pins), ask(answer="4821"))
    assert run("confirm_pin", small_core(pins=pins), ask(answer="4822", kept=noted.keep)).name == "differs"
    assert not pins.chosen


def test_a_pin_confirmed_without_a_first_one_sets_nothing(run):
    pins = SmallPins()
    assert run("confirm_pin", small_core(pins=pins), ask(answer="4821")).name == "differs"
    assert not pins.chosen


def test_a_weak_pin_is_refused_at_once(run):
    assert run("note_pin", small_core(), ask(answer="1234")).name == "weak"


def test_alerts_stop_and_start_for_the_phone(run):
    registry = SmallRegistry()
    core = small_core(registry=registry)
    assert run("stop_alerts", core, ask()).name == "stopped"
    assert registry.opted_out == {"+923001234501": True}
    assert run("start_alerts", core, ask()).name == "started"
    assert registry.opted_out == {"+923001234501": False}
