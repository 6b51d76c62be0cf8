"""`gateway settings`: the table of settings in README.md, made from the class that reads them."""

from pathlib import Path

import click

BEGIN, END = "<!-- settings: made by `gateway settings --write` -->", "<!-- end of settings -->"


@click.command(hidden=True)
@click.option("--write", is_flag=True, help="Put it into README.md of this folder.")
def settings(write: bool) -> None:  # noqa: FBT001 - an option
    """Print the table of all settings."""
    if not write:
        click.echo(table())
        return
    page = Path("README.md")
    page.write_text(placed(page.read_text("utf-8")), "utf-8")


def placed(page: str) -> str:
    """The page with the table between its two marks. Raises ValueError where a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the marks of the settings table are missing")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def table() -> str:
    """One row a setting: name, default, what it is."""
    from pydantic import SecretStr

    from gateway.settings import Settings

    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        if isinstance(default, SecretStr):
            shown = "the demo's, refused in production" if default else ""
        else:
            shown = (
                f"`{str(default).lower() if isinstance(default, bool) else default}`" if default != "" else ""
            )
        rows.append(
            f"| `GATEWAY_{name.upper()}` | {shown} | {(field.description or '').replace('|', chr(92) + '|')} |"
        )
    return "\n".join(rows)
