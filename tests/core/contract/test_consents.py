"""Details by SMS: every answer stays, the newest holds, and a step that is walked again answers nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from gateway import clock
from gateway.core.embedded.tables import consent, phone, phone_link
from gateway.core.port import Said

READY, SHARED, FILTERED = "+923001234501", "+923001234515", "+923001234507"
SAID = Said("ussd", "S", "en/1", at_gate=True)


def her(core, number=READY):
    return core.registry.persons_on(number)[0]


def choose(core, key, *, allowed, number=READY, said=SAID):
    return core.consents.choose(her(core, number).id, number, key, said, allowed=allowed)


def answers(core, number=READY):
    """Her answers on a phone, oldest first."""
    with core.imports.database.reading() as connection:
        return connection.execute(
            select(consent)
            .join(phone_link, phone_link.c.id == consent.c.phone_link)
            .join(phone, phone.c.id == phone_link.c.phone)
            .where(phone.c.phone_key == core.imports.vault.phone_key(number))
            .order_by(consent.c.id)
        ).all()


def test_a_file_that_answers_counts_as_asked(core):
    assert (her(core).details_asked, her(core).details_by_sms) == (True, True)
    assert (her(core, FILTERED).details_asked, her(core, FILTERED).details_by_sms) == (True, False)
    assert [(row.allowed, row.channel) for row in answers(core, FILTERED)] == [(False, "import")]


def test_refusing_and_allowing_again_keeps_every_answer(core):
    assert choose(core, "S/privacy.refuse_details/1", allowed=False) == "refused"
    assert not her(core).details_by_sms
    assert choose(core, "S/privacy.allow_details/2", allowed=True) == "allowed"
    assert her(core).details_by_sms
    rows = answers(core)
    assert [(row.allowed, row.channel, row.session, row.wording) for row in rows] == [
        (True, "import", "", ""),
        (False, "ussd", "S", "en/1"),
        (True, "ussd", "S", "en/1"),
    ]
    assert all(row.at is not None for row in rows)


def test_a_step_walked_again_does_not_undo_what_came_after_it(core):
    choose(core, "S/gate.allow_details/1", allowed=True)
    choose(core, "S/privacy.refuse_details/2", allowed=False)
    assert choose(core, "S/gate.allow_details/1", allowed=True) == "allowed"
    assert not her(core).details_by_sms
    assert len(answers(core)) == 3


def test_an_answer_cannot_be_rewritten(core):
    with pytest.raises(DBAPIError, match="append-only"), core.imports.database.writing() as connection:
        connection.execute(update(consent).values(allowed=True))


def test_nobody_allows_it_on_a_shared_phone_and_anybody_stops_it(core):
    assert choose(core, "a", allowed=True, number=SHARED) == "shared"
    assert choose(core, "b", allowed=False, number=SHARED) == "refused"


def test_who_is_not_linked_says_nothing(core):
    assert core.consents.choose(her(core).id, SHARED, "k", SAID, allowed=True) == "gone"


def test_two_answers_at_once_leave_one_that_row_and_link_agree_on(core):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: choose(core, f"S{n}/x/1", allowed=bool(n % 2)), range(24)))
        list(pool.map(lambda _: choose(core, "same/x/1", allowed=True), range(8)))
    rows = answers(core)
    assert len(rows) == 1 + 24 + 1
    assert her(core).details_by_sms == rows[-1].allowed


def test_the_sessions_that_asked_are_known(core):
    choose(core, "S/gate.allow_details/1", allowed=True)
    choose(core, "T/gate.refuse_details/1", allowed=False, said=Said("ussd", "T", "en/1", at_gate=True))
    choose(core, "U/privacy.allow_details/1", allowed=True, said=Said("ussd", "U", "en/1"))
    assert set(her(core).details_asked_in) == {"S", "T"}


def test_a_link_that_no_answer_came_to_is_unasked(core):
    with core.imports.database.writing() as connection:
        given = {"phone_key": core.imports.vault.phone_key("+923009999999"), "phone_sealed": "x"}
        number = connection.execute(insert(phone).values(given)).inserted_primary_key[0]
        link = {"phone": number, "person": her(core).id, "status": "verified", "verified_how": "office"}
        connection.execute(
            insert(phone_link).values(link | {"linked_on": clock.today(), "details_by_sms": False})
        )
    assert not her(core, "+923009999999").details_asked
