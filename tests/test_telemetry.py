import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from gateway import telemetry


def hidden(**fields):
    return telemetry.hide_persons(None, "info", {"event": "seen", **fields})


@pytest.mark.parametrize(
    "text",
    [
        "asked for 3520212345012 today",
        "35202-1234501-2",
        "+923001234501",
        "from=00923001234501;",
        "923001234501",
        "0300-1234501",
        "0300 1234501",
        "35202 1234501 2",
        "03001234501",
        "a Kenyan +254711000521 too",
    ],
)
def test_what_looks_like_a_person_is_hidden_wherever_it_stands(text):
    line = json.dumps(hidden(note=text, deep={"list": [text, (text,)]}, key=ValueError(text)))
    assert not any(run in line for run in ("3001234501", "711000521", "1234501", "12345012"))
    assert "[hidden]" in line


@pytest.mark.parametrize("name", ["phone", "cnic", "pin", "keys", "trail", "body"])
def test_fields_that_hold_a_person_are_hidden_whatever_they_hold(name):
    assert hidden(**{name: "4821"})[name] == "[hidden]"
    assert hidden(more={name: "4821"})["more"][name] == "[hidden]"


@pytest.mark.parametrize(
    "plain",
    [
        "ATUid_e9d0662dea3f3db658e79d9b62f7900c",
        "a1234567890123b",
        "2026-11-22T07:00:00Z",
        "Rs 13,500",
        5,
        0.25,
        True,
        None,
    ],
)
def test_what_is_no_person_stays_as_it_is(plain):
    assert hidden(value=plain)["value"] == plain


@given(st.from_regex(r"[1-9][0-9]{12}", fullmatch=True), st.text(alphabet=" .,:;=()'\"\n", max_size=3))
def test_no_cnic_gets_through(cnic, around):
    assert cnic not in str(hidden(note=f"{around}{cnic}{around}"))


LINES = """
import logging, structlog
from gateway import settings, telemetry
telemetry.set_up(settings.load())
structlog.get_logger().info("hop", session="ATUid_1", phone="+923001234501", note="35202-1234501-2")
logging.getLogger("elsewhere").warning("sent to %s", "+923001234501")
try:
    raise ValueError("pin of 3520212345012")
except ValueError:
    structlog.get_logger().exception("broken")
logging.getLogger("urllib3").info("talkative")
"""


def test_production_logs_json_lines_without_persons_whoever_wrote_them():
    said = subprocess.run(
        [sys.executable, "-c", LINES], capture_output=True, text=True, check=True,
        env={"GATEWAY_ENV": "production", "GATEWAY_HOOK_TOKEN": "x" * 24, "GATEWAY_SECRET_KEYS": "k1:" + "QUJD" * 10 + "QUE=",
             "GATEWAY_AFRICASTALKING_USERNAME": "u", "GATEWAY_AFRICASTALKING_API_KEY": "k"},
    )  # fmt: skip
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["hop", "sent to [hidden]", "broken"]
    assert lines[0]["session"] == "ATUid_1"
    assert "ValueError: pin of [hidden]" in lines[2]["exception"]
    assert "1234501" not in said.stderr
    assert "3520212345012" not in said.stderr


@dataclass(frozen=True)
class Call:
    verb: str = "latest_payment"
    outcome: str = "ready"
    millis: float = 40.0


@dataclass(frozen=True)
class Turn:
    screen_to: str = "payments.ready"
    edges: tuple[str, ...] = ("payments.home/latest", "payments.latest/ready")
    calls: tuple[Call, ...] = (Call(),)


def number(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_turns_are_counted_by_screen_and_edge_and_calls_by_verb():
    turn = {"screen": "payments.ready", "edge": "payments.home/latest"}
    before = number("gateway_turns_total", **turn), number("gateway_core_seconds_sum", verb="latest_payment")
    telemetry.turns_taken([Turn(), Turn()])
    assert number("gateway_turns_total", **turn) == before[0] + 2
    assert number("gateway_core_seconds_sum", verb="latest_payment") == pytest.approx(before[1] + 0.08)


SHARED = """
import os, sys
from gateway import telemetry
telemetry.store_missed()
if os.fork() == 0:
    telemetry.store_missed()
    os._exit(0)
os.wait()
sys.stdout.write(telemetry.page([])[0].decode())
"""


def test_several_processes_answer_for_all(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", SHARED], capture_output=True, text=True, check=True,
        env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
    )  # fmt: skip
    assert "gateway_store_missed_total 2.0" in said.stdout
