"""`gateway staff token`: what other systems send with a request to the API."""

from datetime import timedelta

import click

from gateway.cli.parts import services

_ACTOR = "system:cli"
_ROLES = ("agent", "female_agent", "supervisor", "programme_officer", "auditor", "admin")
_SCOPES = (
    "payments.write",
    "messages.read",
    "messages.write",
    "cases.read",
    "cases.write",
    "sessions.read",
)


@click.group()
def token() -> None:
    """Tokens of the API at /api/v1."""


@token.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(_ROLES), help="Whose rights it has at most.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice(_SCOPES),
    help="May stand several times.",
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="How long it holds.")
def add(name: str, role: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token and print it: it is not shown again."""
    from gateway.staff.roles import Role, Scope
    from gateway.staff.tokens import Taken

    with services() as built:
        try:
            _, plain = built.staff.tokens.make(
                _ACTOR, name[:60], [Scope(scope) for scope in scopes], Role(role), timedelta(days=days)
            )
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        except Taken:
            raise click.ClickException("there is a token of this name already") from None
    click.echo(plain)


@token.command("list")
def list_() -> None:
    """Every token: number, name, role, until when, scopes."""
    with services() as built:
        tokens = built.staff.tokens.all()
    for each in tokens:
        until = f"until {each.expires_at:%Y-%m-%d}" if each.revoked_at is None else "revoked"
        click.echo(
            f"{each.id:>4} {each.name:<20} {each.role:<18} {until:<16} {' '.join(sorted(each.scopes))}"
        )


@token.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """End a token, by its number in the list, at once and for good."""
    with services() as built:
        if not built.staff.tokens.revoke(_ACTOR, number):
            raise click.ClickException("no token of this number holds")
    click.echo(f"{number}: revoked")
