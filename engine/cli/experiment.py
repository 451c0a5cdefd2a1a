"""`dw-sim experiment`: the commands create, import-sql, list, show, preview, export-ddl, board and delete."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.annotated_table import print_annotated
from engine.cli.arguments import Dialect, Name, Yes, confirm, expand_row_counts, parse_row_counts
from engine.cli.output import is_terminal, print_fields, print_line, print_status, print_table, print_warnings
from engine.cli.text import timestamp
from engine.display.wording import counted, size

if TYPE_CHECKING:
    from engine import Draft, Experiment
    from engine.schema.models import TableSchema


def add_commands(group: typer.Typer) -> None:
    """Add the commands of this module to `group`."""
    group.command()(create)
    group.command()(import_sql)
    group.command("list")(list_experiments)
    group.command()(show)
    group.command()(preview)
    group.command("export-ddl")(export_ddl)
    group.command()(board)
    group.command()(delete)


def create(
    file: Annotated[Path, typer.Argument(help="A schema file (JSON).", show_default=False)],
    name: Annotated[
        str | None, typer.Option(help="Name to use instead of the one in the file.", show_default=False)
    ] = None,
) -> None:
    """Create an experiment from a schema file."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench.create(file, name=name)
        _print_created(experiment)
        _print_next(experiment)


def import_sql(
    file: Annotated[
        str, typer.Argument(help="A SQL script with CREATE TABLE statements; - reads stdin.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="The name of the new experiment.", show_default=False)],
    dialect: Annotated[
        Dialect, typer.Option(case_sensitive=False, help="The dialect of the script.", show_default=False)
    ],
    even_keys: Annotated[
        bool, typer.Option("--even-keys", help="Refer to all rows of a parent equally often, none more popular.")
    ] = False,
    queries: Annotated[
        Path | None,
        typer.Option(help="A .sql file or a folder of queries, so that these find rows.", show_default=False),
    ] = None,
) -> None:
    """Create an experiment from a CREATE TABLE script."""
    import engine

    text = _read_script(file)
    with engine.Workbench() as workbench:
        draft = engine.import_sql(text, name=name, dialect=dialect.value, popularity=not even_keys)
        experiment = workbench.create(draft)
        _print_created(experiment)
        _print_notes(draft)
        if queries is not None:
            from engine.cli.workload import print_fit

            print_fit(experiment.fit(queries))
        _print_next(experiment)


def list_experiments() -> None:
    """List the experiments."""
    import engine

    with engine.Workbench() as workbench:
        for note in workbench.notes:
            print_status(f"Note: {note}", style="yellow")
        experiments, damaged = workbench.experiments(), workbench.damaged_experiments()
        if not experiments and not damaged and is_terminal():
            print_line("No experiments yet. Create one: dw-sim experiment create FILE")
            return
        headers = ["name", "tables", "rows", "last run", "created", "warnings"]
        rows = [_list_row(experiment) for experiment in experiments]
        print_table(headers, [*rows, *([each.name, None, None, "DAMAGED", None, None] for each in damaged)])
        for each in damaged:
            print_status(f"Damaged: {each.error}", style="red")


def show(
    name: Name,
    table: Annotated[str | None, typer.Argument(help="Show this table's columns.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the schema as JSON.")] = False,
) -> None:
    """Show the tables of an experiment, or the columns of one table."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        if as_json:
            print(experiment.to_json())
        elif table is None:
            _print_experiment(experiment)
        else:
            _print_columns(experiment, table)


def board(
    name: Name,
    to: Annotated[Path | None, typer.Option(help="Write the board to this HTML file.", show_default=False)] = None,
    pin: Annotated[list[str] | None, typer.Option(help="Pin this saved query; repeatable.", show_default=False)] = None,
    unpin: Annotated[
        list[str] | None, typer.Option(help="Unpin this saved query; repeatable.", show_default=False)
    ] = None,
) -> None:
    """List the saved charts and tables on the board of an experiment, or write them to one HTML file."""
    import engine

    with engine.Workbench() as workbench:
        pinned = workbench[name].board()
        for query in unpin or []:
            pinned.unpin(query)
        for query in pin or []:
            pinned.pin(query)
        if to is not None:
            print_line(f"Wrote {counted(len(pinned.items), 'item')} to {pinned.export(to)}.", style="green")
            return
        print_table(["query", "view", "width"], [(item.query, item.view, item.width) for item in pinned.items])


def export_ddl(
    name: Name,
    dialect: Annotated[
        Dialect, typer.Option(case_sensitive=False, help="The dialect of the output.", show_default=False)
    ],
) -> None:
    """Print the schema of an experiment as a CREATE TABLE script."""
    import engine

    with engine.Workbench() as workbench:
        sys.stdout.write(workbench[name].to_ddl(dialect.value))


def preview(
    name: Name,
    table: Annotated[str, typer.Argument(help="The table.", show_default=False)],
    rows: Annotated[int, typer.Option(help="Number of rows to show.")] = 10,
    offset: Annotated[int, typer.Option(help="Number of rows to skip.")] = 0,
    seed: Annotated[int, typer.Option(help="The seed of the run to preview.")] = 0,
    counts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE=]N", help="The row counts of the run to preview, as --rows of generate.", show_default=False
        ),
    ] = None,
) -> None:
    """Show rows that a run would generate, without writing anything."""
    requested = parse_row_counts(counts or [], "--counts")
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        frame = experiment.preview(
            table, rows, offset=offset, seed=seed, counts=expand_row_counts(experiment, requested)
        )
        print_table(frame.columns, frame.iter_rows(), is_data=True)


def delete(name: Name, yes: Yes = False) -> None:
    """Delete an experiment with all its runs and data."""
    import engine

    with engine.Workbench() as workbench:
        found = workbench.name_of(name)
        confirm(f"Delete {found} with all its runs and data?", is_sure=yes)
        left = workbench.delete(found)
        print_line(f"Deleted {found}.")
        for path in left:
            print_status(f"Not deleted, because it is not a workbench file: {path}")


def _read_script(file: str) -> str:
    from engine.errors import NotFoundError, SqlImportError

    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError("File not found.", where=file) from None
    except UnicodeDecodeError as error:
        raise SqlImportError(
            f"The script is not UTF-8 text (byte {error.start + 1}).", where=file, hint="Save it as UTF-8."
        ) from None


def _print_created(experiment: Experiment) -> None:
    tables = experiment.schema.tables
    columns = sum(len(table.columns) for table in tables)
    print_line(
        f"Created experiment {experiment.name}: {counted(len(tables), 'table')}, {counted(columns, 'column')}.",
        style="green",
    )
    print_warnings(experiment.warnings)


def _print_next(experiment: Experiment) -> None:
    if is_terminal():
        print_line(f"Next: dw-sim experiment generate {experiment.name}", style="dim")


def _print_notes(draft: Draft) -> None:
    printed = set(draft.schema.warnings)
    for group in draft.note_groups:
        if all(f"{note.object}: {note.message}" in printed for note in group.notes):
            continue
        place = f"{group.place[:1].upper()}{group.place[1:]}" if group.has_lines else group.place
        where = f"{place} ({group.level})" if place else "Note"
        print_line(f"{where}: {group.message}", style=_NOTE_STYLES[group.level])
    warnings = sum(note.level == "warning" for note in draft.notes)
    in_brackets = f" ({counted(warnings, 'warning')})" if warnings else ""
    ignored = f", {counted(draft.skipped, 'statement')} ignored" if draft.skipped else ""
    print_line(f"{counted(len(draft.schema.tables), 'table')} imported{in_brackets}{ignored}.")


_NOTE_STYLES = {"info": "", "warning": "yellow", "skipped": "magenta"}


def _list_row(experiment: Experiment) -> list[object]:
    runs = experiment.runs()
    return [
        experiment.name,
        len(experiment.schema.tables),
        sum(experiment.row_counts().values()),
        f"{runs[0].id} {runs[0].status}" if runs else "-",
        timestamp(experiment.created_at, is_local=is_terminal()),
        len(experiment.warnings),
    ]


def _print_experiment(experiment: Experiment) -> None:
    from engine.generation.requested_counts import row_counts

    schema = experiment.schema
    by_default = row_counts(schema, None)
    facts = {
        "name": experiment.name,
        "description": schema.description,
        "created": timestamp(experiment.created_at, is_local=is_terminal()),
        "size": size(experiment.size_bytes()),
        "version": str(experiment.version),
        "loaded run": _loaded_run(experiment),
    }
    print_fields({name: fact for name, fact in facts.items() if fact})
    print_line()
    counts = experiment.row_counts()
    headers = ["table", "columns", "rows", "default rows", "primary key", "references"]
    rows: list[list[object]] = [
        [
            table.key,
            len(table.columns),
            counts.get(table.key, 0),
            by_default[table.key],
            ", ".join(table.primary_key) or "-",
            ", ".join(_referenced_tables(table)) or "-",
        ]
        for table in schema.tables
    ]
    print_annotated(headers, rows, [table.because or "" for table in schema.tables])
    if experiment.warnings:
        print_line()
        print_warnings(experiment.warnings)


def _loaded_run(experiment: Experiment) -> str:
    loaded = experiment.loaded_run_id
    if loaded is None:
        return "-"
    made_by = experiment.loaded_version
    return str(loaded) if made_by == experiment.version else f"{loaded} (made by version {made_by})"


def _referenced_tables(table: TableSchema) -> list[str]:
    single = [column.foreign_key.references_table for column in table.columns if column.foreign_key]
    return list(dict.fromkeys([*single, *(key.references_table for key in table.foreign_keys)]))


def _print_columns(experiment: Experiment, name: str) -> None:
    from engine.cli.column_values import describe_values
    from engine.schema.reasons import reason_of

    table = experiment.table(name)
    rows: list[list[object]] = [
        [
            column.name,
            str(column.type),
            "yes" if column.is_nullable else "no",
            "yes" if table.is_unique(column) else "no",
            describe_values(table, column),
        ]
        for column in table.columns
    ]
    headers = ["column", "type", "null", "unique", "values"]
    print_annotated(headers, rows, [reason_of(table, column) for column in table.columns])
    facts = {"given rows": f"{len(table.rows):,}"} if table.rows else {}
    facts |= {"checks": "; ".join(table.checks)} if table.checks else {}
    if facts:
        print_line()
        print_fields(facts)
