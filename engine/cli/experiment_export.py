"""`dw-sim experiment export`: write the rows of a run, or of a seed, for other systems."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Dialect, Name, expand_row_counts, parse_row_counts
from engine.cli.output import console, is_terminal, print_status, print_table
from engine.display.wording import counted, duration, size

if TYPE_CHECKING:
    from engine.types import Export, ExportEstimate, ExportOptions, ExportProgress, UnitTest


class ExportFormat(StrEnum):
    """The formats of an export."""

    PARQUET = "parquet"
    CSV = "csv"
    CSV_GZ = "csv.gz"
    JSONL = "jsonl"
    DUCKDB = "duckdb"
    DELTA = "delta"
    ICEBERG = "iceberg"
    XLSX = "xlsx"
    SQL = "sql"
    DBT = "dbt"


class Codec(StrEnum):
    """The compression of Parquet."""

    SNAPPY = "snappy"
    ZSTD = "zstd"
    NONE = "none"


def add_commands(group: typer.Typer) -> None:
    """Add the command of this module to `group`."""
    group.command()(export)


def export(
    name: Name,
    to: Annotated[
        str,
        typer.Option(metavar="PLACE", help="A new or empty folder, or s3://, gs://, az:// URL.", show_default=False),
    ],
    format_name: Annotated[
        ExportFormat, typer.Option("--format", case_sensitive=False, help="The format of the files.")
    ] = ExportFormat.PARQUET,
    target: Annotated[
        Dialect | None,
        typer.Option(
            case_sensitive=False,
            help="Where the scripts load; the experiment's dialect by default.",
            show_default=False,
        ),
    ] = None,
    run: Annotated[
        int | None, typer.Option(help="The run to export; the loaded one by default.", show_default=False)
    ] = None,
    rows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE=]N", help="Make these rows instead, with --seed; as for generate.", show_default=False
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The seed of rows without a run.", show_default=False)] = None,
    tables: Annotated[
        list[str] | None, typer.Option(metavar="TABLE,...", help="Only these tables.", show_default=False)
    ] = None,
    codec: Annotated[Codec, typer.Option(case_sensitive=False, help="The compression of Parquet.")] = Codec.SNAPPY,
    rows_per_file: Annotated[
        int | None, typer.Option(help="Rows of a file; about 150 MB by default.", show_default=False)
    ] = None,
    any_size: Annotated[bool, typer.Option("--any-size", help="Allow dbt seeds above 5 MB.")] = False,
    zip_file: Annotated[bool, typer.Option("--zip", help="Make one zip file.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the same export after an interruption.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing: estimate files, bytes and time.")] = False,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="ENGINE",
            help="Where files are made: local, ray, ray://host:10001, spark, sc://host; this process by default.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that make files; all by default.", show_default=False)
    ] = None,
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="Another storage service; AWS_ENDPOINT_URL by default.")
    ] = "",
    retries: Annotated[int, typer.Option(help="How often a request to object storage is tried again.")] = 10,
    location: Annotated[
        str, typer.Option(metavar="URL", help="Where the script loads from, such as s3://bucket/folder.")
    ] = "",
    role: Annotated[str, typer.Option(metavar="ARN", help="The IAM role in Redshift's script.")] = "",
    stage: Annotated[str, typer.Option(help="The stage in Snowflake's script.")] = "",
    integration: Annotated[str, typer.Option(help="The storage integration in Snowflake's script.")] = "",
    manifest: Annotated[
        str, typer.Option(metavar="FILE", help="With --format dbt: target/manifest.json, for a unit test of --model.")
    ] = "",
    model: Annotated[str, typer.Option(help="The dbt model that gets a unit test.")] = "",
    parents: Annotated[int, typer.Option(help="The rows of the unit test that others belong to.")] = 5,
) -> None:
    """Write the data as files with the scripts that load them into Redshift, Snowflake or DuckDB."""
    counts = parse_row_counts(rows or [])
    _check_unit_test(format_name, manifest, model)
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        chosen = [table for text in tables for table in text.split(",") if table] if tables else None
        options: ExportOptions = {
            "format": format_name.value,
            "target": target.value if target else None,
            "run": run,
            "rows": expand_row_counts(experiment, counts),
            "seed": seed,
            "tables": chosen,
            "codec": codec.value,
            "rows_per_file": rows_per_file,
            "any_size": any_size,
            "location": location,
            "role": role,
            "stage": stage,
            "integration": integration,
        }
        if manifest:
            _write_unit_test(experiment.dbt_unit_test(manifest, model, parents=parents, **options), to, dry_run)
            return
        if dry_run and zip_file and (on is not None or workers is not None):
            raise typer.BadParameter("A zip is made by this process: leave out --on and --workers.", param_hint="--zip")
        if dry_run:
            _print_estimate(experiment.estimate_export(on=on, workers=workers, **options))
            return
        with _progress() as listener:
            made = experiment.export(
                to,
                zipped=zip_file,
                resume=resume,
                progress=listener,
                on=on,
                workers=workers,
                endpoint=endpoint,
                retries=retries,
                **options,
            )
        _print_export(made)


def _check_unit_test(format_name: ExportFormat, manifest: str, model: str) -> None:
    if bool(manifest) != bool(model):
        raise typer.BadParameter("A unit test needs both --manifest and --model.", param_hint="--manifest")
    if manifest and format_name is not ExportFormat.DBT:
        raise typer.BadParameter("A unit test is of --format dbt.", param_hint="--format")


def _write_unit_test(made: UnitTest, to: str, is_dry: bool) -> None:
    rows = [[name, len(given), ", ".join(given[0]) if given else ""] for name, given in made.given.items()]
    print_table(["input", "rows", "columns"], rows)
    for note in made.notes:
        print_status(f"Note: {note}")
    expected = f"{made.model} gives {counted(len(made.expected), 'row')}"
    if is_dry:
        print_status(f"{expected}: nothing was written.")
    else:
        print_status(f"{expected}: wrote {made.write(to)}.", style="green")


def _print_estimate(made: ExportEstimate) -> None:
    rows = [[key, each.rows, each.files, each.size_bytes, round(each.seconds, 2)] for key, each in made.sizes.items()]
    print_table(["table", "rows", "files", "bytes", "cpu_seconds"], rows)
    print_status(
        f"About {size(made.size_bytes)} in {counted(made.files, 'file')}, {duration(made.seconds)} of one processor: "
        "nothing was written."
    )
    if made.workers is not None and made.elapsed_seconds is not None:
        print_status(f"{counted(made.workers, 'worker')}: about {duration(made.elapsed_seconds)} after their start.")


def _print_export(made: Export) -> None:
    only = made.only_file
    if only is not None:
        print_table(["table", "format", "rows"], [[each.key, each.format, each.rows] for each in made.tables])
    else:
        rows = [[each.key, each.format, each.rows, len(each.files), each.size_bytes] for each in made.tables]
        print_table(["table", "format", "rows", "files", "bytes"], rows)
    for note in made.notes:
        print_status(f"Note: {note}")
    kept = sum(len(each.files) for each in made.tables) - made.made_files
    reused = f", {counted(kept, 'file')} were there" if kept > 0 else ""
    where = made.url if only is None else f"{made.url}, in {only.name} ({size(only.size_bytes)})"
    print_status(f"Exported {counted(made.rows, 'row')} with seed {made.seed} to {where}{reused}.", style="green")


@contextmanager
def _progress() -> Iterator[Callable[[ExportProgress], None] | None]:
    """Yield a listener that draws a bar when stderr is a terminal."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("measuring", total=None)

        def show(progress: ExportProgress) -> None:
            text = (
                f"{progress.table}  {progress.rows_done:,} / {progress.rows_total:,} rows, {size(progress.size_bytes)}"
            )
            bar.update(task, total=max(progress.rows_total, 1), completed=progress.rows_done, description=text)

        yield show
