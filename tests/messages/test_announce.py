"""A move of money and its messages stand or fall together, in each phone's language, and name nobody."""

from datetime import date
from pathlib import Path

import pytest

from gateway import clock
from gateway.core.embedded.languages import chosen_languages
from gateway.core.embedded.registry import EmbeddedRegistry
from gateway.core.port import InstalmentMoved, State
from gateway.messages.announce import PaymentAnnouncer
from tests.messages.rows import phone

A, B, C = phone(1), phone(2), phone(3)
ROOT = Path(__file__).resolve().parents[2]


def moved(state=State.CREDITED, number=7, phones=(A,), **more):
    given = {
        "programme": "kafaalat", "period": "2026Q4", "amount": 13500, "unpaid": None, "place": "HBL Konnect, Okara",
        "place_on": None, "until": None, "moved_on": date(2026, 11, 20),
    }  # fmt: skip
    return InstalmentMoved(instalment=number, state=state, phones=phones, **{**given, **more})


@pytest.fixture
def announcer(outbox, book, vault):
    return PaymentAnnouncer(outbox, book, vault, chosen_languages(vault))


@pytest.fixture
def announce(database, announcer):
    def put(*moves):
        with database.writing() as connection:
            announcer.moved(connection, moves)

    return put


def test_money_that_came_is_told_with_amount_programme_and_place(announce, rows):
    announce(moved())
    [row] = rows.all()
    for part in ("Rs 13,500", "Kafaalat", "HBL Konnect, Okara", "8171"):
        assert part in row.body
    assert (row.lane, row.template, row.subject, row.state) == (
        "alert",
        "payment_ready",
        "instalment:7",
        "pending",
    )
    assert not row.told


def test_a_branch_is_told_with_its_day_and_a_withdrawal_with_its_own(announce, rows):
    announce(moved(State.BRANCH_ROUTE, place_on=date(2026, 12, 1)), moved(State.WITHDRAWN, number=8))
    branch, withdrawn = rows.all()
    assert branch.template == "payment_branch"
    assert "1 Dec 2026" in branch.body
    assert withdrawn.template == "payment_withdrawn"
    assert "20 Nov 2026" in withdrawn.body


def test_a_place_that_is_not_known_has_a_word_in_the_phones_language(announce, database, vault, rows):
    registry = EmbeddedRegistry(database, vault)
    registry.choose_language(A, "ur", "s1")
    registry.choose_language(B, "en", "s2")
    announce(
        moved(place="", phones=(A, B)), moved(State.WITHDRAWN, number=8, place="", moved_on=None, phones=(B,))
    )
    urdu, ready, withdrawn = rows.all()
    assert "جگہ: کوئی ادائیگی مرکز" in urdu.body
    assert "Place: any pay point." in ready.body
    assert "at a pay point." in withdrawn.body
    assert str(clock.today().year) in withdrawn.body


def test_other_moves_say_nothing(announce, rows):
    announce(
        *(
            moved(state, number=n)
            for n, state in enumerate(State)
            if state not in {"CREDITED", "BRANCH_ROUTE", "WITHDRAWN"}
        )
    )
    announce(moved(phones=()))
    announce()
    assert rows.all() == []


def test_each_phone_hears_it_once_in_its_own_language(announce, database, vault, rows, book):
    registry = EmbeddedRegistry(database, vault)
    registry.choose_language(A, "ur", "s1")
    registry.choose_language(B, "en", "s2")
    registry.opt_out(C, True)
    for _ in range(2):
        announce(moved(phones=(A, B, C)))
    assert [row.language for row in rows.all()] == ["ur", "en", book.default_language]
    assert "is ready" in rows.all()[1].body


def test_the_same_state_of_another_instalment_is_news(announce, rows):
    announce(moved(), moved(number=8), moved(State.WITHDRAWN))
    assert len(rows.all()) == 3


def test_a_move_undone_leaves_no_message(database, announcer, rows):
    def move_and_fail():
        with database.writing() as connection:
            announcer.moved(connection, [moved()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        move_and_fail()
    assert rows.all() == []
