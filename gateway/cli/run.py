"""`gateway run`: everything in one command."""

import click


@click.command()
def run() -> None:
    """Start every part (Valkey, schema, demo registry, web, worker), keep them up, stop them on Ctrl-C."""
    from gateway import settings, telemetry
    from gateway.supervisor import Supervisor

    chosen = settings.load()
    telemetry.set_up(chosen)
    Supervisor(chosen, click.echo).run()
