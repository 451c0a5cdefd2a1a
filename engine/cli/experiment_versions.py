"""`dw-sim experiment`: the commands update, versions, diff, revert, rename, copy and describe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.arguments import Name
from engine.cli.output import is_terminal, print_line, print_table, print_warnings
from engine.cli.text import timestamp, visible

if TYPE_CHECKING:
    from engine import SchemaDiff, SchemaUpdate, SchemaVersion

NewName = Annotated[str, typer.Argument(metavar="NEW", help="The new name.", show_default=False)]
Note = Annotated[str, typer.Option(help="What changed and why; `versions` shows it.", show_default=False)]
BasedOn = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="The version that was changed: refused if another came after it. The current one by default.",
        show_default=False,
    ),
]
_STYLES = {"added": "green", "removed": "red"}


def add_commands(group: typer.Typer) -> None:
    """Add the commands of this module to `group`."""
    group.command()(update)
    group.command("versions")(list_versions)
    group.command()(diff)
    group.command()(revert)
    group.command()(rename)
    group.command()(copy)
    group.command()(describe)


def update(
    name: Name,
    file: Annotated[Path, typer.Argument(help="A schema file (JSON).", show_default=False)],
    based_on: BasedOn = None,
    note: Note = "",
) -> None:
    """Save a schema file as a new version; the loaded data stays until the next run."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        _print_update(experiment.update(file, based_on=based_on, note=note))
        print_warnings(experiment.warnings)


def list_versions(name: Name) -> None:
    """List the versions of an experiment's schema, newest first."""
    import engine

    with engine.Workbench() as workbench:
        headers = ["version", "current", "saved", "runs", "changes", "note"]
        print_table(headers, [_list_row(each) for each in workbench[name].versions()])


def diff(
    name: Name,
    first: Annotated[int, typer.Argument(metavar="V1", help="A version.", show_default=False)],
    second: Annotated[
        int | None, typer.Argument(metavar="[V2]", help="Another version; the current one by default.")
    ] = None,
) -> None:
    """Show what changed from one version of a schema to another, column by column."""
    import engine

    with engine.Workbench() as workbench:
        found = workbench[name].diff(first, second)
        if not found:
            print_line(str(found))
        _print_changes(found)


def revert(
    name: Name,
    version: Annotated[int, typer.Argument(help="The version to go back to.", show_default=False)],
    based_on: BasedOn = None,
    note: Note = "",
) -> None:
    """Go back to an earlier version of the schema: it becomes a new version."""
    import engine

    with engine.Workbench() as workbench:
        _print_update(workbench[name].revert(version, based_on=based_on, note=note))


def rename(name: Name, new_name: NewName) -> None:
    """Rename an experiment; its runs, versions and saved queries stay."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        old = experiment.name
        experiment.rename(new_name)
        print_line(f"Renamed {old} to {experiment.name}.", style="green")
        naming = experiment.queries.naming(old)
        if naming:
            print_line(f"Saved queries that still name {old}: {', '.join(map(visible, naming))}.", style="yellow")


def copy(name: Name, new_name: NewName) -> None:
    """Create an experiment with the same schema, without runs and data."""
    import engine

    with engine.Workbench() as workbench:
        made = workbench[name].copy(new_name)
        print_line(f"Created {made.name} with the schema of {workbench[name].name}, without data.", style="green")


def describe(name: Name, text: Annotated[str, typer.Argument(help="The description.", show_default=False)]) -> None:
    """Set the description of an experiment."""
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench[name]
        experiment.describe(text)
        print_line(f"Saved the description of {experiment.name}.", style="green")


def _print_update(update: SchemaUpdate) -> None:
    if update.is_new:
        _print_changes(update.diff)
    print_line(str(update), style="green" if update.is_new else "")


def _print_changes(found: SchemaDiff) -> None:
    for change in found.changes:
        print_line(visible(str(change)), style=_STYLES.get(change.kind, ""))


def _list_row(version: SchemaVersion) -> list[object]:
    return [
        version.number,
        "yes" if version.is_current else "no",
        timestamp(version.saved_at, is_local=is_terminal()),
        len(version.run_ids),
        version.changes or "-",
        version.note or "-",
    ]
