"""`gateway audit`: whether what the staff did is still written as it was."""

import click

from gateway.cli.parts import services


@click.group()
def audit() -> None:
    """The record of every look-up, reveal, replay and act."""


@audit.command()
@click.option(
    "--known",
    metavar="NUMBER:HASH",
    help="What an earlier run said of the newest row: shows that nothing was cut off since.",
)
def verify(known: str | None) -> None:
    """Walk the chain from the first row and name the first that does not hold."""
    noted = None
    if known:
        number, _, digest = known.partition(":")
        if not number.isdigit() or len(digest) != 64:
            raise click.BadParameter("a number, `:`, and 64 hex digits", param_hint="--known")
        noted = (int(number), digest)
    with services() as built:
        verdict = built.staff.audit.verify(noted)
    if verdict.broken is not None:
        raise click.ClickException(f"row {verdict.broken} does not hold: {verdict.why}")
    click.echo(
        f"{verdict.rows} rows, each follows the one before it; the newest is {verdict.rows}:{verdict.newest}"
    )
