"""Who gets what by SMS: details only where she allowed them on a phone of hers alone, her open answer elsewhere."""

import re

import pytest
from sqlalchemy import insert, update

from gateway import clock
from gateway.core.embedded.tables import consent, phone, phone_link
from gateway.core.port import Coarse
from gateway.messages.details import Details

ALLOWED, REFUSED, SHARED = "+923001234501", "+923001234507", "+923001234515"
STRANGER, FOREIGN, DECEASED = "+923001234520", "+254711000521", "+923001234513"
UNASKED, NEW = "+923009999901", "+923009999902"
GATED = {
    "PAY": "*8171*1#",
    "WHY": "*8171*2#",
    "HISTORY": "*8171*3#",
    "ELIGIBLE": "*8171*4#",
    "EMERGENCY": "*8171*5#",
}
PRIVATE = re.compile(r"Rs [\d,]+|\d+\.\d\d|job|score", re.IGNORECASE)


def link(gateway, number: str, like: str, *, allowed: bool = False, status: str = "verified") -> None:
    """Link one more phone to the person on `like`, as an office does: nobody asked her anything there."""
    core, vault = gateway.services.core, gateway.services.vault
    her = core.registry.persons_on(like)[0].id
    with gateway.services.database.writing() as connection:
        known = connection.execute(phone.select().where(phone.c.phone_key == vault.phone_key(number))).first()
        row = {"phone_key": vault.phone_key(number), "phone_sealed": vault.seal(number)}
        which = known.id if known else connection.execute(insert(phone).values(row)).inserted_primary_key[0]
        connection.execute(
            insert(phone_link).values(
                phone=which,
                person=her,
                status=status,
                verified_how="office",
                linked_on=clock.today(),
                details_by_sms=allowed,
            )
        )


@pytest.fixture
def text(gateway):
    """Send a text from a number; the reply in English."""
    numbers = (ALLOWED, REFUSED, SHARED, STRANGER, FOREIGN, DECEASED, UNASKED, NEW)
    for number in numbers:
        gateway.services.core.registry.choose_language(number, "en", "before")
    phones = {number: gateway.phone(number) for number in numbers}
    return lambda number, body: gateway.reply_to(phones[number], body)


@pytest.mark.parametrize("word", GATED)
def test_only_a_phone_that_was_allowed_hears_figures_and_reasons(gateway, text, word):
    link(gateway, UNASKED, like=ALLOWED)
    said = gateway.services.book
    answer = said.languages["en"].term("coarse.payment_ready")
    refused = said.languages["en"].term("coarse.not_eligible")
    code = {"code": GATED[word]}
    assert text(ALLOWED, word).strip()
    assert text(REFUSED, word) == said.message("private", "en", {"answer": "not_eligible", **code})
    assert refused in text(REFUSED, word)
    assert text(UNASKED, word) == said.message("private", "en", {"answer": "payment_ready", **code})
    assert answer in text(UNASKED, word)
    assert text(SHARED, word) == said.message("private_shared", "en", code)
    assert text(STRANGER, word) == said.message("private_unlinked", "en")
    assert text(FOREIGN, word) == said.message("private_unlinked", "en")
    assert text(DECEASED, word) == said.screens["gate.deceased"].sms


def test_what_she_allowed_is_told_whole(text):
    assert "Rs 13,500" in text(ALLOWED, "PAY")
    assert "withdrawn" in text(ALLOWED, "WHY") or "Rs 13,500" in text(ALLOWED, "WHY")
    history = text(ALLOWED, "history").splitlines()
    assert len([line for line in history if "Rs" in line]) >= 2


@pytest.mark.parametrize("number", [REFUSED, SHARED, STRANGER, FOREIGN, DECEASED])
@pytest.mark.parametrize("word", GATED)
def test_nobody_else_is_told_an_amount_a_score_or_a_reason(text, number, word):
    assert not PRIVATE.search(text(number, word))


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(ALLOWED, "payment is ready"), (REFUSED, "payment is ready"), (STRANGER, "payment is ready")],
)
def test_a_cnic_gets_the_open_answer_from_any_phone_and_behind_any_word(text, number, wanted):
    for body in ("3520212345012", "PAY 35202-1234501-2", "RAQAM ۳۵۲۰۲۱۲۳۴۵۰۱۲"):
        reply = text(number, body)
        assert wanted in reply
        assert not PRIVATE.search(reply)


def test_no_look_up_is_counted_for_her_own_open_answer(text):
    assert len({text(REFUSED, "WHY") for _ in range(12)}) == 1


def test_a_second_link_ends_it_at_once_and_a_claimed_one_does_not(gateway, text):
    link(gateway, ALLOWED, like=REFUSED, status="claimed")
    assert "Rs 13,500" in text(ALLOWED, "PAY")
    with gateway.services.database.writing() as connection:
        connection.execute(update(phone_link).values(status="verified", verified_how="office"))
    assert text(ALLOWED, "PAY") == gateway.services.book.message("private_shared", "en", {"code": "*8171*1#"})


def test_a_text_stops_details_and_only_the_pin_brings_them_back(gateway, text):
    said = gateway.services.book
    for body in ("details stop", "TAFSEEL BAND", "تفصیل بند"):
        assert text(ALLOWED, body) == said.message("details_stopped", "en")
    assert "Rs" not in text(ALLOWED, "PAY")
    for body in ("DETAILS", "DETAILS YES", "DETAILS START"):
        assert text(ALLOWED, body) == said.message("details_how", "en")
    assert "Rs" not in text(ALLOWED, "PAY")
    her = gateway.phone(ALLOWED)
    her.dial("*8171*22#")
    her.walk("4821", "1")
    her.sees("DETAILS STOP")
    assert "Rs 13,500" in text(ALLOWED, "PAY")
    with gateway.services.database.reading() as connection:
        rows = connection.execute(
            consent.select()
            .join(phone_link, phone_link.c.id == consent.c.phone_link)
            .join(phone, phone.c.id == phone_link.c.phone)
            .where(phone.c.phone_key == gateway.services.vault.phone_key(ALLOWED))
            .order_by(consent.c.id)
        ).all()
    assert [(row.channel, row.allowed) for row in rows] == [
        ("import", True), *[("sms", False)] * 3, ("ussd", True)
    ]  # fmt: skip
    assert rows[-1].wording == f"en/{said.version}"
    assert not rows[-1].at_gate


def test_a_change_of_mind_while_the_answer_is_made_holds(gateway, text, monkeypatch):
    """She stops details after the answer was begun: what was made is not sent."""
    details = Details.reader
    asked = []

    def reader(self, number):
        asked.append(number)
        return details(self, number) if len(asked) == 1 else None

    monkeypatch.setattr(Details, "reader", reader)
    assert "Rs" not in text(ALLOWED, "PAY")
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("OFFICE Lahore", "BISP"),
        ("DAFTAR Model Town", "BISP Model Town"),
        ("office atlantis", "OFFICE Lahore"),  # the reason, and an example
        ("OFFICE", "OFFICE Lahore"),
        ("SKILL Multan City", "Computer"),
        ("HUNAR multan", "Computer"),
        ("skill 42", "SKILL Multan City"),
        ("SKILL", "SKILL Multan City"),
        ("LEARN Larkana", "Reading and writing"),
        ("COMPLAINT", "*8171*20#"),
    ],
)
def test_what_anybody_may_ask_needs_no_leave(text, body, wanted):
    assert wanted in text(STRANGER, body)


def test_without_a_place_it_is_near_her_home(text):
    assert "Tailoring" in text(ALLOWED, "SKILL")
    assert "BISP" in text(ALLOWED, "OFFICE")
    assert "OFFICE Lahore" in text(REFUSED, "OFFICE")


def test_a_spelling_is_offered_by_name(text):
    reply = text(STRANGER, "OFFICE karachi")
    assert "Karachi Central" in reply
    assert "OFFICE" in reply


def test_the_open_answer_to_a_person_is_the_one_to_her_cnic(gateway):
    core = gateway.services.core
    for number, cnic in ((ALLOWED, "3520212345012"), (REFUSED, "3520212345076")):
        person = core.registry.persons_on(number)[0].id
        assert core.eligibility.coarse_of(person) == core.eligibility.coarse(cnic, STRANGER, cnic).result
    dead = core.registry.persons_on(DECEASED)[0].id
    assert core.eligibility.coarse_of(dead) is Coarse.DECEASED
