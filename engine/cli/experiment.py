"""`dw-sim experiment`: create, import, list, show, preview and delete."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Dialect, Name, Yes, confirm, row_counts, spread
from engine.cli.output import is_terminal, say, say_facts, say_table, say_warnings, tell
from engine.cli.text import timestamp
from engine.display.wording import counted, size

if TYPE_CHECKING:
    from engine import Draft, Experiment
    from engine.schema.models import ColumnSchema, TableSchema


def add_commands(group: typer.Typer) -> None:
    """Add the commands of this module to `group`."""
    group.command()(create)
    group.command()(import_sql)
    group.command("list")(list_experiments)
    group.command()(show)
    group.command()(preview)
    group.command("export-ddl")(export_ddl)
    group.command()(delete)


def create(
    file: Annotated[Path, typer.Argument(help="A schema file (JSON).", show_default=False)],
    name: Annotated[str | None, typer.Option(help="Another name than the file's.", show_default=False)] = None,
) -> None:
    """Create an experiment from a schema file."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench.create(file, name=name)
        _say_created(experiment)
        _say_next(experiment)


def import_sql(
    file: Annotated[
        str, typer.Argument(help="A script of CREATE TABLE statements; - reads stdin.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="The name of the new experiment.", show_default=False)],
    dialect: Annotated[
        Dialect, typer.Option(case_sensitive=False, help="The warehouse of the script.", show_default=False)
    ],
) -> None:
    """Create an experiment from a warehouse's CREATE TABLE script."""
    import engine

    text = _script(file)
    with engine.Workbench() as workbench:
        draft = engine.import_sql(text, name=name, dialect=dialect.value)
        experiment = workbench.create(draft)
        _say_created(experiment)
        _say_notes(draft)
        _say_next(experiment)


def list_experiments() -> None:
    """List the experiments."""
    import engine

    with engine.Workbench() as workbench:
        for note in workbench.notes:
            tell(f"Note: {note}", style="yellow")
        experiments, damaged = workbench.experiments(), workbench.damaged_experiments()
        if not experiments and not damaged and is_terminal():
            say("No experiment yet. Create one: dw-sim experiment create FILE")
            return
        headers = ["name", "tables", "rows", "last run", "created", "warnings"]
        rows = [_listed(experiment) for experiment in experiments]
        say_table(headers, [*rows, *([each.name, None, None, "DAMAGED", None, None] for each in damaged)])
        for each in damaged:
            tell(f"Damaged: {each.error}", style="red")


def show(
    name: Name,
    table: Annotated[str | None, typer.Argument(help="Show this table's columns.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the schema file.")] = False,
) -> None:
    """Show an experiment's tables, or the columns of one table."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        if as_json:
            print(experiment.to_json())
        elif table is None:
            _say_experiment(experiment)
        else:
            _say_columns(experiment, table)


def export_ddl(
    name: Name,
    dialect: Annotated[
        Dialect, typer.Option(case_sensitive=False, help="The warehouse to write for.", show_default=False)
    ],
) -> None:
    """Print the CREATE TABLE script of an experiment's schema."""
    import engine

    with engine.Workbench() as workbench:
        sys.stdout.write(workbench[name].to_ddl(dialect.value))


def preview(
    name: Name,
    table: Annotated[str, typer.Argument(help="The table.", show_default=False)],
    rows: Annotated[int, typer.Option(help="How many rows.")] = 10,
    offset: Annotated[int, typer.Option(help="How many rows to skip.")] = 0,
    seed: Annotated[int, typer.Option(help="The seed of the run to foresee.")] = 0,
    counts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE=]N", help="The rows of the run to foresee, as generate's --rows.", show_default=False
        ),
    ] = None,
) -> None:
    """Show rows that a run would make; nothing is written."""
    asked = row_counts(counts or [], "--counts")
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        frame = experiment.preview(table, rows, offset=offset, seed=seed, counts=spread(experiment, asked))
        say_table(frame.columns, frame.iter_rows(), is_data=True)


def delete(name: Name, yes: Yes = False) -> None:
    """Delete an experiment with all its runs and data."""
    import engine

    with engine.Workbench() as workbench:
        found = workbench.name_of(name)
        confirm(f"Delete {found} with all its runs and data?", is_sure=yes)
        left = workbench.delete(found)
        say(f"Deleted {found}.")
        for path in left:
            tell(f"Left, because the workbench did not make it: {path}")


def _script(file: str) -> str:
    from engine.errors import NotFoundError, SqlImportError

    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError("There is no such file.", where=file) from None
    except UnicodeDecodeError as error:
        raise SqlImportError(
            f"The script is not UTF-8 text (byte {error.start + 1}).", where=file, hint="Save it as UTF-8."
        ) from None


def _say_created(experiment: Experiment) -> None:
    tables = experiment.schema.tables
    columns = sum(len(table.columns) for table in tables)
    say(
        f"Created experiment {experiment.name}: {counted(len(tables), 'table')}, {counted(columns, 'column')}.",
        style="green",
    )
    say_warnings(experiment.warnings)


def _say_next(experiment: Experiment) -> None:
    if is_terminal():
        say(f"Next: dw-sim experiment generate {experiment.name}", style="dim")


def _say_notes(draft: Draft) -> None:
    told = set(draft.schema.warnings)
    for note in draft.notes:
        if note.message not in told:
            place = f"{note.place[:1].upper()}{note.place[1:]}" if note.line else note.place
            say(f"{place} ({note.level}): {note.message}", style=_NOTE_STYLES[note.level])
    say(
        f"Statements: {draft.imported:,} imported, {draft.imported_with_notes:,} with notes, {draft.skipped:,} skipped."
    )


_NOTE_STYLES = {"info": "", "warning": "yellow", "skipped": "magenta"}


def _listed(experiment: Experiment) -> list[object]:
    runs = experiment.runs()
    return [
        experiment.name,
        len(experiment.schema.tables),
        sum(experiment.row_counts().values()),
        f"{runs[0].id} {runs[0].status}" if runs else "-",
        timestamp(experiment.created_at, is_local=is_terminal()),
        len(experiment.warnings),
    ]


def _say_experiment(experiment: Experiment) -> None:
    from engine.generation.row_counts import row_counts

    schema = experiment.schema
    by_default = row_counts(schema, None)
    loaded = experiment.loaded_run_id
    facts = {
        "name": experiment.name,
        "description": schema.description,
        "created": timestamp(experiment.created_at, is_local=is_terminal()),
        "size": size(experiment.size_bytes()),
        "loaded run": "-" if loaded is None else str(loaded),
    }
    say_facts({name: fact for name, fact in facts.items() if fact})
    say()
    counts = experiment.row_counts()
    say_table(
        ["table", "columns", "rows", "default rows", "primary key", "references"],
        [
            [
                table.key,
                len(table.columns),
                counts.get(table.key, 0),
                by_default[table.key],
                ", ".join(table.primary_key) or "-",
                ", ".join(_referenced(table)) or "-",
            ]
            for table in schema.tables
        ],
    )
    if experiment.warnings:
        say()
        say_warnings(experiment.warnings)


def _referenced(table: TableSchema) -> list[str]:
    single = [column.foreign_key.references_table for column in table.columns if column.foreign_key]
    return list(dict.fromkeys([*single, *(key.references_table for key in table.foreign_keys)]))


def _say_columns(experiment: Experiment, name: str) -> None:
    table = experiment.table(name)
    say_table(
        ["column", "type", "null", "unique", "values"],
        [
            [
                column.name,
                str(column.type),
                "yes" if column.is_nullable else "no",
                "yes" if table.is_unique(column) else "no",
                _values(column),
            ]
            for column in table.columns
        ],
    )


def _values(column: ColumnSchema) -> str:
    key = column.foreign_key
    if key is not None:
        return f"key of {key.references_table}.{key.references_column}"
    from engine.schema.column_rules import Role, rule_of

    rule = rule_of(column)
    value = None if rule.role is Role.DEFAULT else getattr(column, rule.name)
    shown = ", ".join(map(str, value)) if isinstance(value, list) else getattr(value, "type", value)
    return rule.label if shown is None else f"{rule.label}: {shown}"
