"""Details by SMS are asked about once, behind the first right PIN, and a lost session asks nothing twice."""

import pytest
import redis
from sqlalchemy import delete, select, update

from gateway.core.embedded.tables import consent, phone, phone_link

READY, SHARED = "+923001234501", "+923001234515"
QUESTION, MONEY = "by SMS when you ask", "Rs 13,500"


@pytest.fixture
def gate(gateway):
    """A gateway where nobody was asked yet."""
    with gateway.services.database.writing() as connection:
        connection.execute(delete(consent))
        connection.execute(update(phone_link).values(details_by_sms=False))
    for number in (READY, SHARED):
        gateway.services.core.registry.choose_language(number, "en", "before")
    return gateway


def answers(gateway):
    with gateway.services.database.reading() as connection:
        return connection.execute(select(consent).order_by(consent.c.id)).all()


def flush(gateway):
    redis.Redis.from_url(gateway.services.settings.store_url).flushall()


@pytest.mark.parametrize(("key", "allowed"), [("1", True), ("2", False)])
def test_it_is_asked_once_and_what_she_came_for_follows(gate, key, allowed):
    her = gate.phone(READY)
    her.dial("*8171*1#")
    her.send("4821")
    her.sees(QUESTION, "1 Yes", "2 No")
    her.send(key)
    her.sees(MONEY)
    [row] = answers(gate)
    assert (row.allowed, row.channel, row.session, row.at_gate) == (allowed, "ussd", her.session, True)
    assert row.wording == f"en/{gate.services.book.version}"
    assert gate.services.core.registry.persons_on(READY)[0].details_by_sms == allowed
    again = gate.phone(READY)
    again.dial("*8171*1#")
    again.send("4821")
    again.sees(MONEY)


def test_who_leaves_without_an_answer_is_asked_again(gate):
    for _ in range(2):
        her = gate.phone(READY)
        her.dial("*8171*1#")
        her.send("4821")
        her.sees(QUESTION)
        her.send("00")
        her.sees("My money")
    assert answers(gate) == []


def test_a_wrong_key_asks_again_and_stores_nothing(gate):
    her = gate.phone(READY)
    her.dial("*8171*1#")
    her.walk("4821", "3")
    her.sees(QUESTION)
    assert answers(gate) == []
    her.send("2")
    her.sees(MONEY)


def test_a_new_pin_is_followed_by_the_question(gate):
    with gate.services.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM pin")
    her = gate.phone(READY)
    her.dial("*8171*1#")
    her.walk("2906", "2906")
    her.sees(QUESTION)
    her.send("1")
    her.sees(MONEY)


def test_a_shared_phone_is_never_asked(gate):
    her = gate.phone(SHARED)
    her.dial("*8171*1#")
    her.send("1")
    her.send("5028")
    assert QUESTION not in her.screen
    her.dial("*8171*22#")
    her.walk("1", "5028", "1")
    her.sees("Two persons use this phone")
    assert answers(gate) == []


@pytest.mark.parametrize("after", range(4))
def test_a_lost_session_walked_again_asks_nothing_twice(gate, after):
    """The store is emptied after any key; the pages are those of a session that was never lost."""
    her = gate.phone(READY)
    pages = []
    for number, key in enumerate(("", "4821", "1", "0")):
        pages.append(her.send(key) if key else her.dial("*8171*1#"))
        if number == after:
            flush(gate)
    assert QUESTION in pages[1]
    assert MONEY in pages[2]
    assert len(answers(gate)) == 1
    flush(gate)
    assert her.hop() == pages[3]
    assert len(answers(gate)) == 1


def test_an_answer_from_another_session_in_between_changes_no_way_of_this_one(gate):
    her, same = gate.phone(READY), gate.phone(READY)
    for one in (her, same):
        one.dial("*8171*1#")
        one.send("4821")
        one.sees(QUESTION)
    same.send("2")
    her.send("1")
    her.sees(MONEY)
    for one in (same, her):
        flush(gate)
        assert MONEY in one.hop()
    assert [row.allowed for row in answers(gate)] == [False, True]
    assert gate.services.core.registry.persons_on(READY)[0].details_by_sms


def test_an_answer_taken_back_in_the_same_session_stays_so_when_it_is_lost(gate):
    her = gate.phone(READY)
    her.dial("*8171*22#")
    her.walk("4821", "1")
    her.sees("Your amounts and reasons by SMS")
    her.send("2")
    her.sees("No amounts or reasons go by SMS")
    flush(gate)
    assert "No amounts or reasons go by SMS" in her.hop()
    assert [row.allowed for row in answers(gate)] == [True, False]
    assert not gate.services.core.registry.persons_on(READY)[0].details_by_sms


def test_her_own_answer_is_not_undone_by_the_file_it_was_loaded_from(gateway):
    registry, services = gateway.services.core.registry, gateway.services
    her = gateway.phone(READY)
    registry.choose_language(READY, "en", "before")
    her.dial("*8171*22#")
    her.walk("4821", "2")
    services.core.imports.registry(services.settings.config / "demo", allow_pins=True)
    assert not registry.persons_on(READY)[0].details_by_sms
    with services.database.reading() as connection:
        channels = connection.scalars(
            select(consent.c.channel)
            .join(phone_link, phone_link.c.id == consent.c.phone_link)
            .join(phone, phone.c.id == phone_link.c.phone)
            .where(phone.c.phone_key == services.vault.phone_key(READY))
            .order_by(consent.c.id)
        ).all()
    assert channels == ["import", "ussd"]
