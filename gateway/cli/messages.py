"""`gateway messages`: the texts that are translated, and the SMS that were held back."""

import click

from gateway.cli.parts import services


@click.group()
def messages() -> None:
    """Translations in GATEWAY_MENUS/locale; SMS that were held back."""


@messages.command()
@click.option("--console", is_flag=True, help="Those of the call centre's pages, in the code's own folder.")
def extract(console: bool) -> None:  # noqa: FBT001 - an option
    """Bring the .po files up to date with the menus; translations that stand are kept."""
    if console:
        from gateway.console.extract import write_missing

        for line in write_missing():
            click.echo(line)
        return
    from gateway import settings
    from gateway.conversation.messages import extract as write_catalogs

    chosen = settings.load()
    for line in write_catalogs(chosen.menus, chosen.config):
        click.echo(line)


@messages.command()
def check() -> None:
    """Name every text that a language lacks, that is stale, or whose placeholders differ."""
    from gateway import settings
    from gateway.console.extract import find_faults as find_console_faults
    from gateway.conversation.messages import find_faults
    from gateway.errors import MenuError

    chosen = settings.load()
    if faults := find_faults(chosen.menus, chosen.config) + find_console_faults():
        raise MenuError(faults)
    click.echo("every language has every text")


@messages.command()
@click.option("--id", "ids", type=int, multiple=True, help="Only this message; may be given more than once.")
def unhold(ids: tuple[int, ...]) -> None:
    """Send the SMS that the aggregator held back for a person to look at (RiskHold).

    Each stands in the log as `message_held` with its id, and in /metrics as gateway_owed{kind="held"}.
    """
    with services() as built:
        number = built.outbox.unhold(ids)
    click.echo(f"{number} released, they go out with the next round of a worker")
