"""Calls from the page's forms, without script, to a stand-in of the gateway."""

import re
import sqlite3
import threading
import time
from html import unescape

import pytest
import requests

from gateway.simulator.calls import Calls
from gateway.simulator.store import Store
from tests.simulator.conftest import QUICK

READY = "+923001234501"


class Page:
    def __init__(self, url: str, caller: str = "ready") -> None:
        self.url, self.caller = f"{url}/simulator", caller

    def look(self) -> str:
        return unescape(requests.get(self.url, {"caller": self.caller}, timeout=10).text)

    def press(self, do: str, keys: str = "", **more) -> requests.Response:
        fields = {"caller": self.caller, "do": do, "keys": keys} | more
        return requests.post(f"{self.url}/press", fields, timeout=15)

    def screen(self) -> str:
        shown = re.search(r'id="screen".*?>(.*?)</div>', self.look(), re.DOTALL)
        return re.sub(r"\s*<[^>]+>\s*", "\n", shown[1]).strip()

    def choose(self, **more) -> None:
        fields = {"caller": self.caller, "network": "99999", "notice": "once", "trouble": "none"} | more
        assert requests.post(f"{self.url}/line", fields, timeout=10).status_code == 200


@pytest.fixture
def page(stand_in):
    return Page(stand_in.url)


def test_a_call_is_the_aggregators_wire(page, stand_in):
    stand_in.label = "common.home"
    page.choose(network="41001")
    page.press("send")
    assert "1 My money" in page.screen()
    page.press("send", "1")
    page.press("send", "2")
    hops = stand_in.of("ussd")
    assert [hop.form["text"] for hop in hops] == ["", "1", "1*2"]
    assert {hop.form["sessionId"] for hop in hops} == {hops[0].form["sessionId"]}
    assert re.fullmatch(r"ATUid_[0-9a-f]{32}", hops[0].form["sessionId"])
    assert hops[0].names == ["phoneNumber", "serviceCode", "text", "sessionId", "networkCode"]
    assert hops[0].form["networkCode"] == "41001"
    sent = dict(hops[0].headers)
    assert sent["User-Agent"] == "at-ussd-api/1.0"
    assert set(sent) == {"Host", "User-Agent", "Accept-Encoding", "Content-Type", "Content-Length"}
    assert [dict(hop.headers).get("At-Ussd-Hop-Metadata") for hop in hops] == [
        None,
        "common.home",
        "common.home",
    ]


def test_an_extension_is_dialled(page, stand_in):
    page.press("send", "*8171*1*2#")
    hop = stand_in.of("ussd")[0].form
    assert (hop["serviceCode"], hop["text"]) == ("*8171#", "1*2")


def test_the_end_is_shown_and_told_once(page, stand_in):
    stand_in.page = lambda text: "END Thank you" if text else "CON Ehsaas"
    page.press("send")
    page.press("send", "4821")
    assert page.screen() == "Thank you"
    ended = stand_in.wait_for("ussd-ended")[0].form
    assert (ended["status"], ended["input"], ended["hopsCount"]) == ("Success", "4821", "2")
    assert ended["lastAppResponse"] == "END Thank you"
    time.sleep(0.2)
    assert len(stand_in.of("ussd-ended")) == 1


@pytest.mark.parametrize(("notice", "copies"), [("twice", 2), ("never", 0)])
def test_the_notice_of_the_end_comes_as_often_as_chosen(page, stand_in, notice, copies):
    page.choose(notice=notice)
    page.press("dial")
    page.press("drop")
    if copies:
        stand_in.wait_for("ussd-ended", copies)
    time.sleep(0.3)
    got = stand_in.of("ussd-ended")
    assert len(got) == copies
    assert len({one.raw for one in got}) == min(copies, 1)


def test_a_dropped_call_is_incomplete_and_over(page, stand_in):
    began = time.monotonic()
    page.press("dial")
    time.sleep(0.3)
    page.press("drop")
    passed = time.monotonic() - began
    assert "dropped" in page.screen()
    ended = stand_in.wait_for("ussd-ended")[0].form
    assert ended["status"] == "Incomplete"
    assert 300 <= int(ended["durationInMillis"]) <= 1000 * passed
    assert page.press("send", "1").status_code == 409
    assert len(stand_in.of("ussd")) == 1


@pytest.mark.parametrize("pressed", [True, False])
def test_a_call_that_waits_too_long_is_ended_by_the_network(page, stand_in, pressed):
    began = time.monotonic()
    page.press("dial")
    if pressed:
        page.press("time-out")
    ended = stand_in.wait_for("ussd-ended")[0].form
    assert ended["status"] == "Incomplete"
    assert int(ended["durationInMillis"]) >= 1000 * QUICK.idle
    assert "ended the call after 1.5 s without a key" in page.screen()
    assert (time.monotonic() - began < QUICK.idle) == pressed


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (("boom", 503, {}), "unexpected response code: 503"),
        ("", "Response should start with a CON or an END (the body is empty)"),
        (" CON x", "Response should start with a CON or an END (something stands before it)"),
        ("<html>", "Response should start with a CON or an END"),
        (("CON x", 200, {"at-ussd-hop-metadata": "a|b"}), "holds a |"),
        (("", 302, {"Location": "/elsewhere"}), "unexpected response code: 302"),
    ],
)
def test_a_bad_answer_ends_the_call_and_is_shown_exactly(page, stand_in, answer, shown):
    stand_in.page = lambda text: answer
    page.press("send")
    assert shown in page.screen()
    ended = stand_in.wait_for("ussd-ended")[0].form
    assert ended["status"] == "Failed"
    assert shown in ended["errorMessage"]


def test_a_slow_answer_is_not_waited_for(stand_in):
    from gateway.simulator import call as calling
    from gateway.simulator.line import Line

    stand_in.slow = 0.8
    answer = Line(stand_in.url, "demo", seconds=0.2).hop(calling.dial("*8171#", READY, "*8171#"))
    assert answer.fault == "no answer within 0.2 s"
    assert answer.millis < 700


def test_one_hop_sent_twice_is_two_requests_at_once(page, stand_in):
    page.press("dial")
    stand_in.slow = 0.3
    began = time.monotonic()
    page.press("twice", "1")
    assert time.monotonic() - began < 0.58
    first, second = stand_in.of("ussd")[1:]
    assert first.raw == second.raw
    assert "both answers are equal" in page.look()
    page.press("send", "2")
    assert stand_in.of("ussd")[-1].form["text"] == "1*2"
    assert "both answers" not in page.look()


def test_answers_that_differ_are_told(page, stand_in):
    count = iter(range(9))
    stand_in.page = lambda text: f"CON number {next(count)}"
    page.press("twice")
    assert "the answers differ" in page.look()


def test_two_presses_at_once_are_one(page, stand_in):
    page.press("dial")
    stand_in.slow = 0.4
    codes: list[int] = []
    presses = [
        threading.Thread(target=lambda: codes.append(page.press("send", "1").status_code)) for _ in range(2)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert sorted(codes) == [200, 409]
    assert [hop.form["text"] for hop in stand_in.of("ussd")] == ["", "1"]


def test_what_was_typed_does_not_stay_in_the_file(page, stand_in, tmp_path):
    stand_in.page = lambda text: "END done" if text.endswith("4821") else "CON Your PIN?"
    page.press("send")
    page.press("send", "4821")
    stand_in.wait_for("ussd-ended")
    until = time.monotonic() + 5
    while "notice: taken" not in page.look() and time.monotonic() < until:
        time.sleep(0.05)
    assert all(b"4821" not in path.read_bytes() for path in tmp_path.iterdir())


def test_the_call_is_shared_by_processes(page, tmp_path):
    page.press("dial")
    other = Calls(Store(tmp_path / "simulator.db")).of(READY)
    assert other is not None
    assert other.open
    with sqlite3.connect(tmp_path / "simulator.db") as connection:
        assert connection.execute("select count(*) from calls").fetchone() == (1,)
    connection.close()


def test_each_caller_has_her_own_phone(page, stand_in):
    page.press("dial")
    stranger = Page(stand_in.url, "stranger")
    assert "Press Send to dial" in stranger.screen()
    stranger.press("send")
    assert stand_in.of("ussd")[-1].form["phoneNumber"] == "+923001234520"


def test_addresses_and_caches_hold_nothing_personal(page, stand_in):
    page.press("send")
    answer = requests.get(page.url, timeout=10)
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=", answer.text)
    for address in re.findall(r'(?:href|src|action)="([^"]*)"', answer.text):
        assert not re.search(r"\d{4}(?!1)", address.replace("8171", ""))


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("/press", {}, 400),
        ("/press", {"caller": "nobody", "do": "send"}, 400),
        ("/press", {"caller": "ready", "do": "fly"}, 400),
        ("/press", {"caller": "ready", "do": "send", "keys": "hello"}, 409),
        ("/press", {"caller": "ready", "do": "dial", "keys": "*8x#"}, 409),
        ("/text", {"caller": "ready", "body": " \n"}, 409),
        ("/line", {"caller": "ready", "network": "abc", "notice": "once", "trouble": "none"}, 409),
        ("/line", {"caller": "ready", "network": "1", "notice": "often", "trouble": "none"}, 400),
    ],
)
def test_bad_forms_are_refused(page, path, fields, code):
    assert requests.post(page.url + path, fields, timeout=10).status_code == code


def test_other_sites_press_no_keys(page, stand_in):
    refused = requests.post(
        f"{page.url}/press",
        {"caller": "ready", "do": "dial"},
        headers={"Sec-Fetch-Site": "cross-site"},
        timeout=10,
    )
    assert refused.status_code == 403
    assert not stand_in.got
    assert requests.get(f"{page.url}?caller=nobody", timeout=10).status_code == 404
