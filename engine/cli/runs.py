"""`dw-sim experiment`: generate, load, cancel, resume, reset, audit and the list of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Name, Yes, confirm, row_counts, spread
from engine.cli.generating import watched
from engine.cli.output import is_terminal, say, say_facts, say_table, tell
from engine.cli.text import timestamp
from engine.display.wording import counted, duration

if TYPE_CHECKING:
    from engine import LoadResult, Run


def add_commands(group: typer.Typer) -> None:
    """Add the commands of this module to `group`."""
    group.command()(generate)
    group.command()(load)
    group.command()(cancel)
    group.command()(resume)
    group.command()(reset)
    group.command("runs")(list_runs)
    group.command()(audit)


def generate(
    name: Name,
    rows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE=]N", help="Rows of one table, or of every other; may be repeated.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed makes the same data; drawn when not given.", show_default=False)
    ] = None,
    no_load: Annotated[bool, typer.Option("--no-load", help="Make the data without loading it.")] = False,
    output_dir: Annotated[
        Path | None, typer.Option(help="Write the Parquet files there instead of the home folder.", show_default=False)
    ] = None,
) -> None:
    """Generate data and load it for queries. Ctrl+C cancels the run."""
    counts = row_counts(rows or [])
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        asked = spread(experiment, counts)
        run = watched(
            experiment,
            lambda listener: experiment.generate(
                asked, seed=seed, load=not no_load, output_dir=output_dir, progress=listener
            ),
        )
        _say_run(run)


def resume(name: Name, run_id: Annotated[int, typer.Argument(metavar="RUN", help="An aborted or failed run.")]) -> None:
    """Go on with an aborted or failed run; what it has written already is kept."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        _say_run(watched(experiment, lambda listener: experiment.resume(run_id, progress=listener)))


def load(
    name: Name,
    run_id: Annotated[
        int | None, typer.Option(help="The newest completed run when not given.", show_default=False)
    ] = None,
) -> None:
    """Replace what is in the tables by the data of a completed run."""
    import engine

    with engine.Workbench() as workbench:
        result = workbench[name].load(run_id)
        _say_counts(result.row_counts)
        say(f"Loaded run {result.run_id} of {result.experiment}: {_total(result)}.", style="green")


def cancel(
    name: Name,
    run_id: Annotated[int | None, typer.Argument(metavar="[RUN]", help="The active run by default.")] = None,
) -> None:
    """Ask a run to stop, whichever process makes it."""
    import engine

    with engine.Workbench() as workbench:
        run = workbench[name].cancel(run_id)
        if run.finished_at is None:
            say(f"Run {run.id} of {run.experiment} is asked to stop.")
        else:
            say(f"Run {run.id} of {run.experiment} had already ended: {run.status}.")


def reset(name: Name, yes: Yes = False) -> None:
    """Empty every table; the schema and the runs stay."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        confirm(f"Empty all tables of {experiment.name}?", is_sure=yes)
        result = experiment.reset()
        say(f"Emptied {counted(len(result.loaded_tables), 'table')} of {result.experiment}.")


def list_runs(
    name: Name,
    run_id: Annotated[
        int | None, typer.Argument(metavar="[RUN]", help="Show this run in full.", show_default=False)
    ] = None,
) -> None:
    """List the runs, newest first, or show one with its rows and its error in full."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        if run_id is not None:
            _say_run_in_full(experiment.run(run_id))
            return
        runs = experiment.runs()
        if not runs and is_terminal():
            say(f"No run yet. Make one: dw-sim experiment generate {experiment.name}")
            return
        headers = ["run", "status", "rows", "seed", "started", "seconds", "loaded", "error"]
        is_narrow = is_terminal() and not any(run.error for run in runs)
        width = len(headers) - 1 if is_narrow else len(headers)
        say_table(headers[:width], [_listed(run)[:width] for run in runs])


def audit(
    name: Name,
    show_all: Annotated[bool, typer.Option("--all", help="Show the checks that passed as well.")] = False,
) -> None:
    """Prove every promise of the schema on the loaded data; exits with 1 when one does not hold."""
    import engine

    with engine.Workbench() as workbench:
        result = workbench[name].audit()
        shown = result.findings if show_all else result.failures
        if shown or not is_terminal():
            rows = [[each.check, each.table, each.column or "-", each.expected, each.found] for each in shown]
            verdicts = ["yes" if each.passed else "NO" for each in shown]
            headers = ["check", "table", "column", "expected", "found", "passed"]
            say_table(headers, [[*row, verdict] for row, verdict in zip(rows, verdicts, strict=True)])
        of = "the empty tables" if result.run_id is None else f"run {result.run_id}"
        told = f"Audit of {of} of {result.experiment}: {counted(len(result.findings), 'check')}"
        if result.passed:
            say(f"{told}, all passed.", style="green")
            return
        for each in result.failures:
            if each.failing_sql:
                say(f"The rows that break {each.check} of {each.table}.{each.column}: {each.failing_sql}", style="dim")
        tell(f"{told}, {len(result.failures):,} FAILED.", style="red")
        raise typer.Exit(1)


def _listed(run: Run) -> list[object]:
    return [
        run.id,
        str(run.status),
        sum(run.row_counts.values()),
        str(run.seed),
        timestamp(run.started_at, is_local=is_terminal()),
        None if run.seconds is None else round(run.seconds, 2),
        "yes" if run.is_loaded else "no",
        run.error or "-",
    ]


def _say_run(run: Run) -> None:
    _say_counts(run.row_counts)
    took = "" if run.seconds is None else f" in {duration(run.seconds)}"
    say(
        f"Run {run.id} of {run.experiment} {run.status}{took}: {counted(sum(run.row_counts.values()), 'row')}, "
        f"seed {run.seed}, {'loaded' if run.is_loaded else 'not loaded'}.",
        style="green",
    )
    for note in run.notes:
        say(f"Note: {note}")
    if run.output_dir:
        say(f"Parquet files: {run.output_dir}")


def _say_run_in_full(run: Run) -> None:
    say_facts(
        {
            "run": str(run.id),
            "status": str(run.status),
            "seed": str(run.seed),
            "started": timestamp(run.started_at, is_local=is_terminal()),
            "finished": "-" if run.finished_at is None else timestamp(run.finished_at, is_local=is_terminal()),
            "loaded": "yes" if run.is_loaded else "no",
        }
    )
    say()
    _say_counts(run.row_counts)
    for note in run.notes:
        say(f"Note: {note}")
    if run.error:
        say(f"\nError: {run.error}", style="red")
    if run.traceback:
        say(f"\n{run.traceback}", style="dim")


def _say_counts(counts: dict[str, int]) -> None:
    say_table(["table", "rows"], list(counts.items()))


def _total(result: LoadResult) -> str:
    return counted(sum(result.row_counts.values()), "row")
