"""The board and the operators' page: real dials counted, roll-ups alone read, small sums held back, nobody named."""

import csv
import io
import re
import shutil
from base64 import b64decode
from dataclasses import replace

import pytest
from sqlalchemy import event

from gateway import compose
from gateway.app import create_app
from gateway.console.board import FEWEST, paces
from gateway.console.drawing import branches, draw
from gateway.console.funnel import stages
from gateway.journal.rollups import SPANS, Sum
from gateway.messages.rollups import sources
from tests.parts.console import Colleague

JOURNAL = re.compile(r"\b(turn|ussd_session|outbox|instalment\w*|person|case_event)\b")


@pytest.fixture(scope="module")
def watched(shared_gateway):
    """A gateway after four dials, all of it counted: three hung up, one on her answer, and of the last nobody told."""
    services = shared_gateway.services
    for number, keys, seconds in (
        ("+923001234501", ("1", "1", "1", "4821"), 20),
        ("+923001234502", ("1",), 20),
        ("+923001234503", (), 45),
        ("+923001234504", (), None),
    ):
        phone = shared_gateway.phone(number)
        phone.dial()
        phone.walk(*keys)
        if seconds:
            phone.hang_up(seconds=seconds)
    while services.journal.drain():
        pass
    counted = sources(services.database, services.core.totals)
    while services.rollups.catch_up(counted):
        pass
    return shared_gateway


@pytest.fixture
def her(watched):
    return Colleague(watched.client.application.test_client()).sign_in("supervisor")


@pytest.fixture
def statements(watched):
    """Statements sent to the database while the test looks."""
    sent = []

    def note(connection, cursor, statement, *rest):
        sent.append(statement)

    engines = [watched.services.database._reads, watched.services.database._writes]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("span", SPANS)
def test_the_board_reads_roll_ups_and_never_the_journal(her, statements, span):
    page = her.open(f"/watch?span={span}")
    assert page.status_code == 200
    assert [statement for statement in statements if JOURNAL.search(statement)] == []
    assert sum("tally" in statement for statement in statements) == 2
    assert len(statements) <= 6
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd><b>(\d+)</b>", page.text))
    assert figures == {
        "dials": "4", "got an answer": "1", "hung up before an answer": "1", "time ran out before an answer": "1",
        "under way, or no word of the end": "1", "texts answered": "0", "questions the core did not answer": "0",
    }  # fmt: skip
    assert '<span class="quiet">25%</span>' in page.text


def test_the_charts_are_pictures_without_script_or_foreign_addresses(her):
    page = her.open("/watch").text
    pictures = re.findall(r'<img class="chart" src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)">', page)
    assert len(pictures) >= 4
    for picture, told in pictures:
        svg = b64decode(picture).decode()
        assert told
        assert svg.startswith("<svg")
        assert "<script" not in svg
        assert re.findall(r"""(?:href|src)="[^#"]+"|url\((?!#)""", svg) == []
    assert "style=" not in page


def test_what_is_few_is_told_nowhere(watched, her):
    rows = list(csv.reader(io.StringIO(her.open("/watch.csv?span=month").text)))
    assert rows[0] == ["figure", "name", "part", "number", "amount"]
    guarded = [row for row in rows if row[0] in {"credited", "withdrawn", "complaint"}]
    assert guarded
    told = [row for row in guarded if row[3] != f"<{FEWEST}"]
    assert all(int(row[3]) >= FEWEST for row in told)
    assert all(row[4] == "" for row in guarded if row[3] == f"<{FEWEST}")
    for row in (
        ["dials", "", "", "4", ""],
        ["answered", "", "", "1", ""],
        ["unanswered", "hung_up", "", "1", ""],
        ["unanswered", "timed_out", "", "1", ""],
        ["unanswered", "untold", "", "1", ""],
        ["screen", "payments.ready", "read", "1", ""],
    ):
        assert row in rows


def test_the_export_names_nobody_and_is_in_the_audit(watched, her):
    text = her.open("/watch.csv").text
    assert not re.search(r"\d{5}-?\d{7}-?\d|\+92\d{9}|03\d{9}", text)
    entry = watched.services.staff.audit.entries(act="exported", limit=1)[0]
    assert (entry.subject, entry.detail) == ("page:watch", {"span": "today"})


def test_no_other_span_and_no_other_branch(her):
    assert her.open("/watch?span=year").status_code == 404
    assert her.open("/menus?branch=nowhere.home").status_code == 404


def test_the_funnel_follows_the_menus_and_says_where_callers_left(book):
    seen = {
        ("common.home", ""): Sum(10, 0),
        ("payments.home", ""): Sum(6, 0),
        ("common.too_many", ""): Sum(1, 0),
        ("payments.ready", ""): Sum(5, 0),
    }
    left = {("common.home", ""): Sum(7, 0), ("payments.home", ""): Sum(2, 0)}
    found = stages(book, "en", seen, left, {("common.home/money", ""): Sum(5, 0)})
    assert [(each.screen, each.depth, each.came, each.left, round(each.lost, 2)) for each in found] == [
        ("common.home", 0, 10, 3, 0.3), ("payments.home", 1, 5, 4, 0.67), ("payments.ready", 2, 0, 5, 0.0),
        ("common.too_many", 0, 1, 0, 0.0),
    ]  # fmt: skip
    assert [each.answers for each in found] == [False, False, True, False]
    assert found[3].end
    assert found[1].label == "My money"


@pytest.mark.parametrize(
    ("steps", "p50", "p95"),
    [
        ({"5": 100}, 5, 5),
        ({"5": 50, "10": 45, "25": 5}, 5, 10),
        ({"5": 49, "100": 51}, 100, 100),
        ({"5": 90, "over": 10}, 5, 10_000),
    ],
)
def test_times_are_never_told_better_than_they_were(steps, p50, p95):
    took = {("check_pin", part): Sum(number, 0) for part, number in steps.items()}
    (pace,) = paces(took, {})
    assert (pace.p50, pace.p95, pace.number) == (p50, p95, sum(steps.values()))


def test_each_screen_is_drawn_in_one_branch_at_a_place_of_its_own(book):
    found = branches(book)
    drawn = [name for screens in found.values() for name in screens]
    assert sorted([*drawn, "common.home"]) == sorted(book.screens)
    for screens in found.values():
        drawing = draw(book, screens, "en", {}, {})
        places = {(node.x, node.y) for node in drawing.nodes}
        assert len(places) == len(screens)
        assert all(0 <= x < drawing.width and 0 <= y < drawing.height for x, y in places)


def test_operators_see_traffic_coverage_and_the_check(watched, her, statements):
    page = her.open("/menus").text
    assert sum("tally" in statement for statement in statements) == 1
    assert "payments.home" in page
    assert len(re.findall(r"\d+ / \d+ \(\d+%\)", page)) == 2
    checked = her.send("/menus/check", seen_on="/menus")
    assert "No faults in the menu files. They are the ones that callers get." in checked.text
    assert watched.services.staff.audit.entries(act="menus_checked", limit=1)


def test_faults_of_the_files_are_told_line_by_line(watched, tmp_path):
    menus = tmp_path / "menus"
    shutil.copytree(watched.services.settings.menus, menus)
    (menus / "broken.yaml").write_text("broken.home:\n  kind: nonsense\n", "utf-8")
    changed = watched.services.settings.model_copy(update={"menus": menus})
    services = replace(watched.services, reopen_book=lambda: compose.open_book(changed))
    her = Colleague(create_app(services).test_client()).sign_in("supervisor")
    answer = her.send("/menus/check", seen_on="/me")
    assert answer.status_code == 200
    assert "broken.home" in answer.text
    assert "Callers still get the menus of before." in answer.text


def test_the_board_is_asked_again_and_sent_only_when_it_changed(watched, her):
    first = her.open("/watch/board?span=today")
    assert "<dt>dials</dt>" in first.text
    again = her.open("/watch/board?span=today", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    watched.phone("+923001234504").dial()
    watched.services.journal.drain()
    changed = her.open("/watch/board?span=today", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
