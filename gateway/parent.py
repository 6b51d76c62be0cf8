"""No process of ours outlives the one that started it, even where that one is killed and can say nothing."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(parent: int) -> None:
    """Have the kernel send this process SIGTERM when its parent dies. Linux alone can; elsewhere nothing happens.

    parent      its process id, so that one which is gone already is noticed
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was quicker
        os.kill(os.getpid(), signal.SIGTERM)


def wait_for_parent() -> None:
    """Go on when the parent says so. It may be gone instead; then this process ends."""
    if not sys.stdin.readline():
        raise SystemExit(0)
