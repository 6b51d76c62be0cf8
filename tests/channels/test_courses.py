"""A course from the first page to a reference, by a dial on the whole gateway."""

import re

import pytest

STIPENDS, READY, STRANGER = "+923001234502", "+923001234501", "+923001234520"


@pytest.fixture
def phone_of(gateway):
    def known(number):
        gateway.services.core.registry.choose_language(number, "en", "before")
        return gateway.phone(number)

    return known


def test_a_mother_takes_a_seat_for_herself_and_hears_so_when_she_asks_again(gateway, phone_of):
    her = phone_of(READY)
    her.dial()
    her.press("Skills, help")
    her.press("Learn a skill")
    her.press("A trade near me")
    her.press("Beautician")
    her.sees("TEVTA Centre Lahore", "Seats left: 20")
    her.press("for me")
    her.send("4821")
    reference = re.search(r"\b1\d{7}\b", her.screen)[0]
    again = phone_of(READY)
    again.dial("*8171*17#")
    again.press("A trade near me")
    again.press("Beautician")
    again.sees("Seats left: 19")
    again.press("for me")
    again.send("4821")
    again.sees("already", reference)
    tracked = gateway.services.core.tracking.track(reference, READY)
    assert (tracked.topic, tracked.state) == ("skills", "received")


def test_a_child_is_picked_behind_the_pin(phone_of):
    her = phone_of(STIPENDS)
    her.dial("*8171*17#")
    her.press("A trade near me")
    her.press("Tailoring")
    her.press("for my child")
    assert "Daughter" not in her.screen
    her.send("5930")
    her.sees("Daughter, 15 years")
    her.send("1")
    her.sees("A seat is kept")


def test_a_stranger_types_a_place_and_is_asked_which(phone_of):
    her = phone_of(STRANGER)
    her.dial("*8171*17#")
    her.press("Reading and writing")
    her.send("city")
    her.press("Lahore City")
    her.press("Reading and writing")
    her.sees("Literacy Centre")
    her.press("for me")
    her.sees("not linked")


def test_nothing_there_says_when_to_ask_again(phone_of):
    her = phone_of(STRANGER)
    her.dial("*8171*17#")
    her.press("Reading and writing")
    her.send("Quetta City")
    her.sees("No course near Quetta City")
