"""`gateway doctor`: is everything here that a start needs?"""

import sys

import click


@click.command()
def doctor() -> None:
    """Look at settings, folders, menus, languages, database, Redis, aggregator and clock; one line each."""
    from gateway import settings
    from gateway.doctor import examine

    unwell = 0
    for finding in examine(settings.load()):
        unwell += not finding.well
        mark = click.style("ok", fg="green") if finding.well else click.style("!!", fg="red")
        click.echo(f"{mark}  {finding.part:<11} {finding.said}")
    sys.exit(1 if unwell else 0)
