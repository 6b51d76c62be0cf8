import click
import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidTag

from gateway.cli.faults import Commands
from gateway.errors import FileFault, GatewayError, MenuError, SettingsError
from gateway.privacy import Vault


@click.group(cls=Commands)
@click.option("--debug", is_flag=True)
def program(debug):
    pass


RAISED = {}


@program.command()
@click.argument("what")
def fail(what):
    raise RAISED[what]


def said(error: Exception, *options: str):
    RAISED["it"] = error
    return CliRunner().invoke(program, [*options, "fail", "it"])


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (SettingsError("GATEWAY_PORT: too large"), ["GATEWAY_PORT: too large"]),
        (
            FileFault(["a.csv:2: cnic: is missing", "a.csv:3: sex: no such"]),
            ["a.csv:2: cnic: is missing", "a.csv:3: sex: no such"],
        ),
        (MenuError(["pay.yaml: home: no such target"]), ["pay.yaml: home: no such target"]),
        (GatewayError(), ["failed: error"]),
        (FileNotFoundError(2, "No such file or directory", "x.csv"), ["x.csv: No such file or directory"]),
    ],
)
def test_an_error_is_one_line_a_fault_on_standard_error(error, lines):
    answer = said(error)
    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == lines
    assert answer.stdout == ""


def test_an_unexpected_error_tells_its_kind_and_nothing_of_its_text():
    answer = said(ValueError("3520212345012"))
    assert answer.exit_code == 1
    assert "unexpected ValueError" in answer.stderr
    assert "3520212345012" not in answer.stderr
    assert "Traceback" not in answer.stderr


def test_debug_shows_where_it_came_from():
    assert isinstance(said(SettingsError("x"), "--debug").exception, SettingsError)


def test_a_broken_seal_shows_no_key():
    vault = Vault({"k1": b"1" * 32})
    with pytest.raises(InvalidTag) as caught:
        vault.open(vault.seal("3520212345012")[:-6] + "AAAAAA")
    assert said(caught.value).exit_code == 1
