"""The arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from decimal import Decimal

    from engine import Experiment

    Value = str | int | Decimal | bool | None


class Dialect(StrEnum):
    """The SQL dialects by the names the engine knows them by."""

    REDSHIFT = "redshift"
    SNOWFLAKE = "snowflake"
    DUCKDB = "duckdb"


Name = Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The experiment's name.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def confirm(question: str, *, is_sure: bool) -> None:
    """Ask on a terminal, else insist on --yes; raises `typer.Abort` when the answer is no."""
    import sys

    if is_sure:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("Without a terminal to ask on, --yes is needed.", param_hint="--yes")
    typer.confirm(question, abort=True, err=True)


def variables(texts: list[str], option: str = "--variable") -> dict[str, Value]:
    """Return the values given as `name=value`: numbers, true, false and null as such, anything else as text.

    In double quotes each value is a text: `code="007"`.
    """
    values: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise typer.BadParameter(f"{text!r} is not of the form NAME=VALUE.", param_hint=option)
        if name.lower() in map(str.lower, values):
            raise typer.BadParameter(f"{name} is given twice.", param_hint=option)
        values[name] = _value(value)
    return values


def _value(text: str) -> Value:
    """Read a number, true, false, null or a text in quotes as JSON has them; everything else is a text."""
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


def row_counts(texts: list[str], option: str = "--rows") -> int | dict[str, int] | None:
    """Return what an option such as `--rows` was given: `n` for every table, `table=n` for one; both may be given.

    A number beside names is returned under the empty name: what every other table gets.
    """
    counts: dict[str, int] = {}
    for text in texts:
        table, _, number = text.rpartition("=")
        if table in counts:
            raise typer.BadParameter(f"{table or 'The number for every table'} is given twice.", param_hint=option)
        counts[table] = _number(text, number, option)
    if set(counts) == {""}:
        return counts[""]
    return counts or None


def spread(experiment: Experiment, counts: int | dict[str, int] | None) -> int | dict[str, int] | None:
    """Give the number for every other table to each of them."""
    if not isinstance(counts, dict) or "" not in counts:
        return counts
    named = {table.casefold() for table in counts}
    others = {
        table.key: counts[""]
        for table in experiment.schema.tables
        if table.key.casefold() not in named and table.name.casefold() not in named
    }
    return others | {table: number for table, number in counts.items() if table}


_MAX_DIGITS = 400  # enough for the engine to refuse the number, whose limit its message tells


def _number(text: str, number: str, option: str) -> int:
    try:
        return int(number.replace(",", "")[:_MAX_DIGITS])
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither a number of rows nor table=number.", param_hint=option) from None
