"""`dw-sim query`: run a query, or save it to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Dialect, parse_variables
from engine.cli.output import is_terminal, print_line, print_status, print_table
from engine.cli.suggestions import SuggestingGroup
from engine.cli.text import visible
from engine.display.wording import counted, duration

if TYPE_CHECKING:
    from engine import QueryResult

TERMINAL_ROWS = 100
_PLAN = ["explain_key", "explain_value"]  # the columns of EXPLAIN, whose value is a multi-line drawing

app = typer.Typer(cls=SuggestingGroup, no_args_is_help=True, help="Query the loaded data.")

Sql = Annotated[str, typer.Argument(metavar="SQL", help="The query; - reads it from stdin.", show_default=False)]


@app.command()
def execute(
    sql: Sql,
    dialect: Annotated[
        Dialect | None,
        typer.Option(
            case_sensitive=False,
            help="The dialect of the query; that of the experiment by default.",
            show_default=False,
        ),
    ] = None,
    experiment: Annotated[
        str | None, typer.Option(help="The experiment whose tables can be named without a prefix.", show_default=False)
    ] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Value of $NAME in the query: a number, true, false, null or text. Can be repeated.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the whole result to this CSV file.", show_default=False)
    ] = None,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe", help="With --output: escape texts that a spreadsheet would run as formulas."
        ),
    ] = False,
) -> None:
    """Run a SELECT. A terminal shows the first 100 rows; a pipe and --output get all rows."""
    if spreadsheet_safe and output is None:
        raise typer.BadParameter(
            "Add --output FILE.csv: the option applies to CSV files.", param_hint="--spreadsheet-safe"
        )
    chosen = None if dialect is None else dialect.value
    text, values = _read_sql(sql), parse_variables(variable or [])
    import engine

    with engine.Workbench() as workbench:
        if output is not None:
            rows = workbench.export_csv(
                text,
                output,
                dialect=chosen,
                experiment=experiment,
                spreadsheet_safe=spreadsheet_safe,
                variables=values,
            )
            print_line(f"Wrote {counted(rows, 'row')} to {output}.", style="green")
            return
        limit = TERMINAL_ROWS if is_terminal() else None
        result = workbench.query(text, dialect=chosen, experiment=experiment, limit=limit, variables=values)
        _print_result(result)
        for note in result.notes:
            print_status(f"Note: {note}")
        if is_terminal():
            more = f"first {TERMINAL_ROWS} rows; use --output FILE.csv for all" if result.truncated else ""
            print_line(f"({more or counted(result.row_count, 'row')}, {duration(result.seconds)})", style="dim")


@app.command()
def save(
    sql: Sql,
    output: Annotated[Path, typer.Option(help="The .sql file to write.", show_default=False)],
) -> None:
    """Write a query to a .sql file."""
    import engine

    with engine.Workbench() as workbench:
        print_line(f"Saved {workbench.save_query(_read_sql(sql), output)}.", style="green")


def _print_result(result: QueryResult) -> None:
    headers = [column.name for column in result.columns]
    if headers == _PLAN:
        for _, plan in result.records():
            print_line(visible(plan.rstrip(), kept="\n"))
    else:
        print_table(headers, result.records(), is_data=True)


def _read_sql(sql: str) -> str:
    return sys.stdin.read() if sql == "-" else sql
