"""Who holds a lock: a name for this process in it, and whether the process of such a name still runs.

A process that was killed lets go of nothing. On its own machine that can be seen at once, so a copy of its hop need not
wait for the lock to run out.
"""

import hashlib
import os
import secrets
from functools import cache
from itertools import count
from pathlib import Path

_PROC = Path("/proc")
_numbers = count()


def new_token() -> bytes:
    """A name for one hold: machine, process, when it started, a number. Nobody else ever has the same."""
    return b"%s.%x" % (_process(os.getpid()), next(_numbers))


def is_gone(token: bytes) -> bool:
    """Whether the holder is a process of this machine that runs no more. False where that cannot be known."""
    machine, pid, started, _ = parts if len(parts := token.split(b".")) == 4 else (b"", b"", b"", b"")
    if not machine or machine != _machine():
        return False
    return _started(int(pid, 16)) != started


@cache
def _process(pid: int) -> bytes:
    """The beginning of this process's tokens. Asked by its id, for a fork is another one."""
    machine, started = _machine(), _started(pid)
    if machine and started:
        return b"%s.%x.%s" % (machine, pid, started)
    return secrets.token_hex(8).encode()


@cache
def _machine() -> bytes:
    """What tells this run of this machine, and this container on it, from every other; empty where it has no /proc."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_bytes()
        space = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return b""
    return hashlib.blake2b(b"%s%d" % (boot, space), digest_size=6).hexdigest().encode()


def _started(pid: int) -> bytes:
    """When a process started, in hex ticks since the boot; empty for one that is dead."""
    try:
        told = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return b""
    return b"" if told[0] in {b"Z", b"X"} else b"%x" % int(told[19])
