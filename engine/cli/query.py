"""`dw-sim query`: run a query, or keep it in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Dialect, variables
from engine.cli.output import is_terminal, say, say_table, tell
from engine.cli.text import visible
from engine.display.wording import counted, duration

if TYPE_CHECKING:
    from engine import QueryResult

TERMINAL_ROWS = 100
_PLAN = ["explain_key", "explain_value"]  # what EXPLAIN gives: a drawing of many lines

app = typer.Typer(no_args_is_help=True, help="Query the loaded data.")

Sql = Annotated[str, typer.Argument(metavar="SQL", help="The query; - reads it from stdin.", show_default=False)]


@app.command()
def execute(
    sql: Sql,
    dialect: Annotated[
        Dialect, typer.Option(case_sensitive=False, help="The dialect the query is written in.")
    ] = Dialect.DUCKDB,
    experiment: Annotated[
        str | None, typer.Option(help="The experiment whose tables need no prefix.", show_default=False)
    ] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="The value of $NAME in the query: a number, true, false, null, or a text. May be repeated.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the whole result to this CSV file.", show_default=False)
    ] = None,
    spreadsheet_safe: Annotated[
        bool, typer.Option("--spreadsheet-safe", help="With --output: no text of the file runs as a formula.")
    ] = False,
) -> None:
    """Run one SELECT. A terminal shows the first 100 rows, a pipe and --output get all of them."""
    if spreadsheet_safe and output is None:
        raise typer.BadParameter("It is for a CSV file: add --output FILE.csv.", param_hint="--spreadsheet-safe")
    text, values = _text(sql), variables(variable or [])
    import engine

    with engine.Workbench() as workbench:
        if output is not None:
            rows = workbench.export_csv(
                text,
                output,
                dialect=dialect.value,
                experiment=experiment,
                spreadsheet_safe=spreadsheet_safe,
                variables=values,
            )
            say(f"Wrote {counted(rows, 'row')} to {output}.", style="green")
            return
        limit = TERMINAL_ROWS if is_terminal() else None
        result = workbench.query(text, dialect=dialect.value, experiment=experiment, limit=limit, variables=values)
        _say_result(result)
        for note in result.notes:
            tell(f"Note: {note}")
        if is_terminal():
            more = f"the first {TERMINAL_ROWS} rows; --output FILE.csv writes all" if result.truncated else ""
            say(f"({more or counted(result.row_count, 'row')}, {duration(result.seconds)})", style="dim")


@app.command()
def save(
    sql: Sql,
    output: Annotated[Path, typer.Option(help="The .sql file to write.", show_default=False)],
) -> None:
    """Write a query to a .sql file."""
    import engine

    with engine.Workbench() as workbench:
        say(f"Saved {workbench.save_query(_text(sql), output)}.", style="green")


def _say_result(result: QueryResult) -> None:
    headers = [column.name for column in result.columns]
    if headers == _PLAN:
        for _, plan in result.records():
            say(visible(plan.rstrip(), kept="\n"))
    else:
        say_table(headers, result.records(), is_data=True)


def _text(sql: str) -> str:
    return sys.stdin.read() if sql == "-" else sql
