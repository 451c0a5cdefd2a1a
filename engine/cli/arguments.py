"""Arguments and options shared by several commands."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from decimal import Decimal

    from engine import Experiment

    Value = str | int | Decimal | bool | None


TOTAL = "total"


class Dialect(StrEnum):
    """The SQL dialects, by their engine names."""

    REDSHIFT = "redshift"
    SNOWFLAKE = "snowflake"
    DUCKDB = "duckdb"


Name = Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The experiment's name.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Skip the confirmation.")]


def confirm(question: str, *, is_sure: bool) -> None:
    """Ask for confirmation on a terminal, otherwise require --yes; raises `typer.Abort` on no."""
    import sys

    if is_sure:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("Add --yes: there is no terminal to confirm on.", param_hint="--yes")
    typer.confirm(question, abort=True, err=True)


def parse_variables(texts: list[str], option: str = "--variable") -> dict[str, Value]:
    """Parse `name=value` pairs: numbers, true, false and null keep their type, anything else is text.

    A value in double quotes is always text: `code="007"`.
    """
    values: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint=option)
        if name.lower() in map(str.lower, values):
            raise typer.BadParameter(f"{name} is given twice.", param_hint=option)
        values[name] = _parse_value(value)
    return values


def _parse_value(text: str) -> Value:
    """Parse a JSON number, true, false, null or quoted text; everything else is text."""
    import json
    from decimal import Decimal

    words = {"true": True, "false": False, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=str)
    except ValueError:
        return text
    return value if isinstance(value, str | int | Decimal) else text


def parse_row_counts(texts: list[str], option: str = "--rows") -> int | dict[str, int] | None:
    """Parse an option such as `--rows`: `n` for every table, `table=n` for one; both may be given.

    A number given together with names is returned under the empty name: it applies to every other table. `total=n`,
    the number of rows in all, is returned like that of a table.
    """
    counts: dict[str, int] = {}
    for text in texts:
        table, _, number = text.rpartition("=")
        if table in counts:
            raise typer.BadParameter(f"{table or 'The number for every table'} is given twice.", param_hint=option)
        counts[table] = _parse_number(text, number, option)
    if set(counts) == {""}:
        return counts[""]
    return counts or None


def split_total(
    experiment: Experiment, counts: int | dict[str, int] | None
) -> tuple[int | dict[str, int] | None, int | None]:
    """Return the counts without the total, and the total or None."""
    if not isinstance(counts, dict) or TOTAL not in counts or _has_table(experiment, TOTAL):
        return counts, None
    if "" in counts:
        raise typer.BadParameter("N and total=N contradict each other: give one of them.", param_hint="--rows")
    return {table: number for table, number in counts.items() if table != TOTAL}, counts[TOTAL]


def expand_row_counts(experiment: Experiment, counts: int | dict[str, int] | None) -> int | dict[str, int] | None:
    """Replace the number under the empty name, or the total, by one entry for each table it applies to.

    A table that is called total has its own count under that name, and no total can be given.
    """
    if not isinstance(counts, dict):
        return counts
    others, total = split_total(experiment, counts)
    if total is not None:
        return experiment.planned_rows(others, total_rows=total)
    if "" not in counts:
        return counts
    named = {table.casefold() for table in counts}
    unnamed = {
        table.key: counts[""]
        for table in experiment.schema.tables
        if table.key.casefold() not in named and table.name.casefold() not in named
    }
    return unnamed | {table: number for table, number in counts.items() if table}


def _has_table(experiment: Experiment, name: str) -> bool:
    return any(name in (table.key.casefold(), table.name.casefold()) for table in experiment.schema.tables)


_MAX_DIGITS = 400  # enough for the engine to reject the number with its own message


def _parse_number(text: str, number: str, option: str) -> int:
    try:
        return int(number.replace(",", "")[:_MAX_DIGITS])
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a row count: write N or TABLE=N.", param_hint=option) from None
