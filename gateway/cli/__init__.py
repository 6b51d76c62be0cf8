"""The `gateway` command: one file a group of commands. What a command needs is imported when it runs."""

import click

from gateway import __version__
from gateway.cli.audit import audit
from gateway.cli.database import db
from gateway.cli.dial import dial
from gateway.cli.doctor import doctor
from gateway.cli.faults import Commands
from gateway.cli.menus import menus
from gateway.cli.messages import messages
from gateway.cli.payments import payments
from gateway.cli.programmes import programmes
from gateway.cli.registry import registry
from gateway.cli.run import run
from gateway.cli.serve import serve
from gateway.cli.sessions import sessions
from gateway.cli.settings import settings
from gateway.cli.staff import staff
from gateway.cli.worker import worker


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="gateway")
@click.option("--debug", is_flag=True, help="On an error, show where it came from.")
def main(debug: bool) -> None:  # noqa: FBT001 - an option
    """USSD and SMS gateway of Ehsaas. Settings come from GATEWAY_* variables; README.md lists them."""


_STARTED = (run, serve, worker)
_ASKED = (doctor, dial, menus, messages, registry, payments, programmes, sessions, staff, audit, settings, db)
for command in _STARTED + _ASKED:
    main.add_command(command)
