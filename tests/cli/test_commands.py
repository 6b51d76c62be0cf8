"""The commands as a person types them, each in a process of its own, on the demo registry."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.core.embedded.programmes import load_programmes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(gateway):
    """Run a command on the same stores as the `gateway` fixture."""
    chosen = gateway.services.settings
    env = os.environ | {"GATEWAY_DATA_DIR": str(chosen.data_dir), "GATEWAY_REDIS_URL": chosen.redis_url}

    def run(*arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *arguments], cwd=ROOT, env=env | more, input=given,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    return run


def test_a_dial_is_listed_shown_and_replayed_without_secrets(gateway, run):
    phone = gateway.phone("+923001234501")
    phone.dial()
    phone.walk("1", "1", "3520212345012")
    phone.hang_up(seconds=20)
    while gateway.services.journal.drain():
        pass
    listed = run("sessions", "list").stdout
    assert phone.session in listed
    assert "  hung_up " in listed
    shown = run("sessions", "show", phone.session).stdout
    assert phone.screen.splitlines()[0] in shown
    assert re.fullmatch(r"hung_up after (19|20) s without a key", shown.splitlines()[-1])
    replayed = run("sessions", "replay", phone.session).stdout
    assert phone.screen.splitlines()[0] in replayed
    transcript = run("sessions", "replay", phone.session, "--as-test").stdout
    assert transcript.startswith("caller: ready\n")
    for text in (listed, shown, replayed, transcript):
        assert "3520212345012" not in text
        assert "923001234501" not in text
    unknown = run("sessions", "show", "ATUid_none")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert len(unknown.stderr.splitlines()) == 1


def test_imports_change_nothing_the_second_time_and_name_every_fault(run, tmp_path):
    # The files' days count from the day of loading, and the fixture's day is not the command's.
    assert run("registry", "import", "config/demo").returncode == 0
    again = run("registry", "import", "config/demo").stdout
    assert again
    assert all(": 0 added, 0 changed, " in line for line in again.splitlines())
    broken = tmp_path / "broken.csv"
    lines = (ROOT / "config/demo/payments.csv").read_text().splitlines()
    header = next(line for line in lines if not line.startswith("#"))
    broken.write_text(f"{header}\n{'x' + ',' * header.count(',')}\n")
    refused = run("payments", "import", str(broken))
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert all(line.startswith("broken.csv:2: ") for line in refused.stderr.splitlines())
    missing = run("payments", "import", str(tmp_path / "none.csv"))
    assert missing.returncode == 1
    assert len(missing.stderr.splitlines()) == 1


def test_a_made_registry_is_taken_by_the_ordinary_import(run, tmp_path):
    assert (
        run("registry", "make", "--households", "30", "--seed", "7", str(tmp_path / "made")).returncode == 0
    )
    taken = run("registry", "import", str(tmp_path / "made"))
    assert taken.returncode == 0, taken.stderr
    assert "households.csv: 30 added" in taken.stdout


def test_staff_can_have_a_decision_explained(run):
    told = run("programmes", "explain", "-", given="54400-1234505-2\n").stdout
    assert "kafaalat: may_apply" in told
    assert "37.00" in told
    programmes = load_programmes(ROOT / "config" / "programmes.yaml").entries
    assert re.findall(r"^(\w+): \w+", told, re.MULTILINE) == list(programmes)
    assert "failed  NOT_IN_PROGRAMME     somebody of her family in kafaalat; seen: in none" in told
    assert "passed  REGION               lives in " in told
    assert run("programmes", "explain", "-", given="123\n").returncode == 2
    nobody = run("programmes", "explain", "3520299999999")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "3520299999999" not in nobody.stderr


def test_doctor_is_content_and_says_so_part_by_part(run):
    well = run("doctor")
    assert well.returncode == 0, well.stdout
    parts = ["settings", "folders", "menus", "languages", "database", "redis", "aggregator", "clock"]
    assert [line.split()[1] for line in well.stdout.splitlines()] == parts
    ill = run(
        "doctor", GATEWAY_REDIS_URL="redis://127.0.0.1:1/0", GATEWAY_AFRICASTALKING_URL="http://127.0.0.1:1"
    )
    assert ill.returncode == 1
    assert [line.split()[1] for line in ill.stdout.splitlines() if line.startswith("!!")] == [
        "redis",
        "aggregator",
        "clock",
    ]


def test_a_broken_menu_stops_every_command_that_needs_it(run, tmp_path):
    shutil.copytree(ROOT / "menus", tmp_path / "menus")
    broken = "broken.home: {kind: choice, text: Hello, options: {a: {label: A, to: no.where}}}\n"
    (tmp_path / "menus" / "broken.yaml").write_text(broken)
    for command in (("menus", "check"), ("sessions", "list")):
        refused = run(*command, GATEWAY_MENUS=str(tmp_path / "menus"))
        assert refused.returncode == 1
        assert "broken.yaml: broken.home" in refused.stderr


def test_menus_are_checked_drawn_and_described(run):
    assert "no faults" in run("menus", "check").stdout
    assert run("menus", "graph").stdout.startswith("flowchart")
    assert json.loads(run("menus", "schema").stdout)["$schema"]
    assert run("messages", "check").returncode == 0


def test_a_setting_that_makes_no_sense_is_one_line(run):
    refused = run("doctor", GATEWAY_PORT="many")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert refused.stderr.startswith("GATEWAY_PORT: ")


def test_accounts_of_the_staff_are_made_listed_closed_and_opened(gateway, run):
    made = run(
        "staff", "add", "amina", "--role", "agent", "--password-stdin", given="a long enough sentence\n"
    )
    assert (made.returncode, made.stdout) == (0, "amina: agent\n")
    assert gateway.services.staff.entrance.sign_in("amina", "a long enough sentence", "x").state == "welcome"
    weak = run("staff", "add", "beena", "--role", "agent", "--password-stdin", given="short\n")
    assert (weak.returncode, weak.stderr) == (1, "a password has at least 12 characters\n")
    assert run("staff", "disable", "amina").returncode == 0
    assert re.search(r"^amina +agent +password, disabled$", run("staff", "list").stdout, re.MULTILINE)
    assert run("staff", "enable", "amina").returncode == 0
    assert run("staff", "reset-totp", "amina").returncode == 0
    assert "disabled" not in run("staff", "list").stdout
    nobody = run("staff", "disable", "nobody")
    assert (nobody.returncode, nobody.stderr) == (1, "there is no account of this name\n")
    assert run("staff", "add", "amina", "--role", "boss", "--password-stdin").returncode == 2


def test_the_audit_is_verified_and_a_changed_row_named(gateway, run):
    held = run("audit", "verify")
    assert held.returncode == 0
    newest = held.stdout.split()[-1]
    assert run("audit", "verify", "--known", newest).returncode == 0
    assert run("audit", "verify", "--known", "nonsense").returncode == 2
    with gateway.services.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET actor = 'staff:9' WHERE id = 2")
    broken = run("audit", "verify")
    assert broken.returncode == 1
    assert "row 2 does not hold" in broken.stderr
