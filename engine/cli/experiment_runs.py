"""`dw-sim experiment`: the commands generate, load, cancel, resume, reset, runs and audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Name, Yes, confirm, expand_row_counts, parse_row_counts
from engine.cli.exit_codes import EXIT_REFUSED
from engine.cli.generating import run_with_progress
from engine.cli.output import is_terminal, print_fields, print_line, print_status, print_table
from engine.cli.text import timestamp
from engine.display.wording import counted, duration, percent

if TYPE_CHECKING:
    from engine import LoadResult, Run, RunProgress


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
            metavar="[TABLE=]N",
            help="Rows of one table, or of all other tables; total=N for about N rows in all. Can be repeated.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed gives the same data; random by default.", show_default=False)
    ] = None,
    no_load: Annotated[bool, typer.Option("--no-load", help="Generate the data without loading it.")] = False,
    output_dir: Annotated[
        Path | None, typer.Option(help="Write the Parquet files there instead of the home folder.", show_default=False)
    ] = None,
) -> None:
    """Generate data and load it for queries. Ctrl+C cancels the run."""
    counts = parse_row_counts(rows or [])
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        requested = expand_row_counts(experiment, counts)
        run = run_with_progress(
            experiment,
            lambda listener: experiment.generate(
                requested, seed=seed, load=not no_load, output_dir=output_dir, progress=listener
            ),
        )
        _print_run(run)


def resume(
    name: Name, run_id: Annotated[int, typer.Argument(metavar="RUN", help="A cancelled, interrupted or failed run.")]
) -> None:
    """Resume a cancelled, interrupted or failed run; files it has already written are reused."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        _print_run(run_with_progress(experiment, lambda listener: experiment.resume(run_id, progress=listener)))


def load(
    name: Name,
    run_id: Annotated[
        int | None, typer.Option(help="The run to load; the newest completed run by default.", show_default=False)
    ] = None,
) -> None:
    """Replace the loaded data with the data of a completed run."""
    import engine

    with engine.Workbench() as workbench:
        result = workbench[name].load(run_id)
        _print_counts(result.row_counts)
        print_line(f"Loaded run {result.run_id} of {result.experiment}: {_count_rows(result)}.", style="green")


def cancel(
    name: Name,
    run_id: Annotated[int | None, typer.Argument(metavar="[RUN]", help="The active run by default.")] = None,
) -> None:
    """Cancel a run, also one of another process."""
    import engine

    with engine.Workbench() as workbench:
        run = workbench[name].cancel(run_id)
        if run.finished_at is None:
            print_line(f"Cancelling run {run.id} of {run.experiment}.")
        else:
            print_line(f"Run {run.id} of {run.experiment} has already ended: {run.status}.")


def reset(name: Name, yes: Yes = False) -> None:
    """Delete the rows of every table; the schema with its versions and the runs stay."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        confirm(f"Empty all tables of {experiment.name}?", is_sure=yes)
        result = experiment.reset()
        print_line(f"Emptied {counted(len(result.loaded_tables), 'table')} of {result.experiment}.")


def list_runs(
    name: Name,
    run_id: Annotated[
        int | None, typer.Argument(metavar="[RUN]", help="The run to show in detail.", show_default=False)
    ] = None,
) -> None:
    """List the runs, newest first, or show one run in detail."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        if run_id is not None:
            _print_run_details(experiment.run(run_id), experiment.progress(run_id))
            return
        runs = experiment.runs()
        if not runs and is_terminal():
            print_line(f"No runs yet. Start one: dw-sim experiment generate {experiment.name}")
            return
        headers = ["run", "status", "rows", "seed", "started", "seconds", "loaded", "version", "error"]
        is_narrow = is_terminal() and not any(run.error for run in runs)
        width = len(headers) - 1 if is_narrow else len(headers)
        print_table(headers[:width], [_list_row(run)[:width] for run in runs])


def audit(
    name: Name,
    show_all: Annotated[bool, typer.Option("--all", help="Also show the checks that passed.")] = False,
) -> None:
    """Check the loaded data against every rule of the schema; exits with 1 if a check fails."""
    import engine

    with engine.Workbench() as workbench:
        result = workbench[name].audit()
        shown = result.findings if show_all else result.failures
        if shown or not is_terminal():
            rows = [[each.check, each.table, each.column or "-", each.expected, each.found] for each in shown]
            verdicts = ["yes" if each.passed else "NO" for each in shown]
            headers = ["check", "table", "column", "expected", "found", "passed"]
            print_table(headers, [[*row, verdict] for row, verdict in zip(rows, verdicts, strict=True)])
        data = "the empty tables" if result.run_id is None else f"run {result.run_id}"
        summary = f"Audit of {data} of {result.experiment}: {counted(len(result.findings), 'check')}"
        if result.not_proved:
            summary += f" ({len(result.not_proved):,} not proved)"
        if result.passed:
            print_line(f"{summary}, all passed.", style="green")
            return
        for each in result.failures:
            if each.failing_sql:
                print_line(
                    f"Rows that fail {each.check} of {each.table}.{each.column}: {each.failing_sql}", style="dim"
                )
        print_status(f"{summary}, {len(result.failures):,} FAILED.", style="red")
        raise typer.Exit(EXIT_REFUSED)


def _list_row(run: Run) -> list[object]:
    return [
        run.id,
        str(run.status),
        sum(run.row_counts.values()),
        str(run.seed),
        timestamp(run.started_at, is_local=is_terminal()),
        None if run.seconds is None else round(run.seconds, 2),
        "yes" if run.is_loaded else "no",
        run.schema_version,
        run.error or "-",
    ]


def _print_run(run: Run) -> None:
    _print_counts(run.row_counts)
    took = "" if run.seconds is None else f" in {duration(run.seconds)}"
    print_line(
        f"Run {run.id} of {run.experiment} finished ({run.status}): "
        f"{counted(sum(run.row_counts.values()), 'row')}{took}, "
        f"seed {run.seed}, {'ready to query' if run.is_loaded else 'not loaded'}.",
        style="green",
    )
    for note in run.notes:
        print_line(f"Note: {note}")
    if run.output_dir:
        print_line(f"Parquet files: {run.output_dir}")


def _print_run_details(run: Run, progress: RunProgress | None) -> None:
    phase = {} if progress is None or progress.current is None else {"phase": _format_phase(progress)}
    print_fields(
        {
            "run": str(run.id),
            "status": str(run.status),
            **phase,
            "seed": str(run.seed),
            "version": str(run.schema_version),
            **({"batch": str(max(map(len, run.batches.values())) + 1)} if run.batches else {}),
            "started": timestamp(run.started_at, is_local=is_terminal()),
            "finished": "-" if run.finished_at is None else timestamp(run.finished_at, is_local=is_terminal()),
            "loaded": "yes" if run.is_loaded else "no",
        }
    )
    print_line()
    _print_counts(run.row_counts)
    for note in run.notes:
        print_line(f"Note: {note}")
    if run.error:
        print_line(f"\nError: {run.error}", style="red")
    if run.traceback:
        print_line(f"\n{run.traceback}", style="dim")


def _format_phase(progress: RunProgress) -> str:
    left = "" if progress.seconds_left is None else f", {duration(progress.seconds_left)} left"
    return f"{progress.phase}, {percent(progress.fraction)} of the run{left}"


def _print_counts(counts: dict[str, int]) -> None:
    print_table(["table", "rows"], list(counts.items()))


def _count_rows(result: LoadResult) -> str:
    return counted(sum(result.row_counts.values()), "row")
