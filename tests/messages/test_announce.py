"""A move of money and its messages stand or fall together, in each phone's language, and name nobody."""

from datetime import date
from pathlib import Path

import pytest

from gateway import clock
from gateway.core.embedded.languages import chosen_languages
from gateway.core.embedded.registry import EmbeddedRegistry
from gateway.core.port import Asked, InstalmentMoved, RequestMoved, State
from gateway.messages.announce import MoveAnnouncer
from gateway.messages.by_hand import ByHand
from gateway.messages.history import History
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
def announcer(database, outbox, book, vault):
    languages = chosen_languages(vault)
    by_hand = ByHand(database, vault, book, outbox, History(database, vault), languages)
    return MoveAnnouncer(outbox, book, vault, languages, by_hand)


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


def test_a_booking_is_told_once_and_another_one_too(announce, rows):
    first, later = date(2026, 12, 1), date(2026, 12, 8)
    for day in (first, first, later):
        announce(moved(State.BRANCH_ROUTE, place_on=day))
    announce(moved(State.BRANCH_ROUTE, place_on=later, place="B" * 80))
    told = [row.body for row in rows.all()]
    assert len(told) == 3
    assert "1 Dec 2026" in told[0]
    assert all("8 Dec 2026" in body for body in told[1:])


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


# -- what people asked for ---------------------------------------------------------------------------------------------
def asked(state, asked=Asked.BOOKING, **more):
    return RequestMoved(asked, "41234567", "new_survey", state, **{"turn": 1, "phones": (A,), **more})


@pytest.fixture
def registry(database, vault):
    return EmbeddedRegistry(database, vault)


@pytest.fixture
def tell(database, announcer):
    def put(*moves):
        with database.writing() as connection:
            announcer.asked_moved(connection, moves)

    return put


@pytest.mark.parametrize(
    ("language", "day"), [("en", "23 Nov 2026"), ("ur_Latn", "23 Nov 2026"), ("ur", "23 نومبر 2026")]
)
def test_a_token_is_told_with_its_day_and_office(tell, registry, rows, language, day):
    registry.choose_language(A, language, "s1")
    for _ in range(2):
        tell(asked("booked", target_on=date(2026, 11, 23), place="BISP Lahore City"))
    (row,) = rows.all()
    assert all(part in row.body for part in ("41234567", day, "BISP Lahore City", "*8171*16#"))
    assert (row.template, row.subject) == ("token_booked", "booking:41234567")


def test_every_other_move_is_told_by_its_state(tell, rows, book):
    states = ("received", "verified", "applied", "refused", "kept", "lapsed", "cancelled", "escalated")
    tell(*(asked(state, turn=turn) for turn, state in enumerate(states)))
    told = rows.all()
    assert {row.template for row in told} == {"request_moved"}
    language = book.languages[book.default_language]
    assert [language.term(f"asked.{state}") in row.body for state, row in zip(states, told, strict=True)] == [
        True
    ] * 8


@pytest.mark.parametrize(
    ("state", "named"), [(State.CREDITED, "taleemi wazifa"), (State.WITHDRAWN, "School")]
)
def test_a_discreet_programme_is_not_named(announce, rows, state, named):
    announce(
        moved(state, programme="education", amount=2000),
        moved(state, number=8, programme="nashonuma", amount=2500, discreet=True),
    )
    school, mother = rows.all()
    assert "Rs 2,000" in school.body
    assert "Rs 2,500" in mother.body
    assert named in school.body
    assert "ashonuma" not in mother.body
