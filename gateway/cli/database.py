"""`gateway db`: the schema."""

import click


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to this release. Safe to run again, and by several copies at once."""
    from gateway import migrations, settings

    chosen = settings.load()
    migrations.upgrade(chosen.sql_url)
    click.echo(f"the schema is at {migrations.newest()}")
