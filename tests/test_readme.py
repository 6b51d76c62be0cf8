import re
from pathlib import Path

import click
import pytest

from gateway.cli import main
from gateway.cli.settings import placed
from gateway.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def test_the_settings_table_is_current():
    page = README.read_text("utf-8")
    assert placed(page) == page, "run `gateway settings --write`"


def test_every_setting_says_what_it_is():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_first_screen_has_the_two_commands_and_a_picture():
    first = README.read_text("utf-8").split("\n## ", 2)[0:2]
    assert all(word in "".join(first) for word in ("make run", "make test", "docs/simulator.png"))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "config/demo/README.md"])
def test_every_command_that_is_named_exists(page):
    text = (ROOT / page).read_text("utf-8")
    assert "python -m gateway" not in text
    for words in re.findall(r"(?:`|/|production )gateway ([a-z]+(?: [a-z]+)?)", text):
        command: click.Command = main
        for word in words.split():
            if isinstance(command, click.Group):
                assert word in command.commands, f"gateway {words}"
                command = command.commands[word]


def test_the_list_of_commands_is_whole():
    listed = README.read_text("utf-8").partition("More commands")[2].partition("\n## ")[0]
    for name, command in main.commands.items():
        if command.hidden or name == "dial":  # it has its own line above
            continue
        assert re.search(rf"(^    |\| ){name}\b", listed, re.MULTILINE), name
        for below in getattr(command, "commands", ()):
            assert re.search(rf"^    {name} .*\b{below}\b", listed, re.MULTILINE), f"{name} {below}"
