"""Usage, help and errors of the command line: in process, on a real workbench, as a pipe sees them."""

from pathlib import Path

import pytest

from engine.cli.arguments import Dialect
from engine.schema.models import Dialect as SchemaDialect
from tests.engine.cli.conftest import Command


def test_the_dialects_are_the_engines():
    assert [dialect.value for dialect in Dialect] == list(SchemaDialect.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rows", ["orders=x", "many", "orders=", "1.5"])
def test_rows_that_are_not_a_number_are_wrong_usage(shop: Command, rows: str):
    assert shop("experiment", "generate", "shop", "--rows", rows).exit_code == 2


def test_rows_given_twice_are_wrong_usage(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "orders=1", "--rows", "orders=2")

    assert result.exit_code == 2
    assert "orders is given twice" in result.stderr


def test_an_unusable_home_is_an_error(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DW_SIM_HOME", str(tmp_path / "file" / "home"))

    result = command("experiment", "list")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("list",), "dw-sim experiment list"),
        (("generate", "shop"), "dw-sim experiment generate"),
        (("experiment", "execute"), "dw-sim query execute"),
        (("query", "select 1"), "dw-sim query execute SQL"),
        (("experiment", "creat"), "create"),
    ],
)
def test_an_unknown_command_names_the_one_that_is_meant(command: Command, arguments: tuple[str, ...], meant: str):
    result = command(*arguments)

    assert result.exit_code == 2
    assert f"Did you mean '{meant}'" in result.stderr


@pytest.mark.parametrize("arguments", [("experimnt",), ("experiment", "lst"), ("experiment", "list", "--all")])
def test_wrong_usage(command: Command, arguments: tuple[str, ...]):
    result = command(*arguments)

    assert result.exit_code == 2
    assert result.stdout == ""


def test_the_version(command: Command):
    assert command("--version").stdout.startswith("dw-sim ")


@pytest.mark.parametrize("arguments", [("--help",), ("experiment", "--help"), ("experiment", "generate", "--help")])
def test_help(command: Command, arguments: tuple[str, ...]):
    result = command(*arguments)

    assert result.exit_code == 0
    assert "Usage: dw-sim" in result.stdout
    assert "\x1b" not in result.stdout
