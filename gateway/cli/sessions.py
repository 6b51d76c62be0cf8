"""`gateway sessions`: dials as they happened, and as they would go today."""

from typing import TYPE_CHECKING

import click

from gateway.cli.parts import services

if TYPE_CHECKING:
    from gateway.journal.journal import Passed
    from gateway.services import Services


@click.group()
def sessions() -> None:
    """Dials in the journal."""


@sessions.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def list_(limit: int) -> None:
    """The last dials, newest first."""
    from gateway import clock
    from gateway.journal.ending import ending_of

    with services() as built:
        passed = built.journal.recent(limit)
    for dial in passed:
        began = dial.started_at.astimezone(clock.PAKISTAN)
        end, got = ending_of(dial, clock.now()), "answered" if dial.answered else ""
        click.echo(
            f"{began:%Y-%m-%d %H:%M:%S}  {dial.id}  {dial.turns:>3} turns  {dial.language:<7}  {end:<10}  {got:<8}  {dial.screen}"
        )


@sessions.command()
@click.argument("id")
def show(id: str) -> None:  # noqa: A002 - the argument's name on the command line
    """Every page of a dial as it was shown, with what was typed and how long it took."""
    from gateway.journal.replay import Replay, lines

    with services() as built:
        steps = Replay(built.journal, built.engine).show(id)
        passed = built.journal.session(id)
    click.echo("\n".join([*lines(steps), _end(passed)]) if steps and passed else _unknown())


@sessions.command()
@click.argument("id")
@click.option("--as-test", is_flag=True, help="Write the dial as a transcript for tests/transcripts.")
def replay(id: str, as_test: bool) -> None:  # noqa: A002, FBT001 - an argument and an option
    """A dial as it was shown, and where today's menus would show something else, that too."""
    from gateway.journal.replay import Replay, lines

    with services() as built:
        replayed = Replay(built.journal, built.engine)
        steps = replayed.now(id)
        if not steps:
            _unknown()
        elif as_test:
            caller, cnics = _cast(built, steps[0].recorded.phone_key)
            click.echo(replayed.as_test(id, caller, cnics), nl=False)
        else:
            click.echo("\n".join(lines(steps)))


def _end(dial: "Passed") -> str:
    """How it stands or ended, for the last line."""
    from gateway import clock
    from gateway.journal.ending import Ending, ending_of

    ending = ending_of(dial, clock.now())
    by_silence = ending in {Ending.HUNG_UP, Ending.TIMED_OUT}
    told = f"{ending} after {dial.silence:.0f} s without a key" if by_silence else ending
    return f"answered; {told}" if dial.answered else told


def _unknown() -> str:
    raise click.ClickException(
        "no such session in the journal (turns get there within seconds, by the worker)"
    )


def _cast(built: "Services", phone_key: str) -> tuple[str, dict[str, str]]:
    """Who of the demo's people called (or `?`), and last four digits of a CNIC -> key, for naming instead of numbers."""
    import csv

    path = built.settings.config / "demo" / "cast.csv"
    if not path.exists():
        return "?", {}
    with path.open(encoding="utf-8") as text:
        rows = list(csv.DictReader(line for line in text if not line.startswith("#")))
    caller = next((row["key"] for row in rows if built.vault.phone_key(row["phone"]) == phone_key), "?")
    return caller, {row["cnic"].replace("-", "")[-4:]: row["key"] for row in rows if row["cnic"]}
