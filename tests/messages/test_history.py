"""What was sent, on both databases: to a phone and about one thing, or page by page."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from gateway.messages.history import History
from gateway.messages.tables import outbox as table
from gateway.messages.values import Message
from gateway.privacy import Vault
from tests.messages.rows import phone
from tests.parts.gateway import DAY

A, B = phone(1), phone(2)


@pytest.fixture
def history(database, vault):
    return History(database, vault)


@pytest.fixture
def put(database, outbox):
    """A function: puts a message, `second` seconds after noon."""

    def put(key, to=A, second=0, **more):
        with (
            time_machine.travel(DAY + timedelta(seconds=second), tick=False),
            database.writing() as connection,
        ):
            outbox.put(
                connection,
                [Message(key, to, f"body of {key}", **{"lane": "alert", "template": "help", **more})],
            )

    return put


def test_each_message_comes_once_also_where_many_are_of_one_instant(history, put):
    for number, second in enumerate((0, 0, 0, 1, 1, 2)):
        put(f"k{number}", second=second)
    found, after = [], None
    while page := history.page(limit=2, after=after):
        found += page
        after = (page[-1].created_at, page[-1].id)
    assert tuple(found) == history.page(limit=100)
    assert len({one.id for one in found}) == 6
    assert len(history.page(limit=100, since=DAY + timedelta(seconds=1))) == 3
    assert history.one(found[0].id) == found[0]
    assert history.one(10**6) is None


def test_to_a_phone_the_newest_first_and_about_one_thing(history, put, vault):
    put("k1", subject="case:21234567")
    put("k2")
    put("k3", to=B, subject="case:21234567")
    keys = vault.phone_keys(A)
    assert [one.body for one in history.to_phones(keys)] == ["body of k2", "body of k1"]
    assert [one.body for one in history.to_phones(keys, limit=1)] == ["body of k2"]
    [told] = history.about("case:21234567", keys)
    assert (told.body, told.phone, told.phone_key, told.state) == ("body of k1", A, keys[0], "pending")
    assert history.to_phones(()) == history.about("case:21234567", ()) == ()


def test_by_its_key_and_by_the_reference_of_the_aggregator(history, put, database):
    put("k1")
    with database.writing() as connection:
        connection.execute(update(table).values(aggregator_id="ATXid_1"))
        told = history.keyed(connection, "k1")
        assert history.keyed(connection, "k2") is None
    assert history.referred("ATXid_1") == told
    assert history.referred("ATXid_2") is None


def test_a_message_whose_key_is_gone_is_shown_without_its_phone(history, put, database):
    put("k1")
    [told] = History(database, Vault({"k2": b"2" * 32})).page(limit=10)
    assert (told.phone, told.body) == ("", "body of k1")
