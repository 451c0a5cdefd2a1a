"""A command runner in an empty home, and an experiment to run commands on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app

Command = Callable[..., Result]

SHOP: dict[str, Any] = {
    "name": "shop",
    "description": "A small shop.",
    "tables": [
        {
            "name": "customers",
            "target_rows": 20,
            "primary_key": ["customer_id"],
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"], "required": False},
            ],
        },
        {
            "name": "orders",
            "target_rows": 50,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
            ],
        },
    ],
}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command in an empty home; its files are relative to `tmp_path`."""
    monkeypatch.setenv("DW_SIM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, prog_name="dw-sim")

    return run


@pytest.fixture
def shop(command: Command) -> Command:
    """An experiment named shop, without data."""
    Path("shop.json").write_text(json.dumps(SHOP))
    assert command("experiment", "create", "shop.json").exit_code == 0
    return command


@pytest.fixture
def filled(shop: Command) -> Command:
    """An experiment named shop, with run 1 loaded."""
    assert shop("experiment", "generate", "shop", "--seed", "7").exit_code == 0
    return shop


def rows_of(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]
