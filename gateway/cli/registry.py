"""`gateway registry`: households, persons, phones and what hangs on them."""

from functools import partial
from pathlib import Path

import click

from gateway.cli.parts import services
from gateway.cli.progress import progress


@click.group()
def registry() -> None:
    """The registry of households and persons."""


@registry.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
def import_(folder: Path) -> None:
    """Take a folder of CSV files, each whole or not at all. Running it twice changes nothing.

    config/demo/README.md says which files and columns there are.
    """
    from gateway import compose

    with services() as built, progress() as report:
        taken = compose.import_registry(built, folder, report)
    for file in taken:
        click.echo(f"{file.name}: {file.added} added, {file.changed} changed, {file.same} as before")


@registry.command()
@click.option("--households", required=True, type=click.IntRange(1, 10_000_000), help="How many to make.")
@click.option("--seed", default=8171, show_default=True, help="The same seed makes the same people.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def make(households: int, seed: int, folder: Path) -> None:
    """Make up a registry of any size, as files that `registry import` takes."""
    from gateway import compose

    with progress() as report:
        compose.make_registry(folder, households, seed, report and partial(report, "households"))
    click.echo(f"{households} households in {folder}")
