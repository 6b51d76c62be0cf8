"""Reviewed texts on both databases: one key once, so many a day, undone with what they go with."""

from datetime import date, timedelta

import pytest
import time_machine

from gateway import clock
from gateway.core.embedded.languages import chosen_languages
from gateway.core.embedded.registry import EmbeddedRegistry
from gateway.core.port import ReviewedText
from gateway.messages.by_hand import MOST_A_DAY, ByHand, NotSent
from gateway.messages.history import History
from tests.messages.rows import phone

A, B = phone(1), phone(2)
SCAM = ReviewedText("staff_scam")


@pytest.fixture
def by_hand(database, vault, book, outbox):
    return ByHand(database, vault, book, outbox, History(database, vault), chosen_languages(vault))


def send(by_hand, key, to=A, text=SCAM):
    return by_hand.send(to, text, key=key, subject="case:21234567")


def test_one_key_is_one_message_in_the_language_of_the_phone(by_hand, database, vault, rows):
    EmbeddedRegistry(database, vault).choose_language(A, "ur", "s1")
    text = by_hand.chosen("staff_documents", date(2030, 1, 31))
    assert [send(by_hand, "k1", text=text), send(by_hand, "k1", text=text)] == [True, False]
    [row] = rows.all()
    assert (row.body, row.language) == (by_hand.written(text, "ur"), "ur")
    assert (row.lane, row.template, row.subject) == ("reply", "staff_documents", "case:21234567")


def test_a_phone_gets_so_many_in_a_day_and_again_on_the_next(by_hand, rows):
    for number in range(MOST_A_DAY):
        by_hand.allow(A)
        assert send(by_hand, f"k{number}")
    for refused in (lambda: by_hand.allow(A), lambda: send(by_hand, "more")):
        with pytest.raises(NotSent) as refusal:
            refused()
        assert refusal.value.why == "often"
    assert not send(by_hand, "k0")  # the second of two clicks is no message more
    assert send(by_hand, "other", to=B)
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert send(by_hand, "tomorrow")
    assert len(rows.all()) == MOST_A_DAY + 2


def test_a_text_is_undone_with_what_it_goes_with(by_hand, database, rows):
    def fail():
        with database.writing() as connection:
            by_hand.put(connection, A, SCAM, key="k1", subject="")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert rows.all() == []


@pytest.mark.parametrize(
    ("name", "day", "error"),
    [
        ("staff_documents", None, ValueError),
        ("staff_documents", timedelta(days=-1), ValueError),
        ("staff_scam", timedelta(), ValueError),
        ("payment_ready", None, LookupError),
        ("nothing", None, LookupError),
    ],
)
def test_no_other_text_and_no_other_day(by_hand, name, day, error):
    with pytest.raises(error):
        by_hand.chosen(name, None if day is None else clock.today() + day)
    assert by_hand.chosen("staff_documents", clock.today()).day == clock.today()
