"""The files around the code hold together: locks, image, compose, ignore lists, commands."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import distributions, requires
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gateway.cli import main
from gateway.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def extras(lock: str) -> dict[str, set[str]]:
    found = re.findall(r"^([a-z0-9._-]+)\[([a-z,]+)\]==", (ROOT / lock).read_text(), re.MULTILINE)
    return {name: set(names.split(",")) for name, names in found}


def pins(lock: str) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE)
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_index_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    for entry in re.split(r"\n(?=[a-z])", text.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_two_locks_agree():
    run, test = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run.items() <= test.items()


def test_every_dependency_is_locked():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in wanted}
    assert names <= pins("requirements.lock").keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_pins_every_extra_that_a_locked_package_asks_for(lock):
    pinned = extras(lock)
    for name in pins(lock).keys() & {dist.name.lower() for dist in distributions()}:
        for asked in map(Requirement, requires(name) or []):
            if asked.extras and (asked.marker is None or asked.marker.evaluate({"extra": ""})):
                assert asked.extras <= pinned.get(canonicalize_name(asked.name), set()), (
                    f"{name} asks for {asked}"
                )


# -- make ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def make(tmp_path):
    """Run make in a checkout of its own, whose path has a space, on a Python that lacks a module."""
    checkout = tmp_path / "a checkout"
    checkout.mkdir()
    shutil.copy(ROOT / "Makefile", checkout)
    for folder in ("gateway", "menus", "config"):
        (checkout / folder).symlink_to(ROOT / folder)

    def make(target: str, lacking: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / lacking).mkdir()
        (tmp_path / lacking / "__init__.py").write_text(f"raise ImportError('no {lacking}')")
        outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        return subprocess.run(
            ["make", f"PYTHON={sys._base_executable}", target], cwd=checkout,
            env=outer | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    make.checkout = checkout
    return make


def test_an_environment_is_made_without_ensurepip_and_has_the_command_in_any_folder(make, tmp_path):
    made = make(".venv/bin/gateway", lacking="ensurepip")
    assert made.returncode == 0, made.stderr
    (tmp_path / "gateway").mkdir()  # a folder of this name where it is called is not taken for the code
    (tmp_path / "gateway" / "__init__.py").touch()
    installed = sysconfig.get_path("purelib")
    said = subprocess.run(
        [make.checkout / ".venv/bin/gateway", "doctor"], cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": installed},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert f"{make.checkout}/data" in said
    assert "!!" not in said


def test_without_pip_make_says_how_to_get_it(make):
    refused = make(".venv/bin/gateway", lacking="pip")
    assert refused.returncode != 0
    assert "apt-get install python3-pip" in refused.stderr
    assert not (make.checkout / ".venv").exists()


# -- the image ---------------------------------------------------------------------------------------------------------
def instructions() -> list[tuple[str, str]]:
    text = re.sub(
        r"\\\n", " ", re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    )
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def test_everything_the_image_copies_exists_and_is_let_through():
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copied = [rest.split() for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    assert copied
    for source in (source for parts in copied for source in parts[:-1]):
        assert (ROOT / source).exists()
        assert source in let_through


def test_the_image_runs_as_somebody_else_than_root_and_is_watched():
    words = [word for word, _ in instructions()]
    assert words.index("USER") > max(i for i, word in enumerate(words) if word == "RUN")
    assert {"HEALTHCHECK", "STOPSIGNAL"} <= set(words)
    text = " ".join(rest for _, rest in instructions())
    assert "--require-hashes" in text
    assert "ca-certificates" in text


def test_the_image_sets_only_settings_that_exist():
    known = {f"GATEWAY_{name.upper()}" for name in Settings.model_fields}
    for name in ("Dockerfile", "compose.yaml", "config/gateway.env.example"):
        used = set(re.findall(r"\b(GATEWAY_[A-Z_]+)\b", (ROOT / name).read_text()))
        assert used <= known, name


# -- compose -----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_compose_has_two_web_processes_and_starts_them_on_a_current_schema(compose):
    services = compose["services"]
    assert services["web"]["deploy"]["replicas"] == 2
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["command"] == ["db", "upgrade"]
    assert "--appendonly" in services["valkey"]["command"]


def test_compose_holds_no_secret_and_no_demo_value(compose):
    text = (ROOT / "compose.yaml").read_text()
    assert not re.search(r"demo", text.split("name:", 1)[1])
    assert compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${")
    assert all(
        service.get("env_file") == "gateway.env"
        for service in (compose["services"]["web"], compose["services"]["worker"])
    )


def test_every_command_of_compose_and_image_exists(compose):
    for name in ("web", "worker", "migrate"):
        answer = CliRunner().invoke(main, [*compose["services"][name]["command"], "--help"])
        assert answer.exit_code == 0, answer.output


def refused(given: dict[str, str]) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "gateway", "db", "upgrade"],
        env={"PATH": "/usr/bin", "GATEWAY_ENV": "production", **given}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    return answer.stderr


def test_the_example_settings_are_refused_until_they_are_filled():
    lines = (ROOT / "config/gateway.env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line.startswith("GATEWAY_"))
    assert "GATEWAY_SECRET_KEYS" in refused(given)
    given["GATEWAY_SECRET_KEYS"] = "k1:" + "QUJD" * 10 + "QUE="
    said = refused(given)
    for name in ("HOOK_TOKEN", "AFRICASTALKING_USERNAME", "AFRICASTALKING_API_KEY"):
        assert f"GATEWAY_{name}" in said


def test_what_compose_names_once_it_uses_elsewhere():
    text = (ROOT / "compose.yaml").read_text()
    assert set(re.findall(r"&(\w+)", text)) == set(re.findall(r"<<: \*(\w+)", text))


# -- what must not be in the repository --------------------------------------------------------------------------------
def test_secrets_and_stores_are_ignored():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {".venv/", "/data/", ".env", "gateway.env"} <= set(ignored)


def test_the_change_log_is_dated_newest_first():
    days = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert days == sorted(days, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)
