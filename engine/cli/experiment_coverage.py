"""`dw-sim experiment coverage`: run a workload, and show which of its statements find rows."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.arguments import Dialect, Name
from engine.cli.output import print_line, print_status, print_table


class CoverageFormat(StrEnum):
    """How the result is printed."""

    TABLE = "table"
    JSON = "json"


def add_commands(group: typer.Typer) -> None:
    """Add the command of this module to `group`."""
    group.command()(coverage)


def coverage(
    name: Name,
    queries: Annotated[
        Path | None,
        typer.Option(help="A .sql file, a folder of them, or a dbt project; the saved queries by default."),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="The value of a placeholder, such as :year; can be repeated."),
    ] = None,
    dialect: Annotated[
        Dialect | None, typer.Option(case_sensitive=False, help="The dialect; that of the experiment by default.")
    ] = None,
    output: Annotated[
        CoverageFormat, typer.Option("--format", case_sensitive=False, help="How to print the result.")
    ] = CoverageFormat.TABLE,
) -> None:
    """Run a workload on the loaded data: which statements find rows."""
    import engine

    with engine.Workbench() as workbench:
        result = workbench[name].coverage(
            queries, values=_parse_values(value or []), dialect=None if dialect is None else dialect.value
        )
        if output is CoverageFormat.JSON:
            print_line(json.dumps({"counts": result.counts, "statements": result.records()}, indent=2))
            return
        shown = ["statement", "line", "state", "rows", "share", "largest_table", "seconds", "reason"]
        print_table([each.replace("_", " ") for each in shown], result.frame.select(shown).rows())
        print_status(f"{result}.")


def _parse_values(texts: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint="--value")
        values[name] = value
    return values
