"""What a command says when it cannot go on: one line a fault on standard error, and an exit code."""

import sys
from typing import Any

import click

from gateway.errors import GatewayError


class Commands(click.Group):
    """A group whose commands may raise: the error becomes lines for a person, and a traceback only with --debug."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """As click's own, but a command line that cannot be understood is told in one line too."""
        try:
            code = super().main(*args, **extra | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "gateway"
            click.echo(f"{_whole(error.format_message())}; `{command} --help` shows how", err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            click.echo(_whole(error.format_message()), err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)

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


def _whole(message: str) -> str:
    """In one line, without the full stop."""
    return " ".join(message.split()).removesuffix(".")
