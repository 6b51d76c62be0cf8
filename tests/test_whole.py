"""The gateway as a user starts it: one command, real processes, real HTTP; dialled, texted, paid, and killed in parts."""

import contextlib
import html
import json
import re
import threading
import time

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.settings import Settings
from gateway.simulator.mailbox import Mailbox
from gateway.simulator.store import Store
from gateway.start import welcome
from tests.parts.databases import postgres_empty
from tests.parts.running import SERVE, VALKEY, WORKER, Running, wait_until
from tests.transcripts.script import cast

# On one worker of a parallel run: they share the gateways that they start.
pytestmark = pytest.mark.xdist_group("whole")

CAST = cast()
PAYMENTS = "cnic,programme,period,amount,state,at,unpaid,place,place_on,until\n"


class Whole:
    """A running gateway with its data, which can be ended and started again."""

    def __init__(self, data, **more: str) -> None:
        self.data, self._more = data, more
        self.start()

    def start(self) -> None:
        self.running = Running(self.data, **self._more).ready()

    def __getattr__(self, name):
        return getattr(self.running, name)

    def caller(self, key: str):
        """The phone of one of the cast, just dialled, where English was chosen in a session before."""
        phone = self.running.phone(CAST[key]["phone"])
        phone.dial()
        if phone.label == "language.list":
            phone.press("English")
            phone.dial()
        if phone.label == "resume.offer":
            phone.press("Start again")
        return phone

    def inbox(self, key: str) -> list[str]:
        """The texts that her phone got, oldest first."""
        return [
            sms.body
            for sms in Mailbox(Store(self.data / "simulator.db")).of(CAST[key]["phone"])
            if sms.incoming
        ]

    def gets(self, key: str, wanted: str, already: int = 0) -> str:
        """Wait for a text that says so, after those that she had already."""
        wait_until(
            lambda: any(wanted in body for body in self.inbox(key)[already:]), f"{wanted!r} for {key}", 30
        )
        return next(body for body in self.inbox(key)[already:] if wanted in body)

    def settled(self) -> None:
        """Wait until what was asked before has gone out: two later texts are answered, each by a round that sends all there is."""
        for _ in range(2):
            answered = len(self.inbox("kenya")) + 1
            self.running.phone(CAST["kenya"]["phone"]).text("HELP")
            wait_until(lambda least=answered: len(self.inbox("kenya")) >= least, "an answer to HELP", 30)

    def turns(self, session: str, count: int) -> str:
        """The journal's page of a session, once so many turns are there."""
        wait_until(lambda: f"{count} turns" in self._listed(session), f"{count} turns in the journal", 30)
        return self.command("sessions", "show", session).stdout

    def _listed(self, session: str) -> str:
        lines = self.command("sessions", "list").stdout.splitlines()
        return next((line for line in lines if session in line), "")

    def recovers(self) -> None:
        wait_until(self.running.answers, "ready again")


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory):
    whole = Whole(tmp_path_factory.mktemp("whole"))
    yield whole
    if whole.process.poll() is None:
        whole.end()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def whole(request, tmp_path_factory):
    if request.param == "sqlite":
        yield request.getfixturevalue("on_sqlite")
        return
    with postgres_empty(request.getfixturevalue("postgres_url")) as url:
        started = Whole(tmp_path_factory.mktemp("whole"), GATEWAY_DATABASE_URL=url)
        yield started
        started.end()
    assert_names_nobody(started)
    assert not (started.data / "gateway.db").exists()


def assert_names_nobody(whole: Whole) -> None:
    """No phone, CNIC or PIN in what the processes said, apart from the welcome, which quotes the demo's."""
    said = whole.text
    greeting = welcome(Settings(data_dir=whole.data, port=whole.port))
    assert greeting in said
    assert "Traceback" not in said
    assert secrets_in(said.replace(greeting, "")) == set()


def secrets_in(text: str) -> set[str]:
    found = set()
    for row in CAST.values():
        cnic = row["cnic"]
        wanted = [
            row["phone"],
            row["phone"].lstrip("+"),
            row["phone"].replace("+92", "0"),
            cnic,
            cnic.replace("-", ""),
            row["pin"],
        ]
        found |= {
            one for one in wanted if one and re.search(rf"(?<![0-9a-f.:]){re.escape(one)}(?![0-9a-f])", text)
        }
    return found


# -- dial, text, alert: on both databases ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "steps", "seen"),
    [
        ("ready", ["My money", "This quarter", "<pin>"], "Rs 13,500 ready"),
        ("biometric", ["My money", "This quarter", "<pin>"], "No thumb needed"),
        ("expired", ["My money", "Why not paid?", "<pin>"], "NADRA"),
        ("disabled", ["Eligible? Apply", "For me", "<pin>"], "You are eligible"),
        ("above", ["Eligible? Apply", "For me", "<pin>"], "over the limit"),
        ("filtered", ["Eligible? Apply", "For me", "<pin>"], "Reason:"),
        ("unsurveyed", ["Eligible? Apply", "Check a CNIC", "<cnic>"], "No survey found"),
        ("review", ["Eligible? Apply", "For me", "<pin>"], "being checked"),
        ("deceased", ["Eligible? Apply", "Check a CNIC", "<cnic>"], "recorded as deceased"),
        ("flood", ["My money", "Emergency cash", "Am I on the list?", "<pin>"], "ready"),
        ("shared-b", ["My money", "This quarter", "5168", "<pin>"], "Rs 13,500"),
        ("stranger", ["My money", "This quarter"], "not linked to anybody"),
    ],
)  # fmt: skip
def test_a_dial_is_answered_as_her_row_says(whole, key, steps, seen):
    phone = whole.caller(key)
    for step in steps:
        phone.send(CAST[key][step.strip("<>")]) if step[0] == "<" else phone.press(step)
    phone.sees(seen)
    page = phone.raw
    phone.hop()
    assert phone.raw == page


@pytest.mark.parametrize(
    ("key", "about", "seen"),
    [("stranger", "ready", "payment is ready"), ("unsurveyed", "unsurveyed", "No survey"), ("kenya", "deceased", "deceased")],
)  # fmt: skip
def test_a_text_is_answered_by_one_sms(whole, key, about, seen):
    whole.caller(key)
    before = len(whole.inbox(key))
    phone = whole.phone(CAST[key]["phone"])
    under = phone.text(CAST[about]["cnic"])
    phone.text(CAST[about]["cnic"], under)
    whole.gets(key, seen, before)
    whole.settled()
    told = [body for body in whole.inbox(key)[before:] if seen in body]
    assert len(told) == 1
    assert "Rs" not in told[0]
    page = html.unescape(whole.wire.get(f"/simulator?caller={key}").get_data(as_text=True))
    assert told[0].splitlines()[0] in page


def test_a_payment_becomes_one_sms_however_often_it_is_imported(whole, tmp_path):
    whole.caller("expired")
    cnic = CAST["expired"]["cnic"]
    before = len(whole.inbox("expired"))
    file = tmp_path / "renewed.csv"
    file.write_text(
        PAYMENTS
        + "".join(f"{cnic},kafaalat,quarter,,{state},today,,,,\n" for state in ("RELEASED", "CREDITED"))
    )
    first = whole.command("payments", "import", str(file))
    assert first.returncode == 0, first.stderr
    assert "2 moved" in first.stdout
    whole.gets("expired", "Rs 13,500", before)
    again = whole.command("payments", "import", str(file)).stdout
    assert "0 moved, 2 as before" in again
    whole.settled()
    alerts = whole.inbox("expired")[before:]
    assert len(alerts) == 1, alerts
    assert "pay nobody" in alerts[0]
    assert not any(name in alerts[0] for name in CAST["expired"]["name"].split())
    phone = whole.caller("expired")
    phone.dial("*8171*1#")
    phone.send(CAST["expired"]["pin"])
    phone.sees("Rs 13,500 ready")


# -- killed in parts ---------------------------------------------------------------------------------------------------
def at_the_pin(whole: Whole, key: str):
    phone = whole.caller(key)
    phone.press("My money")
    phone.press("This quarter")
    return phone.sees("PIN")


def test_with_the_web_server_killed_she_goes_on_where_she_was(on_sqlite):
    phone = at_the_pin(on_sqlite, "ready")
    shown = phone.raw
    with on_sqlite.held():
        server = on_sqlite.part(SERVE)
        for process in (server, *server.children()):
            process.kill()
        wait_until(lambda: not on_sqlite.answers("/healthz"), "silence")
        with pytest.raises(OSError, match=r"refused|closed|reset"):
            phone.hop()
    on_sqlite.recovers()
    phone.hop()
    assert phone.raw == shown
    phone.send(CAST["ready"]["pin"])
    phone.sees("Rs 13,500 ready")


def test_a_wrong_pin_on_its_way_when_the_web_process_is_killed_counts_once(on_sqlite):
    phone = at_the_pin(on_sqlite, "biometric")
    phone.trail += "*0007"

    def post():
        with contextlib.suppress(OSError):
            phone.post(phone.label)

    sending = threading.Thread(target=post)
    (web,) = on_sqlite.part(SERVE).children()
    sending.start()
    time.sleep(0.015)
    web.kill()
    sending.join()
    on_sqlite.recovers()
    phone.hop()
    phone.sees("Tries left: 2")
    phone.hop()
    phone.sees("Tries left: 2")
    phone.send(CAST["biometric"]["pin"])
    phone.sees("No thumb needed")


def test_with_valkey_killed_she_is_answered_and_goes_on(on_sqlite):
    phone = at_the_pin(on_sqlite, "stipends")
    with on_sqlite.held():
        on_sqlite.part(VALKEY).kill()
        wait_until(lambda: not on_sqlite.answers(), "not ready")
        told = on_sqlite.wire.get("/readyz")
        assert told.status_code == 503
        parts = json.loads(told.body)["parts"]
        assert (parts["database"], parts["schema"]) == ("ready", "ready")
        assert parts["store"].startswith("not ready: ")
        phone.send(CAST["stipends"]["pin"])
        phone.sees("Rs")
        answered = phone.raw
        phone.hop()
        assert phone.raw == answered
    on_sqlite.recovers()
    phone.hop()
    assert phone.raw == answered
    home = phone.send("00")
    phone.press("Skills, help")
    phone.send("0")
    assert phone.screen == home
    count = phone.trail.count("*") + 2
    shown = on_sqlite.turns(phone.session, count)
    assert shown.count(answered.splitlines()[0].removeprefix("CON ")) == 1


def test_texts_that_wait_when_the_worker_is_killed_are_answered_once(on_sqlite):
    keys = ("above", "filtered", "review")
    before = {key: len(on_sqlite.inbox(key)) for key in keys}
    worker = on_sqlite.part(WORKER)
    worker.suspend()
    try:
        for key in keys:
            phone = on_sqlite.phone(CAST[key]["phone"])
            phone.text(CAST[key]["cnic"], phone.text(CAST[key]["cnic"]))
    finally:
        worker.kill()
    wait_until(lambda: all(len(on_sqlite.inbox(key)) > before[key] for key in keys), "all answers", 40)
    on_sqlite.settled()
    assert {key: len(on_sqlite.inbox(key)) - before[key] for key in keys} == dict.fromkeys(keys, 1)


# -- the commands beside it --------------------------------------------------------------------------------------------
def test_a_session_is_listed_shown_and_replayed(on_sqlite):
    phone = at_the_pin(on_sqlite, "ready")
    phone.send(CAST["ready"]["pin"])
    shown = on_sqlite.turns(phone.session, phone.trail.count("*") + 2)
    replayed = on_sqlite.command("sessions", "replay", phone.session).stdout
    transcript = on_sqlite.command("sessions", "replay", phone.session, "--as-test").stdout
    assert transcript.startswith("caller: ready\nlanguage: en\n")
    for told in (shown, replayed, transcript):
        assert phone.screen.splitlines()[0] in told
        assert secrets_in(told) == set()


def test_doctor_finds_all_well(on_sqlite):
    told = on_sqlite.command("doctor")
    assert told.returncode == 0, told.stdout
    assert "answers (embedded)" in told.stdout


def test_a_decision_is_explained(on_sqlite):
    assert (
        "kafaalat: may_apply"
        in on_sqlite.command("programmes", "explain", "-", given=CAST["disabled"]["cnic"] + "\n").stdout
    )


def test_the_terminal_phone_dials_it(on_sqlite):
    on_sqlite.caller("wallet")
    told = on_sqlite.command(
        "dial", "*8171*2#", "--phone", CAST["wallet"]["phone"], "--keys", CAST["wallet"]["pin"]
    )
    assert told.returncode == 0, told.stderr
    assert "Get a free SIM" in told.stdout
    assert secrets_in(told.stdout) == set()


# -- what it says of itself --------------------------------------------------------------------------------------------
def test_health_and_readiness(on_sqlite):
    assert on_sqlite.wire.get("/healthz").get_data(as_text=True) == "ok"
    told = on_sqlite.wire.get("/readyz")
    assert told.status_code == 200
    assert json.loads(told.body) == {
        "ready": True,
        "parts": dict.fromkeys(("database", "schema", "store"), "ready"),
    }


def test_the_numbers_are_there_and_name_nobody(on_sqlite):
    phone = at_the_pin(on_sqlite, "ready")
    phone.send(CAST["ready"]["pin"])
    page = on_sqlite.wire.get("/metrics").get_data(as_text=True)
    families = {family.name: family for family in text_string_to_metric_families(page)}
    labels = {
        name: {frozenset(sample.labels) - {"le"} for sample in family.samples}
        for name, family in families.items()
    }
    assert {frozenset({"screen", "edge"})} == labels["gateway_turns"]
    assert {frozenset()} == labels["gateway_hop_seconds"]
    assert {frozenset({"verb"})} == labels["gateway_core_seconds"]
    assert {frozenset({"lane", "state"})} == labels["gateway_messages"]
    assert {frozenset({"lane"})} == labels["gateway_queue"]
    assert "payments.ready" in {sample.labels["screen"] for sample in families["gateway_turns"].samples}
    assert secrets_in("\n".join(line.rpartition(" ")[0] for line in page.splitlines())) == set()


# -- its end, and its next start ---------------------------------------------------------------------------------------
def test_a_stop_leaves_nobody_and_a_second_start_goes_on(on_sqlite):
    phone = at_the_pin(on_sqlite, "ready")
    on_sqlite.settled()
    shown, texts = phone.raw, {key: on_sqlite.inbox(key) for key in CAST}
    family = [on_sqlite.root.pid, *(child.pid for child in on_sqlite.root.children(recursive=True))]
    assert on_sqlite.end() == 0
    assert not [pid for pid in family if psutil.pid_exists(pid)]
    assert_names_nobody(on_sqlite)
    on_sqlite.start()
    assert "demo registry:" not in on_sqlite.text
    phone.client = on_sqlite.wire
    phone.hop()
    assert phone.raw == shown
    phone.send(CAST["ready"]["pin"])
    phone.sees("Rs 13,500 ready")
    on_sqlite.settled()
    assert {key: on_sqlite.inbox(key) for key in CAST if key != "kenya"} == {
        key: texts[key] for key in CAST if key != "kenya"
    }
