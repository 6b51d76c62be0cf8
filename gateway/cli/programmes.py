"""`gateway programmes`: what the rules say, for staff."""

import sys

import click

from gateway.cli.parts import services


@click.group()
def programmes() -> None:
    """Programmes and their rules."""


@programmes.command()
@click.argument("cnic")
def explain(cnic: str) -> None:
    """Say for each programme what was decided about a CNIC, and by which rule.

    With `-` the CNIC is read from standard input, so that it stays out of the shell's history.
    """
    from gateway.privacy import normal_cnic

    if cnic == "-":
        cnic = sys.stdin.readline()
    normal = normal_cnic(cnic)
    if normal is None:
        raise click.BadParameter("a CNIC has 13 digits and does not begin with 0")
    with services() as built:
        decisions = built.core.eligibility.explain(normal)
    if not decisions:
        raise click.ClickException("nobody with this CNIC is in the registry")
    for number, decision in enumerate(decisions):
        if number:
            click.echo()
        click.echo(
            f"{decision.programme}: {decision.outcome}" + (f" ({decision.code})" if decision.code else "")
        )
        click.echo(f"  rules of {decision.rule_version}, decided {decision.decided_at:%Y-%m-%d %H:%M} UTC")
        if decision.score is not None:
            click.echo(f"  score {decision.score}")
        if decision.resurvey_by:
            click.echo(f"  to be surveyed again by {decision.resurvey_by}")
        for reason in decision.reasons:
            click.echo(
                f"  {'passed' if reason.passed else 'failed'}  {reason.code:<20} {reason.rule}; seen: {reason.seen}"
            )
