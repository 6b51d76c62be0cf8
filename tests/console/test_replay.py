"""A session at the console: what she saw to the letter, what it says to the reader, what it would say now, and to whom."""

import re
from html import unescape

import pytest
import time_machine
from sqlalchemy import text

from gateway import clock
from gateway.conversation.session import Call, Opening, Page
from gateway.db import _statements
from tests.journal.made import PHONE, session_id, turn
from tests.parts.gateway import DAY

CALLER = "+923001234501"


@pytest.fixture
def her(gateway, colleague):
    return colleague().sign_in("agent")


def walked(gateway, *keys, number=CALLER):
    """A dial and its screens."""
    phone = gateway.phone(number)
    screens = [phone.dial()]
    screens += [phone.send(key) for key in keys]
    return phone, screens


def of(page, kind):
    return [
        unescape(found) for found in re.findall(rf'<div class="{kind}"[^>]*>(.*?)</div>', page, re.DOTALL)
    ]


def test_the_screens_are_hers_to_the_letter_with_the_readers_words_beside_them(gateway, her):
    phone, screens = walked(gateway, "1", "1", "9", "4821")
    page = her.open(f"/sessions/{phone.session}").text
    assert of(page, "screen") == screens
    assert len(of(page, "paper")) == len(screens)
    assert any("My money" in one for one in of(page, "paper"))
    assert "4821" not in page
    assert CALLER[-9:] not in page


def test_a_text_is_replayed_too(gateway, her):
    said = gateway.reply_to(gateway.phone("+923001234506"), "61101-1234506-4")
    (row,) = gateway_rows(gateway, her)
    page = her.open(f"/sessions/{row}").text
    (seen,) = of(page, "screen")
    assert seen == said
    assert "1234506" not in page
    assert "Walk on from here" not in page


def gateway_rows(gateway, her, state=""):
    rows = her.open(f"/sessions/rows?state={state}").text
    return re.findall(r'href="/console/sessions/([^"]+)"', rows)


def test_what_cannot_be_written_in_other_words_is_not_guessed(gateway, her):
    sid = session_id()
    gateway.services.journal.write([turn(sid)], PHONE)
    page = her.open(f"/sessions/{sid}").text
    assert of(page, "paper") == []
    assert "Cannot be written" in page


@pytest.mark.parametrize(
    ("seconds", "word", "told"),
    [
        (12.4, "she hung up", "She hung up after 12 s on the last screen."),
        (60, "time ran out", "The network&#39;s time ran out: no key for 60 s."),
        (181, "time ran out", "The network&#39;s time ran out: 181 s in all, no key for 181 s."),
        (None, "hung up or timed out", "nobody told how long the call lasted"),
    ],
)
def test_who_ended_it_and_after_how_long_a_silence_is_told(gateway, her, seconds, word, told):
    with time_machine.travel(DAY, tick=False):
        phone, _ = walked(gateway, "1", "1")
        gateway.services.journal.drain()
        phone.hang_up(seconds=seconds)
    page = her.open(f"/sessions/{phone.session}").text
    assert f">{word}</span>" in page
    assert page.count(told) == 2, "above the screens, and under the last"
    assert f">{word}</span>" in her.open("/sessions/rows").text


def test_who_hangs_up_on_her_answer_is_no_drop_off(gateway, her):
    answered, _ = walked(gateway, "1", "1", "1", "4821", "0")
    asked, _ = walked(gateway, "1", "1")
    promised = session_id()
    late = Page("The answer will come by SMS.", end=True, screen="common.by_sms")
    gateway.services.journal.write([turn(promised, page=late)], PHONE)
    while gateway.services.journal.drain():
        pass
    for phone, seconds in ((answered, 20), (asked, 60)):
        phone.hang_up(seconds=seconds)
    listed = {state: gateway_rows(gateway, her, state) for state in ("answered", "left")}
    assert listed == {"answered": [answered.session], "left": [promised, asked.session]}
    rows = her.open("/sessions/rows").text
    for tag in ('good">answered; she hung up', 'warn">time ran out', 'plain">answer goes by SMS'):
        assert f"{tag}</span>" in rows
    page = her.open(f"/sessions/{answered.session}").text
    assert page.count('<span class="tag good">answer</span>') == 1


def test_a_reminder_and_a_core_that_failed_are_told(gateway, her):
    phone, _ = walked(gateway, "1", "1", "4821")
    phone.hang_up()
    sid = session_id()
    failed = turn(sid, calls=(Call("latest_payment", "unreachable", 5000.0),))
    gateway.services.journal.write([failed], PHONE)
    assert "she hung up" in her.open(f"/sessions/{phone.session}").text
    assert "core failed" in her.open(f"/sessions/{sid}").text


def test_a_dial_that_names_a_case_in_confidence_is_not_there_for_most(gateway, colleague):
    case = gateway.services.core.cases.open("protection", CALLER, "k1", channel="ussd").case
    sid = session_id()
    told = turn(sid, page=Page(f"{case.reference} is your number.", end=False, screen="cases.opened"))
    gateway.services.journal.write([told], PHONE)
    gateway.services.journal.write([turn(sid, number=2)], PHONE)  # what came after does not make it open
    agent, female = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("female")
    for path in (f"/sessions/{sid}", f"/sessions/{sid}?now=menus", f"/sessions/{sid}/steps"):
        assert agent.open(path).status_code == 404
    assert female.open(f"/sessions/{sid}").status_code == 200
    refused = gateway.services.staff.audit.entries(act="refused", limit=1)[0]
    assert (refused.subject, refused.detail) == (f"session:{sid}", {"permission": "see_confidential"})
    link = f'/console/sessions/{sid}"'
    assert link not in agent.open("/sessions/rows").text
    assert link in female.open("/sessions/rows").text
    found = [her.send("/find", seen_on="/", q=sid) for her in (agent, female)]
    assert [answer.status_code for answer in found] == [200, 303]
    assert "No session or message has this id" in found[0].text


def test_opening_is_audited_and_only_what_was_opened_may_be_watched(gateway, her, colleague):
    phone, _ = walked(gateway, "1")
    steps = f"/sessions/{phone.session}/steps"
    assert her.open(steps).status_code == 404
    page = her.open(f"/sessions/{phone.session}").text
    entry = gateway.services.staff.audit.entries(act="session_replayed")[0]
    assert entry.subject == f"session:{phone.session}"
    watch = {"X-Watch": re.search(r'data-watch="([^"]+)"', page)[1]}
    assert colleague("10.0.0.3").sign_in("officer").open(steps, headers=watch).status_code == 404
    answer = her.open(steps, headers=watch)
    assert answer.status_code == 200
    again = her.open(steps, headers=watch | {"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    screen = phone.send("1")
    grown = her.open(steps, headers=watch | {"If-None-Match": answer.headers["ETag"]})
    waited(grown, lambda: her.open(steps, headers=watch), screen)


def waited(answer, ask, screen):
    """The fresh screen is there at once, or after the half second that catching up may pause."""
    until = clock.deadline(2)
    while screen not in of(answer.text, "screen"):
        assert not until.passed()
        answer = ask()


def test_a_session_under_way_is_listed_within_two_seconds_of_its_hop(gateway, her):
    her.open("/sessions")
    phone, _ = walked(gateway)
    until = clock.deadline(2)
    while phone.session not in gateway_rows(gateway, her):
        assert not until.passed()
    live = her.open("/sessions?state=live").text
    assert phone.session in live
    phone.hang_up()
    assert phone.session not in her.open("/sessions?state=live").text
    assert phone.session in her.open("/sessions?state=left").text


def test_todays_data_is_marked_line_by_line(gateway, her, colleague):
    phone, screens = walked(gateway, "1", "1", "1", "4821")
    assert "13,500" in screens[-1]
    path = f"/sessions/{phone.session}"
    with gateway.services.database.writing() as connection:
        connection.execute(text("UPDATE instalment SET amount = 9000 WHERE amount = 13500"))
    assert "<ins>" not in her.open(f"{path}?now=menus").text
    page = her.open(f"{path}?now=data").text
    (gone,) = re.findall(r"<del>.*?</del>", page, re.DOTALL)
    (new,) = re.findall(r"<ins>.*?</ins>", page, re.DOTALL)
    assert "13,500" in gone
    assert "gone:" in gone
    assert "9,000" in new
    assert "check_pin" in page, "her PIN is not kept: that answer is of its day"
    auditor = colleague("10.0.0.4").sign_in("auditor")
    assert auditor.open(f"{path}?now=menus").status_code == 200
    assert auditor.open(f"{path}?now=data").status_code == 403
    assert auditor.open(f"{path}?now=else").status_code == 404


def test_saved_as_a_test_it_names_nobody(gateway, colleague):
    phone, _ = walked(gateway, "1", "2", "35202-1234507-6", number="+923001234520")
    officer = colleague().sign_in("officer")
    answer = officer.open(f"/sessions/{phone.session}/test?keep=1")
    assert answer.content_type.startswith("text/plain")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.startswith("caller: ?\nlanguage: ")
    assert "> *8171#" in answer.text
    assert "5076" not in answer.text
    assert "1234507" not in answer.text


@pytest.mark.parametrize(("path", "most"), [("", 9), ("?now=menus", 9)])
def test_statements_do_not_grow_with_the_session(gateway, her, path, most):
    counts = []
    for keys in (("1",), ("1", "1", "0", "1", "0", "1", "0", "1", "0", "1", "00")):
        phone, _ = walked(gateway, *keys)
        gateway.services.journal.drain()
        gateway.services.journal._caught_up = clock.ticks()
        before = _statements._value.get()
        assert her.open(f"/sessions/{phone.session}{path}").status_code == 200
        counts.append(_statements._value.get() - before)
    assert counts[0] == counts[1]
    assert counts[0] <= most


def test_a_list_is_a_few_statements_however_long(gateway, her):
    gateway.services.journal.write([turn(session_id(), opening=Opening("en")) for _ in range(60)], PHONE)
    gateway.services.journal._caught_up = clock.ticks() + 60
    before = _statements._value.get()
    assert len(gateway_rows(gateway, her)) == 50
    assert _statements._value.get() - before <= 3
    her.open("/sessions")
    noted = gateway.services.staff.audit.entries(act="sessions_listed")
    assert [entry.subject for entry in noted] == ["page:sessions"]  # once, however long the rows are watched


def test_nobody_knows_that_session(her):
    assert her.open("/sessions/none").status_code == 404


def test_it_says_whose_session_it_is_and_offers_what_can_be_done_for_her(gateway, her, colleague):
    phone, _ = walked(gateway, "1", "1")
    page = her.open(f"/sessions/{phone.session}").text
    (person,) = set(re.findall(r'href="/console/persons/(\d+)"', page))
    assert "*****-****501-2" in page
    assert f'href="/console/persons/{person}/case?session={phone.session}"' in page
    shared, _ = walked(gateway, "1", number="+923001234515")
    stranger, _ = walked(gateway, "1", number="+923001234520")
    gateway.services.journal.drain()
    page = her.open(f"/sessions/{shared.session}").text
    assert len(set(re.findall(r'href="/console/persons/(\d+)"', page))) == 2
    assert "ask who is speaking" in page
    page = her.open(f"/sessions/{stranger.session}").text
    assert "linked to nobody" in page
    assert re.search(rf'href="/console/phones/[^/"]+/case\?session={stranger.session}"', page)
    reading = colleague("10.0.0.9").sign_in("auditor").open(f"/sessions/{phone.session}").text
    assert f'href="/console/persons/{person}"' in reading
    assert "/case" not in reading


def test_her_page_shows_the_dial_she_is_still_in(gateway, her):
    phone, _ = walked(gateway, "1", "1")
    page = her.open(f"/sessions/{phone.session}").text
    person = re.search(r'href="/console/persons/(\d+)"', page)[1]
    other, _ = walked(gateway, "1")
    gateway.services.journal._caught_up = 0.0  # as if half a second had passed
    assert other.session in her.open(f"/persons/{person}").text
