"""`dw-sim experiment attach` and `path`: read an exported run back, and name the database file."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.arguments import Name
from engine.cli.output import print_status, print_table
from engine.display.wording import counted


def add_commands(group: typer.Typer) -> None:
    """Add the commands of this module to `group`."""
    group.command()(attach)
    group.command()(path)


def attach(
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="A folder, or s3://, gs://, az:// URL, with an exported run.")
    ],
    name: Annotated[
        str | None,
        typer.Argument(metavar="[EXPERIMENT]", help="The experiment; the exported one's name by default."),
    ] = None,
    sample: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE=]N",
            help="A share (0.01), rows of each table (10000) or of one (orders=10000), with their parents.",
            show_default=False,
        ),
    ] = None,
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="Another storage service; AWS_ENDPOINT_URL by default.")
    ] = "",
    retries: Annotated[int, typer.Option(help="How often a request to object storage is tried again.")] = 10,
) -> None:
    """Read an exported run into an experiment, whole or as a sample, to query and audit it here."""
    chosen = _parse_sample(sample or [])
    import engine

    with engine.Workbench() as workbench:
        experiment = workbench.attach(place, name=name, sample=chosen, endpoint=endpoint, retries=retries)
        run = experiment.runs()[0]
        print_table(
            ["table", "rows", "exported"], [[key, n, run.requested_rows[key]] for key, n in run.row_counts.items()]
        )
        for note in run.notes:
            print_status(f"Note: {note}")
        rows = counted(sum(run.row_counts.values()), "row")
        print_status(f"Attached {rows} with seed {run.seed} as run {run.id} of {experiment.name}.", style="green")


def path(name: Name) -> None:
    """Print the path of a DuckDB file with the loaded tables, for other programs.

    It is a copy that no load changes; the next call after a load puts the new tables in its place.
    """
    import engine

    with engine.Workbench() as workbench:
        print(workbench[name].path())


def _parse_sample(texts: list[str]) -> float | int | dict[str, int] | None:
    """Parse `0.01`, `10000`, or one or more `table=n`."""
    if not texts:
        return None
    try:
        if all("=" in text for text in texts):
            return {text.partition("=")[0]: int(text.partition("=")[2]) for text in texts}
        (text,) = texts
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        raise typer.BadParameter(
            "Use a share such as 0.01, a number of rows such as 10000, or table=n for each table.",
            param_hint="--sample",
        ) from None
