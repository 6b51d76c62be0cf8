"""`gateway dial` against a stand-in of the gateway."""

import socket

import pytest
from click.testing import CliRunner

from gateway.cli.dial import dial

PHONE = ("--phone", "+923001234501")


def run(*arguments: str, **more):
    return CliRunner().invoke(dial, arguments, **more)


def test_keys_are_sent_one_by_one_and_each_screen_is_shown(stand_in):
    stand_in.label = "common.home"
    result = run("*8171#", *PHONE, "--keys", "1*2", "--url", stand_in.url)
    assert result.exit_code == 0, result.output
    assert [hop.form["text"] for hop in stand_in.of("ussd")] == ["", "1", "1*2"]
    assert "> *8171#\nEhsaas 8171\n1 My money" in result.output
    assert "> 2\nYou typed 1*2" in result.output
    assert "/160 GSM-7" in result.output
    assert "common.home" in result.output
    assert stand_in.of("ussd-ended")[0].form["status"] == "Incomplete"


def test_a_pin_is_not_shown(stand_in):
    stand_in.page = lambda text: "END Your money is ready" if text else "CON PIN?"
    result = run("*8171*1#", *PHONE, "--keys", "", "--url", stand_in.url)
    assert stand_in.of("ussd")[0].form["text"] == "1"
    result = run("*8171#", *PHONE, "--keys", "4821", "--url", stand_in.url)
    assert result.exit_code == 0
    assert "> ****\nYour money is ready" in result.output
    assert "4821" not in result.output
    assert stand_in.of("ussd-ended")[-1].form["status"] == "Success"


def test_keys_past_the_end_are_a_fault(stand_in):
    stand_in.page = lambda text: "END bye"
    result = run("*8171#", *PHONE, "--keys", "1*2", "--url", stand_in.url)
    assert result.exit_code == 1
    assert "the call ended, 2 of 2 keys were not sent" in result.output


def test_a_bad_answer_is_told(stand_in):
    stand_in.page = lambda text: ("boom", 500, {})
    result = run("*8171#", *PHONE, "--keys", "", "--url", stand_in.url)
    assert result.exit_code == 1
    assert "unexpected response code: 500" in result.output


def test_a_foreign_token_is_told(stand_in, monkeypatch):
    monkeypatch.setenv("GATEWAY_HOOK_TOKEN", "another")
    result = run("*8171#", *PHONE, "--keys", "", "--url", stand_in.url)
    assert result.exit_code == 1
    assert "GATEWAY_HOOK_TOKEN" in result.output


def test_no_gateway_is_one_clear_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = run("*8171#", *PHONE, "--url", url)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1 or "Type an answer" in result.output
    assert f"no gateway answers at {url}" in result.output
    assert "make run" in result.output


def test_by_hand_it_asks_until_the_end(stand_in):
    stand_in.page = lambda text: "END Thank you" if text == "1" else "CON Ehsaas\n1 My money"
    result = run("*8171#", *PHONE, "--url", stand_in.url, input="1\n")
    assert result.exit_code == 0, result.output
    assert "1 My money" in result.output
    assert "Thank you" in result.output


def test_by_hand_ctrl_d_hangs_up(stand_in):
    result = run("*8171#", *PHONE, "--url", stand_in.url, input="")
    assert result.exit_code == 0, result.output
    assert "You hung up" in result.output
    assert stand_in.of("ussd-ended")[0].form["status"] == "Incomplete"


@pytest.mark.parametrize(
    "arguments",
    [
        ("8171", *PHONE),
        ("*8171#", "--phone", "03001234501"),
        ("*8171#",),
        ("*8171#", *PHONE, "--url", "nowhere"),
    ],
)
def test_bad_input_is_one_line_and_no_traceback(arguments):
    result = run(*arguments, "--keys", "")
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("ours", "code", "reached"),
    [
        ("*8171#", "*8171*1#", ("*8171#", "1")),
        ("*384#,*384*70421#", "*384*70421*2#", ("*384*70421#", "2")),
        ("*8171#", "*99*3#", ("*99#", "3")),
    ],
)
def test_an_extension_is_told_from_a_longer_code(stand_in, monkeypatch, ours, code, reached):
    monkeypatch.setenv("GATEWAY_SERVICE_CODES", ours)
    assert run(code, *PHONE, "--keys", "", "--url", stand_in.url).exit_code == 0
    hop = stand_in.of("ussd")[0].form
    assert (hop["serviceCode"], hop["text"]) == reached
