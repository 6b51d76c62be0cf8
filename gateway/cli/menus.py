"""`gateway menus`: the screens checked, drawn, described."""

import click


@click.group()
def menus() -> None:
    """The screens in GATEWAY_MENUS."""


@menus.command()
def check() -> None:
    """Check every screen in every language, with the longest value of each placeholder."""
    from gateway import compose, settings

    book = compose.open_book(settings.load())
    click.echo(
        f"{len(book.screens)} screens in {len(book.languages)} languages: no faults (version {book.version})"
    )


@menus.command()
def graph() -> None:
    """Draw the machine as Mermaid."""
    from gateway import compose, settings
    from gateway.conversation.graph import draw

    click.echo(draw(compose.open_book(settings.load())))


@menus.command()
@click.option("--write", is_flag=True, help="Put it into menu.schema.json beside the menus.")
def schema(write: bool) -> None:  # noqa: FBT001 - an option
    """Print the JSON schema of a menu file, for editors."""
    from gateway import settings
    from gateway.conversation.schema import menu_schema

    text = menu_schema()
    if write:
        (settings.load().menus / "menu.schema.json").write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)
