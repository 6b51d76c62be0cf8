"""`gateway staff`: the accounts of those who work at the console."""

import sys

import click

from gateway.cli.parts import services
from gateway.cli.tokens import token

_ACTOR = "system:cli"
_ROLES = ("agent", "female_agent", "supervisor", "programme_officer", "auditor", "admin")


@click.group()
def staff() -> None:
    """Accounts of the call centre's staff, and tokens of other systems."""


staff.add_command(token)


@staff.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(_ROLES))
@click.option("--display-name", default="", help="What colleagues read; the name, where it is left out.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, not from the keyboard."
)
def add(name: str, role: str, display_name: str, password_stdin: bool) -> None:  # noqa: FBT001 - an option
    """Make an account. A second factor is set up at the first sign-in, where the role needs one."""
    from gateway.staff.roles import Role

    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with services() as built:
        member = built.staff.accounts.add(_ACTOR, name, Role(role), password, display_name=display_name)
    click.echo(f"{member.name}: {member.role}")


@staff.command("list")
def list_() -> None:
    """Every account: name, role, how it signs in."""
    with services() as built:
        members = built.staff.accounts.all()
    for member in members:
        facts = [
            "password" if member.password else "OpenID Connect",
            *(["second factor"] if member.second_factor else []),
            *(["disabled"] if member.disabled else []),
            *(["demo"] if member.demo else []),
        ]
        click.echo(f"{member.name:<20} {member.role:<18} {', '.join(facts)}")


@staff.command()
@click.argument("name")
def disable(name: str) -> None:
    """Close an account; whoever sits there is out at once."""
    with services() as built:
        built.staff.accounts.disable(_ACTOR, built.staff.accounts.named(name))
    click.echo(f"{name}: disabled")


@staff.command()
@click.argument("name")
def enable(name: str) -> None:
    """Open a closed account again."""
    with services() as built:
        built.staff.accounts.disable(_ACTOR, built.staff.accounts.named(name), disabled=False)
    click.echo(f"{name}: enabled")


@staff.command("reset-totp")
@click.argument("name")
def reset_totp(name: str) -> None:
    """Forget the second factor of somebody whose phone is gone."""
    with services() as built:
        built.staff.factors.reset(_ACTOR, built.staff.accounts.named(name))
    click.echo(f"{name}: sets up a new second factor at the next sign-in")
