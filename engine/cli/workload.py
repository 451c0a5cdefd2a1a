"""`dw-sim experiment`: the command fit, and what import-sql prints with queries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Name, expand_row_counts, parse_row_counts, parse_variables, split_total
from engine.cli.generating import run_interruptibly
from engine.cli.output import console, is_terminal, print_line, print_status, print_table
from engine.cli.text import visible
from engine.display.wording import percent

if TYPE_CHECKING:
    from engine import WorkloadFit

Queries = Annotated[Path, typer.Option(help="A .sql file, or a folder of them.", show_default=False)]


def add_commands(group: typer.Typer) -> None:
    """Add the commands of this module to `group`."""
    group.command()(fit)


def fit(
    name: Name,
    queries: Queries,
    rows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE=]N",
            help="The rows with which the queries are run before and after, as of generate.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed of the data on which the queries are run.")] = 1,
    value: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="The value of a placeholder, such as :year; can be repeated."),
    ] = None,
    refuse: Annotated[
        list[str] | None,
        typer.Option(metavar="TABLE[.COLUMN]", help="What stays as it is; can be repeated.", show_default=False),
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=0, max=20, help="The rounds in which what finds nothing is repaired, at most.")
    ] = 4,
    wanted: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="A CSV file with queries and the rows that each should return, such as an export of the history.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes and save nothing.")] = False,
) -> None:
    """Change the schema so that queries find rows: references, calendars, dates and values that they ask for."""
    counts = parse_row_counts(rows or [])
    values = parse_variables(value or [], "--value")
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        named, total = split_total(experiment, counts)
        handle = engine.QueryHandle()
        wanted_rows = expand_row_counts(experiment, named)
        with _shown_progress() as listener:
            fitted = run_interruptibly(
                lambda: experiment.fit(
                    queries,
                    rows=wanted_rows,
                    total_rows=total,
                    seed=seed,
                    values=values,
                    refused=refuse or [],
                    dry_run=dry_run,
                    rounds=rounds,
                    wanted=wanted,
                    handle=handle,
                    progress=listener,
                ),
                lambda _: handle.cancel(),
                "fit",
                "The schema is unchanged.",
            )
        print_fit(fitted)


@contextmanager
def _shown_progress() -> Iterator[Callable[[object], None]]:
    """Yield a listener that renews one line of stderr when that is a terminal."""
    if not is_terminal(sys.stderr):
        yield lambda _progress: None
        return
    with console(stderr=True).status("fitting") as status:
        yield lambda progress: status.update(visible(str(progress)))


def print_fit(fitted: WorkloadFit) -> None:
    """Print the changes, those dropped, and what each query found before and after."""
    for change in fitted.kept:
        print_line(visible(str(change)), style="green")
    for dropped in fitted.dropped:
        print_line(visible(str(dropped)), style="yellow")
    if fitted.after:
        headers = ["query", "line", "before", "rows", "after", "rows"]
        pairs = zip(fitted.before, fitted.after, strict=True)
        print_table(
            headers,
            [(new.statement.name, new.statement.line, old.state, old.rows, new.state, new.rows) for old, new in pairs],
        )
        for each in fitted.after:
            if each.reason:
                print_status(visible(f"{each.statement.name}: {each.reason}"), style="yellow")
    for starving in fitted.starving:
        print_status(visible(str(starving)), style="yellow")
    for query, share in fitted.too_large:
        print_status(f"{visible(query)} selects {percent(share)} of its largest table.", style="yellow")
    for wanted in fitted.cardinalities:
        print_line(visible(str(wanted)), style="green" if wanted.is_near else "yellow")
    for each_round in fitted.rounds:
        print_line(str(each_round))
    for query in fitted.lost:
        print_line(f"{visible(query)} found rows before and finds none now.", style="red")
    if fitted.audit_failures:
        print_line(f"The audit has {fitted.audit_failures} failures.", style="red")
    print_line(str(fitted))
    if fitted.update is not None:
        print_line(str(fitted.update), style="green")
