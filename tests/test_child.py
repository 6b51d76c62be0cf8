import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.child import Child, GaveUp


def wait_until(holds, seconds: float = 10.0) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def said() -> list[str]:
    return []


def test_a_dead_child_is_started_again_at_once(said):
    child = Child("sleeper", ["sleep", "60"], said.append)
    first = child.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not child.running)
    child.tend()
    assert child.running
    assert child.pid != first
    assert said == ["the sleeper process ended with -9; starting it again now"]
    child.ask_to_stop()
    child.make_stop(5)
    assert not child.running


def test_a_child_that_dies_again_and_again_is_given_up(said, monkeypatch):
    monkeypatch.setattr("gateway.child._LONGEST_PAUSE", 0.01)
    child = Child("broken", ["false"], said.append)

    def tend_for_long():
        for _ in range(2000):
            child.tend()
            time.sleep(0.005)

    with pytest.raises(GaveUp, match="the broken process died 5 times in a row"):
        tend_for_long()
    assert len(said) == 4


def test_a_deaf_child_is_killed_with_all_it_started(said, tmp_path):
    grandchild = tmp_path / "pid"
    child = Child(
        "deaf", ["sh", "-c", f"trap '' TERM; sleep 60 & echo $! > {grandchild}; wait; sleep 60"], said.append
    )
    wait_until(lambda: grandchild.exists() and grandchild.read_text().strip())
    child.ask_to_stop()
    child.make_stop(0.2)
    assert not child.running
    wait_until(lambda: not alive(int(grandchild.read_text())))
    assert said == ["the deaf process did not stop in time and is killed"]


PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c",
    "import sys; from gateway.parent import die_with_parent; die_with_parent(int(sys.argv[1])); print('tied', flush=True); import time; time.sleep(60)", str(os.getpid())],
    start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can tie a child to its parent")
def test_a_tied_process_goes_when_its_parent_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    try:
        seen = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        assert "tied" in seen
        child = int(next(word for word in seen if word != "tied"))
        assert alive(child)
        parent.kill()
        wait_until(lambda: not alive(child))
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()


def test_a_process_that_is_tied_too_late_goes_at_once():
    gone = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    late = f"from gateway.parent import die_with_parent; die_with_parent({gone}); import time; time.sleep(60)"
    assert subprocess.run([sys.executable, "-c", late], timeout=30, check=False).returncode == -signal.SIGTERM
