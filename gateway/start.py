"""What a start looks at first, and what it says at the end. Imports next to nothing, so that both are quick."""

import errno
import socket
import sys
from pathlib import Path

from gateway.errors import SettingsError
from gateway.settings import DEMO_STAFF_PASSWORD, Settings


def check_folders(settings: Settings) -> None:
    """Raises SettingsError for a folder that is not there, with how to get it."""
    faults = [
        f"no folder {folder}: start in the project's folder, or set GATEWAY_{name}"
        for name, folder in (("MENUS", settings.menus), ("CONFIG", settings.config))
        if not folder.is_dir()
    ]
    if not faults and settings.env == "demo" and not (settings.config / "demo").is_dir():
        faults.append(f"no folder {settings.config / 'demo'}: the demo registry comes with the project")
    if faults:
        raise SettingsError("\n".join(faults))
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{settings.data_dir}: {error.strerror}: set GATEWAY_DATA_DIR to a folder of yours"
        ) from None


def check_port(settings: Settings) -> None:
    """Raises SettingsError where the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            why = (
                "is in use"
                if error.errno == errno.EADDRINUSE
                else f"cannot be listened on ({error.strerror})"
            )
            raise SettingsError(
                f"port {settings.port} of {settings.host} {why}: choose another with PORT=... or GATEWAY_PORT"
            ) from None


def address(settings: Settings) -> str:
    """Where this machine reaches the web server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - compared only
    return f"http://{host}:{settings.port}"


def welcome(settings: Settings) -> str:
    """What to tell the person who started it."""
    at = address(settings)
    if settings.env != "demo":
        return f"ready on {at} (Ctrl-C stops it)"
    # A terminal of its own does not know what this one was told.
    elsewhere = "" if settings.port == Settings.model_fields["port"].default else f" --url {at}"
    return f"""
  The gateway is ready: {at}

  a phone in the browser    {at}/simulator
  a phone here              {_command()} dial '*8171#' --phone +923001234501{elsewhere}
  money is ready            +923001234501   CNIC 35202-1234501-2   PIN 4821
  her thumb failed          +923001234503   CNIC 42101-1234503-6   PIN 7716
  the call centre           {at}/console   name agent   password {DEMO_STAFF_PASSWORD}
  a text                    send any CNIC to 8171, from the simulator

  Ctrl-C stops everything.
"""


def _command() -> str:
    """How this person starts a command of ours: it stands beside the Python that runs."""
    command = Path(sys.executable).with_name("gateway")
    return str(command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command)
