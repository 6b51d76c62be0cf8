"""`gateway payments`: instalments from the payer's files."""

from pathlib import Path

import click

from gateway.cli.parts import services
from gateway.cli.progress import progress


@click.group()
def payments() -> None:
    """Instalments."""


@payments.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_(file: Path) -> None:
    """Take a CSV of instalments, whole or not at all. Running it twice changes nothing.

    config/demo/README.md says which columns it has.
    """
    from gateway import compose

    with services() as built, progress() as report:
        taken = compose.import_payments(built, file, report)
    told = f", {taken.announced} to be announced" if taken.announced else ""
    click.echo(f"{file.name}: {taken.rows} rows, {taken.moved} moved, {taken.unchanged} as before{told}")
