"""What a command says when it cannot go on: one line a fault on standard error, and an exit code."""

import sys
from typing import Any

import click

from gateway.errors import GatewayError


class Commands(click.Group):
    """A group whose commands may raise: the error becomes lines for a person, and a traceback only with --debug."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (
            click.ClickException,
            click.exceptions.Exit,
            click.Abort,
            BrokenPipeError,
        ):  # click ends quietly
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            for line in lines(error):
                click.echo(line, err=True)
            ctx.exit(1)


def lines(error: Exception) -> list[str]:
    """What to tell a person. Errors of others may quote a row or a value, so only their kind is told."""
    if isinstance(error, GatewayError):
        return [line for line in str(error).splitlines() if line] or [f"failed: {error.code}"]
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError):
        return [f"{error.filename}: {error.strerror}"]
    if isinstance(error, UnicodeDecodeError):
        return [f"not readable as UTF-8 at byte {error.start}"]
    kind = type(error)
    if kind.__module__.startswith(("sqlalchemy", "psycopg", "sqlite3")):
        return [
            f"the database did not take that ({kind.__name__}); `gateway doctor` looks at it, --debug shows more"
        ]
    if kind.__module__.startswith("redis"):
        return [f"Redis did not answer ({kind.__name__}); `gateway doctor` looks at it, --debug shows more"]
    return [f"unexpected {kind.__name__}; `gateway --debug {' '.join(sys.argv[1:2])} ...` shows where"]
