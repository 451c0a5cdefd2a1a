"""`dw-sim recover`: rebuild the catalog from the experiment folders."""

from __future__ import annotations

from engine.cli.arguments import Yes, confirm
from engine.cli.output import print_line, print_status, print_table
from engine.display.wording import counted


def recover(yes: Yes = False) -> None:
    """Restore experiments and runs that are in the home folder but not in its catalog."""
    import engine

    settings = engine.Settings.from_environment()
    found = engine.Workbench.recover(settings=settings, dry_run=True)
    if not found:
        print_line(f"Nothing to recover in {settings.home}.")
        return
    rows = [
        (lost.name, len(lost.runs), "unchanged" if lost.is_reattached else "empty, load a run again")
        for lost in found.experiments
    ]
    print_table(["experiment", "runs", "tables"], rows)
    confirm(f"Add these to the catalog of {settings.home}?", is_sure=yes)
    done = engine.Workbench.recover(settings=settings)
    print_line(f"Recovered {counted(len(done.experiments), 'experiment')}.")
    for name in done.empty_tables:
        print_status(f"Load the data again: dw-sim experiment load {name}")
