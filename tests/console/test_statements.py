"""Statements of every page that reads: no more than a bound, and no more with many rows than with few."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event

from gateway import clock
from gateway.conversation.session import Opening
from gateway.core.port import Window
from gateway.messages.values import Message
from tests.console.phones import person_of
from tests.journal.made import session_id, turn
from tests.parts.console import Colleague
from tests.transcripts.script import cast

READY = cast()["ready"]
# View -> path, who opens it, most statements: who asks is one, and a look-up that goes into the audit two.
PAGES = {
    "home": ("/", "agent", 11),
    "caller": ("/persons/{person}", "agent", 19),
    "phone": ("/phones/{phone_key}", "agent", 10),
    "sessions": ("/sessions", "agent", 6),
    "sessions_rows": ("/sessions/rows", "agent", 3),
    "sessions_replay": ("/sessions/{session}", "agent", 9),
    "sessions_test": ("/sessions/{session}/test", "officer", 6),
    "queues": ("/queues", "agent", 10),
    "queues_one": ("/queues/{queue}", "female", 10),
    "case": ("/cases/{case}", "agent", 11),
    "asked": ("/requests/change/{change}", "officer", 6),
    "open_case": ("/persons/{person}/case", "agent", 7),
    "open_case_by_phone": ("/phones/{phone_key}/case", "agent", 6),
    "send_text": ("/persons/{person}/text", "agent", 7),
    "send_text_by_phone": ("/phones/{phone_key}/text", "agent", 7),
    "call_back": ("/persons/{person}/call-back", "agent", 6),
    "call_back_by_phone": ("/phones/{phone_key}/call-back", "agent", 6),
    "phones": ("/persons/{person}/phones", "agent", 6),
    "flag_pay_point": ("/persons/{person}/pay-point", "agent", 6),
    "reveals": ("/reveals", "supervisor", 3),
    "watch": ("/watch", "supervisor", 3),
    "watch_board": ("/watch/board?span=month", "supervisor", 3),
    "watch_csv": ("/watch.csv", "supervisor", 6),
    "menus": ("/menus", "supervisor", 2),
    "audit": ("/audit", "auditor", 6),
    "audit_csv": ("/audit.csv", "auditor", 5),
    "staff": ("/staff", "admin", 2),
    "staff_one": ("/staff/1", "admin", 2),
    "tokens": ("/tokens", "admin", 3),
    "me": ("/me", "agent", 1),
}
# What a script asks for a page that was opened; the sign-in and its factors stand before anybody is known.
ELSEWHERE = {
    "sessions_steps", "sign_in", "second_factor", "factor_set_up", "nowhere", "static",
}  # fmt: skip
QUEUES = ("mine", "open", "overdue", "confidential", "application", "change", "call_backs", "pay_points")


@pytest.fixture
def sent(gateway):
    """A function: the statements that opening a page sends to the database."""
    statements = []
    engines = [gateway.services.database._reads, gateway.services.database._writes]

    def note(connection, cursor, statement, *rest):
        statements.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)

    def sent(her, path):
        gateway.services.journal.drain()
        gateway.services.journal._caught_up = (
            clock.ticks() + 60
        )  # what is drained meanwhile is not the page's
        statements.clear()
        answer = her.open(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return list(statements)

    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def fill(gateway, numbers, rows):
    """So many more of all that pages list."""
    services, casework = gateway.services, gateway.services.core.casework
    phone_key = services.vault.phone_key(READY["phone"])
    for number in (next(numbers) for _ in range(rows)):
        phone = f"+92300888{number:04d}"
        casework.open("short_payment", phone, f"case{number}", by="staff:1", person=None, words="Less.")
        casework.open("protection", phone, f"safe{number}", by="staff:1", person=None, words="In confidence.")
        day = clock.today() + timedelta(days=1)
        services.core.call_backs.book(
            phone, day, Window("morning"), by="staff:1", key=f"call{number}", person=None
        )
        messages = [Message(f"sent{number}", READY["phone"], "8171: Hello.", "alert", "help", "en", "")]
        with services.database.writing() as connection:
            services.outbox.put(connection, messages)
        services.journal.write([turn(session_id(), opening=Opening("en"))], phone_key)
    open_ones = [
        row.reference for row in casework.queue("unassigned", "", confidential=False, limit=rows).rows
    ]
    casework.assign(open_ones, "staff:1", by="staff:1", key=f"give{next(numbers)}", confidential=False)


def test_every_page_is_bounded_and_does_not_grow_with_its_rows(gateway, sent):
    app = gateway.client.application
    views = {
        rule.endpoint.removeprefix("console.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in rule.methods
    }
    assert views == set(PAGES) | ELSEWHERE
    known: dict[str, Colleague] = {}

    def her(name):
        if name not in known:
            known[name] = Colleague(app.test_client(), f"10.8.0.{len(known) + 1}").sign_in(name)
        return known[name]

    numbers = count(1)
    fill(gateway, numbers, 2)
    phone = gateway.phone(READY["phone"])
    phone.dial()
    phone.walk("1", "1")
    person = person_of(gateway, READY)
    instalment = gateway.services.core.payments.history(person, 1)[0].id
    about = gateway.services.core.casework.open(
        "short_payment", READY["phone"], "k2", by="staff:1", person=person, subject=f"instalment:{instalment}"
    )
    change = gateway.services.core.changes.report(person, "birth", READY["phone"], "k1", channel="ussd")
    places = {
        "person": person,
        "phone_key": gateway.services.vault.phone_key(READY["phone"]),
        "session": phone.session,
        "case": about.case.reference,
        "change": change.request.reference,
    }
    her("agent").open(f"/persons/{person}")  # so that the first page has a caller of today to name
    counts = []
    for rows in (0, 40):
        fill(gateway, numbers, rows)
        found = {}
        for view, (path, name, _) in PAGES.items():
            for queue in QUEUES if "{queue}" in path else ("",):
                found[view, queue] = len(sent(her(name), path.format(**places, queue=queue)))
        counts.append(found)
    few, many = counts
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
    over = {page: number for page, number in many.items() if number > PAGES[page[0]][2]}
    assert over == {}
