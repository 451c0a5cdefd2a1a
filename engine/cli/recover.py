"""`dw-sim recover`: the catalog made anew from the folders of the experiments."""

from __future__ import annotations

from engine.cli.arguments import Yes, confirm
from engine.cli.output import say, say_table, tell
from engine.display.wording import counted


def recover(yes: Yes = False) -> None:
    """Bring back experiments and runs that lie in the home folder but are not in its catalog."""
    import engine

    settings = engine.Settings.from_environment()
    found = engine.Workbench.recover(settings=settings, dry_run=True)
    if not found:
        say(f"There is nothing to recover in {settings.home}.")
        return
    rows = [
        (lost.name, len(lost.runs), "as they were" if lost.is_reattached else "empty, load a run again")
        for lost in found.experiments
    ]
    say_table(["experiment", "runs", "tables"], rows)
    confirm(f"Put this into the catalog of {settings.home}?", is_sure=yes)
    done = engine.Workbench.recover(settings=settings)
    say(f"Recovered {counted(len(done.experiments), 'experiment')}.")
    for name in done.empty_tables:
        tell(f"Load the data again: dw-sim experiment load {name}")
