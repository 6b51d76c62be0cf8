"""`gateway run` as a person starts it: real processes, ended in every way that a process can end."""

import shutil
import signal
import socket
from pathlib import Path

import pytest

from tests.parts.running import ROOT, SERVE, VALKEY, WORKER, Running, alive, free_port, wait_until


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def running(data):
    started = Running(data)
    yield started
    if started.process.poll() is None:
        started.end()


def test_it_starts_says_where_it_is_and_stops_on_ctrl_c(running):
    running.ready()
    assert f"http://127.0.0.1:{running.port}" in running.text
    assert all(word in running.text for word in ("/simulator", "*8171#", "+923001234501", "PIN", "Ctrl-C"))
    assert running.answers("/healthz")
    assert running.end(signal.SIGINT) == 0
    assert "stopping" in running.text
    assert "Traceback" not in running.text


def test_each_part_that_dies_comes_back(running):
    running.ready()

    def kill(part: str) -> None:
        (dead,) = running.parts(part)
        dead.kill()
        wait_until(lambda: any(new != dead for new in running.parts(part)), f"a new {part}")
        wait_until(running.answers, f"ready after the death of {part}")

    def kill_web() -> None:
        (server,) = running.parts(SERVE)
        (web,) = server.children()
        web.kill()
        wait_until(lambda: any(new != web and alive(new) for new in server.children()), "a new web process")
        wait_until(running.answers, "ready after the death of a web process")

    kill_web()
    for part in (SERVE, WORKER, VALKEY):
        kill(part)
    assert running.end(signal.SIGTERM) == 0


def test_killed_outright_it_leaves_nobody_behind(running):
    running.ready()
    assert running.end(signal.SIGKILL) == -signal.SIGKILL


def test_a_port_in_use_is_said_in_one_line(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Running(data, port)
        assert refused.process.wait(60) == 1
        refused.collect()
    lines = refused.text.splitlines()
    assert lines == [f"port {port} of 127.0.0.1 is in use: choose another with PORT=... or GATEWAY_PORT"]


def test_a_second_web_server_does_not_share_the_port(running):
    running.ready()
    refused = running.command("serve")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"port {running.port} of 127.0.0.1 is in use: ")
    assert len(refused.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_named(data):
    refused = Running(data, GATEWAY_DATABASE_URL=f"postgresql://gateway:hidden@127.0.0.1:{free_port()}/none")
    assert refused.process.wait(60) == 1
    refused.collect()
    assert refused.said[-1].startswith("GATEWAY_DATABASE_URL: the database does not answer there")
    assert "hidden" not in refused.text
    assert "Traceback" not in refused.text


def test_a_second_gateway_on_the_same_folder_is_refused(running, data):
    running.ready()
    second = Running(data)
    assert second.process.wait(60) == 1
    second.collect()
    assert "another gateway runs on" in second.text
    assert "Traceback" not in second.text
    assert running.answers()


def test_a_broken_menu_stops_the_start_with_its_fault_said_once(data, tmp_path):
    shutil.copytree(ROOT / "menus", tmp_path / "menus")
    broken = "broken.home: {kind: choice, text: Hello, options: {a: {label: A, to: no.where}}}\n"
    (tmp_path / "menus" / "broken.yaml").write_text(broken)
    refused = Running(data, GATEWAY_MENUS=str(tmp_path / "menus"))
    assert refused.process.wait(60) == 1
    refused.collect()
    faults = [line for line in refused.said if line.startswith("broken.yaml: broken.home: ")]
    assert faults
    assert len(faults) == len(set(faults))
    assert "starting it again" not in refused.text
    assert "Traceback" not in refused.text
