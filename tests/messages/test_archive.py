"""Messages page by page on both databases."""

from datetime import timedelta

import time_machine

from gateway.messages.archive import Archive
from gateway.messages.outbox import Outbox
from gateway.messages.values import Message
from tests.core.people import VAULT
from tests.parts.gateway import DAY


def test_each_message_comes_once_also_where_many_are_of_one_instant(database):
    outbox, history = Outbox(database, VAULT), Archive(database, VAULT)
    for second in (0, 0, 0, 1, 1, 2):
        with (
            time_machine.travel(DAY + timedelta(seconds=second), tick=False),
            database.writing() as connection,
        ):
            count = len(history.page(limit=100))
            outbox.put(connection, [Message(f"k{count}", "+923001234501", "x", "alert", "help")])
    found, after = [], None
    while page := history.page(limit=2, after=after):
        found += page
        after = (page[-1].created_at, page[-1].id)
    assert [one.id for one in found] == [one.id for one in history.page(limit=100)]
    assert len({one.id for one in found}) == 6
    assert len(history.page(limit=100, since=DAY + timedelta(seconds=1))) == 3
    assert history.one(found[0].id).phone == "+923001234501"
    assert history.one(10**6) is None
