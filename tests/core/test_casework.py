"""The staff's queues and acts on both databases: order, places of pages, one key one act."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway import clock
from gateway.core.embedded.core import build
from gateway.core.port import Asked, CallBackState, CaseState, ReviewedText, Window
from gateway.core.port.casework import QUEUES
from gateway.core.port.pay_points import FlagReason
from tests.core import people

CONFIG = Path(__file__).resolve().parents[2] / "config"
PHONE = "+923001234501"


class Heard:
    """Keeps what is announced."""

    def __init__(self) -> None:
        self.moves, self.acts, self.texts = [], [], []

    def moved(self, connection, moves) -> None: ...

    def asked_moved(self, connection, moves) -> None:
        self.moves += [(move.reference, move.state) for move in moves]

    def done(self, connection, template, phones, values, subject) -> None:
        self.acts.append((template, phones))

    def text_given(self, connection, phone, text, *, key, subject) -> None:
        self.texts.append((key, text.name))


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def core(database, heard):
    with database.writing() as connection:
        people.settle_places(connection)
        people.settle(connection, score="20.00")
    return build(database, people.VAULT, CONFIG, heard)


def test_queues_in_order_page_by_page(core):
    opened = [
        core.casework.open(category, PHONE, f"k{category}", by="staff:1", person=None).case.reference
        for category in ("other", "scam", "loan", "protection")
    ]
    rows = core.casework.queue("open", "staff:1", confidential=True).rows
    assert [row.category for row in rows] == ["scam", "protection", "loan", "other"]
    found, after = [], ""
    while True:
        page = core.casework.queue("open", "staff:1", confidential=True, after=after, limit=1)
        found += [row.reference for row in page.rows]
        if not (after := page.after):
            break
    assert found == [row.reference for row in rows]
    assert sorted(found) == sorted(opened)
    counts = core.casework.counts("staff:1", confidential=False)
    assert {name: counts[name] for name in QUEUES} == {
        "mine": 0, "unassigned": 3, "overdue": 0, "ombudsman": 0, "confidential": 0, "open": 3,
    }  # fmt: skip
    assert (counts[Asked.APPLICATION], counts[Asked.CHANGE]) == (0, 0)


def test_the_next_of_a_queue_is_behind_the_case_also_when_it_has_left(core):
    scam, loan, other = (
        core.casework.open(category, PHONE, f"k{category}", by="staff:1", person=None).case.reference
        for category in ("scam", "loan", "other")
    )

    def following(reference, name="open"):
        row = core.casework.following(name, reference, "staff:1", confidential=False)
        return row and row.reference

    assert [following(each) for each in (scam, loan, other)] == [loan, other, scam]
    core.casework.answer(loan, CaseState.RESOLVED, by="staff:1", key="r", confidential=False)
    assert [following(each) for each in (scam, loan, other)] == [other, other, scam]
    core.casework.assign([scam], "staff:1", by="staff:1", key="a", confidential=False)
    assert [following(each, "mine") for each in (scam, loan)] == [None, scam]
    assert following("29999999") is None


def test_one_key_is_one_act(core, heard):
    case = core.casework.open("loan", PHONE, "k1", by="staff:1", person=None)
    assert core.casework.open("loan", PHONE, "k1", by="staff:1", person=None).outcome == "again"
    reference = case.case.reference
    assert [
        core.casework.assign([reference], "staff:2", by="staff:1", key="a", confidential=False)
        for _ in range(2)
    ] == [1, 0]
    assert heard.moves == [(reference, "new"), (reference, "assigned")]
    book = [
        core.call_backs.book(
            PHONE, clock.today() + timedelta(days=1), Window.MORNING, by="staff:1", key="b", female=True
        )
        for _ in range(2)
    ]
    assert book == [True, False]
    [call] = core.call_backs.waiting(female=True)
    assert core.call_backs.settle(call.id, CallBackState.DONE, by="staff:1", key="c", female=True)
    assert core.call_backs.count(female=True) == 0
    assert heard.acts == [("call_back_booked", (PHONE,))]


def test_a_note_and_an_answer_carry_one_text_each_however_often_they_are_sent(core, heard):
    reference = core.casework.open("loan", PHONE, "k1", by="staff:1", person=None).case.reference
    text = ReviewedText("staff_documents", clock.today())
    for state, key in ((None, "n"), (CaseState.RESOLVED, "r"), (None, "n"), (CaseState.RESOLVED, "r")):
        core.casework.answer(
            reference, state, by="staff:1", key=key, confidential=False, note="so", text=text
        )
    assert heard.texts == [(f"case:{reference}:{turn}", "staff_documents") for turn in (2, 3)]
    assert heard.moves == [(reference, "new"), (reference, "resolved")]


def test_links_and_pay_points(core):
    person, number = 1, "+923331112223"
    assert core.links.link(person, number, by="staff:1", key="l")
    link = next(each for each in core.links.of(person) if each.phone == number)
    assert core.links.unlink(person, link.id, by="staff:1", key="u")
    assert number not in {each.phone for each in core.links.of(person)}
    for point in core.pay_points.near(person)[:1]:
        done = [
            core.pay_points.flag(point.code, person, FlagReason.FEE, by="staff:1", key=key) for key in "xy"
        ]
        assert done == [True, False]
    assert core.pay_points.count() == len(core.pay_points.flagged())
    assert all(flag.callers == 1 for flag in core.pay_points.flagged())
