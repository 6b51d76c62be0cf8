"""`gateway worker`: sends what waits and writes down what happened."""

import click

from gateway.cli.parts import services


@click.command()
@click.option("--tied", type=int, hidden=True, help="Stop when the process of this id, the parent, is gone.")
def worker(tied: int | None) -> None:
    """Send SMS, answer texts, drain the journal. As many as needed, anywhere."""
    from gateway.parent import die_with_parent, wait_for_parent

    if tied:
        die_with_parent(tied)
    from gateway.worker import run

    if tied:
        wait_for_parent()
    with services() as built:
        run(built)
