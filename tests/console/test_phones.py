"""Her phones in the staff's hands: nothing is done before her answers are right, nothing twice, and she is always told."""

import re
from html import unescape

import pytest
from sqlalchemy import select, text

from gateway.console.phones import ROUNDS
from gateway.core.embedded.checks import _digits
from gateway.core.embedded.tables import person as person_table
from gateway.privacy import normal_cnic
from tests.console.acting import act
from tests.console.phones import person_of
from tests.transcripts.script import cast

READY = cast()["ready"]
PHONE, OTHER = READY["phone"], "+923339876543"


@pytest.fixture
def right(gateway):
    """What she answers to every question."""
    her = {"her": person_of(gateway, READY)}
    with gateway.services.database.reading() as connection:
        born_on = str(
            connection.execute(text("SELECT born_on FROM person WHERE id = :her"), her).scalar_one()
        )
    return {"cnic": READY["cnic"], "birth_day": f"{born_on[8:10]} {born_on[5:7]}"}


def lock(gateway):
    pins, person = gateway.services.core.pins, person_of(gateway, READY)
    wrong = next(pin for pin in ("8302", "9175") if pin != READY["pin"])
    for number in range(3):
        pins.check(person, PHONE, wrong, f"try {number}")
    assert pins.check(person, PHONE, READY["pin"], "try 9").state == "locked"


def previews(page):
    return [unescape(each) for each in re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page.text)]


def test_a_pin_is_unlocked_after_right_answers_once(gateway, colleague, right):
    lock(gateway)
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    links = gateway.services.core.links
    assert "PIN locked" in her.open(f"/persons/{person}/phones").text
    path, before = f"/persons/{person}/phones/{links.of(person)[0].id}/unlock", len(gateway.texts_to(PHONE))
    page, confirm = act(her, path, **right)
    assert not any(answer in page.text for answer in right.values())  # said once, they stand in no page
    assert links.of(person)[0].locked
    assert [confirm().status_code, confirm().status_code] == [303, 303]
    assert gateway.texts_to(PHONE)[before:] == previews(page)
    assert gateway.services.core.pins.check(person, PHONE, READY["pin"], "after").state == "right"


def test_no_page_of_hers_answers_what_she_is_asked(gateway, colleague, right):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    with gateway.services.database.reading() as connection:
        born_on = connection.execute(
            select(person_table.c.born_on).where(person_table.c.id == person)
        ).scalar_one()
    answers = [
        right["cnic"],
        normal_cnic(right["cnic"]),
        f"{born_on:%d %b}",
        f"{born_on:%d.%m}",
        f"{born_on:%m-%d}",
        f"{born_on:%d%m}",
    ]
    for path in (f"/persons/{person}", f"/persons/{person}/phones", "/"):
        seen = re.sub(r"<[^>]*>", " ", her.open(path).text)
        assert [answer for answer in answers if answer in seen] == [], path


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("3 5", "0305"),
        ("03/05", "0305"),
        ("0305", "0305"),
        ("\u06f3 \u06f5", "0305"),
        ("3 May", "3"),
        ("", ""),
    ],
)
def test_a_day_is_understood_as_it_is_typed(said, asked):
    assert _digits(said) == asked


@pytest.mark.parametrize("question", ["cnic", "birth_day"])
@pytest.mark.parametrize("said", ["", "0000", "3520212345020", "31 02"])
def test_one_wrong_answer_is_enough_to_stop(gateway, colleague, right, question, said):
    lock(gateway)
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    path = f"/persons/{person}/phones/{gateway.services.core.links.of(person)[0].id}/unlock"
    answer = her.send(path, seen_on="/me", **right | {question: said}, sure="1", key="0" * 32)
    assert answer.status_code == 303
    assert gateway.services.core.links.of(person)[0].locked
    assert len(gateway.services.staff.audit.entries(act="check_failed")) == 1


def test_after_some_wrong_rounds_right_answers_do_not_help(gateway, colleague, right):
    lock(gateway)
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    path = f"/persons/{person}/phones/{gateway.services.core.links.of(person)[0].id}/unlock"
    for _ in range(ROUNDS):
        her.send(path, seen_on="/me", **right | {"birth_day": "31 02"})
    her.send(path, seen_on="/me", **right, sure="1", key="0" * 32)
    assert gateway.services.core.links.of(person)[0].locked


def test_a_phone_is_linked_and_unlinked_and_both_are_told(gateway, colleague, right):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    registry, links = gateway.services.core.registry, gateway.services.core.links
    before = len(gateway.texts_to(PHONE))
    page, confirm = act(her, f"/persons/{person}/phones/link", number="0333 987 6543", **right)
    confirm(), confirm()
    assert [each.id for each in registry.persons_on(OTHER)] == [person]
    assert [*gateway.texts_to(OTHER), *gateway.texts_to(PHONE)[before:]] == previews(page)
    link = next(each for each in links.of(person) if each.phone == OTHER)
    assert (link.verified_how, link.has_pin, link.details_by_sms) == ("helpline", False, False)
    gateway.services.core.pins.choose(person, OTHER, "8302", "k", granted=False)
    page, confirm = act(her, f"/persons/{person}/phones/{link.id}/unlink", **right)
    confirm(), confirm()
    assert registry.persons_on(OTHER) == ()
    assert gateway.texts_to(OTHER)[1:] == previews(page)
    act(her, f"/persons/{person}/phones/link", number=OTHER, **right)[1]()  # undone; the PIN stays ended
    assert [each.has_pin for each in links.of(person) if each.phone == OTHER] == [False]


@pytest.mark.parametrize("number", ["", "12345", "042 35761999", "+447911123456"])
def test_only_a_mobile_of_pakistan_is_linked(gateway, colleague, right, number):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    her.send(f"/persons/{person}/phones/link", seen_on="/me", number=number, **right, sure="1", key="0" * 32)
    assert len(gateway.services.core.links.of(person)) == 1


def test_a_number_that_is_none_stays_in_the_form_and_no_answer_does(gateway, colleague, right):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    answer = her.send(f"/persons/{person}/phones/link", seen_on="/me", number="0300-12", **right)
    assert (answer.status_code, "no mobile number" in answer.text) == (200, True)
    assert 'value="0300-12"' in answer.text
    assert not any(f'value="{secret}"' in answer.text for secret in right.values())
