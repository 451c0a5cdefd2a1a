"""Recovery: rebuilding or completing the catalog from the marks in the folders of experiments and runs.

Nothing is deleted. RUNNING runs become ABORTED; past and saved queries are only in the catalog and are lost with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import CatalogLostError
from engine.schema.names import name_fault
from engine.store.catalog import Catalog
from engine.store.catalog_file import CatalogState, catalog_state, check_not_foreign
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import abort_if_running, newer_mark, newer_run_mark
from engine.store.marks import ExperimentMark, MarkState, RunMark, read_experiment_mark, read_run_mark
from engine.store.own_files import EXPERIMENT_MARK
from engine.store.records import ExperimentRecord
from engine.store.run_rows import ORPHAN_ERROR
from engine.store.version_marks import VersionMark, read_version_marks


@dataclass(frozen=True)
class LostExperiment:
    """An experiment missing in the catalog, in whole or in part: its mark, and the runs and versions to restore."""

    mark: ExperimentMark
    runs: tuple[RunMark, ...]
    is_reattached: bool
    versions: tuple[VersionMark, ...] = ()

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return self.mark.record.name


@dataclass(frozen=True)
class Recovery:
    """The result of a recovery; `empty_tables` are the experiments whose data must be loaded again."""

    experiments: tuple[LostExperiment, ...]

    @property
    def empty_tables(self) -> list[str]:
        """The experiments whose warehouse file is missing."""
        return [lost.name for lost in self.experiments if not lost.is_reattached]

    def __bool__(self) -> bool:
        """Return whether there is anything to restore."""
        return bool(self.experiments)


def check_catalog(root: Path) -> None:
    """Raise when the home folder cannot be opened safely; nothing is changed.

    `CatalogLostError`: the catalog is missing or empty, and there is data of experiments. `WorkbenchError`: the
    catalog is another program's database.
    """
    path = Path(root).expanduser().absolute() / "catalog.sqlite"
    check_not_foreign(path)
    experiments = path.parent / "experiments"
    if not experiments.is_dir() or catalog_state(path) is not CatalogState.EMPTY:
        return
    if not any((folder / EXPERIMENT_MARK).is_file() for folder in experiments.iterdir()):
        return
    home = Home(path.parent, is_made=False)
    names = [name for name in home.experiment_folders() if _is_recoverable(home, name)]
    if names and catalog_state(path) is CatalogState.EMPTY:  # still: another process may have created one just now
        count = "an experiment" if len(names) == 1 else f"{len(names)} experiments"
        raise CatalogLostError(
            f"The catalog is missing or empty, but there is data of {count}: {', '.join(names[:5])}"
            f"{', ...' if len(names) > 5 else ''}.",
            where=str(path),
            hint="Rebuild the catalog with `dw-sim recover`, or choose another home folder in DW_SIM_HOME.",
        )


def find_lost(home: Home, catalog: Catalog | None) -> Recovery:
    """Return the experiments and runs missing in the catalog; all of them without a catalog."""
    known = {} if catalog is None else {record.name.lower(): record for record in catalog.experiments()}
    found = []
    for name in home.experiment_folders():
        mark = read_experiment_mark(home, name)
        if name_fault(name) or mark is None or not _is_recoverable(home, name):
            continue
        lost = _find_lost_parts(home, catalog, mark, known.get(name))
        if lost is not None:
            found.append(lost)
    return Recovery(tuple(found))


def restore(home: Home, catalog: Catalog, recovery: Recovery) -> None:
    """Add what was found to the catalog; raises `BusyError` when an experiment is being changed."""
    for lost in recovery.experiments:
        record = lost.mark.record
        with ExperimentLock(home, record.name, action="recover"):
            catalog.restore_experiment(record, lost.versions)
            for run in lost.runs:
                catalog.restore_run(abort_if_running(run.run, ORPHAN_ERROR), run.parts)
            last_run, last_load = max(home.run_folders(record.name), default=0), record.load_id or 0
            files = home.warehouse_files(record.name)
            catalog.reserve_ids(record.name, last_run_id=last_run, last_load_id=max([last_load, *files]))
            if lost.is_reattached and record.load_id in files:
                known = {run.id for run in catalog.runs(record.name)}
                run_id = record.loaded_run_id if record.loaded_run_id in known else None
                catalog.set_warehouse(record.name, record.load_id, run_id, record.row_counts, record.loaded_version)


def rename_damaged_catalog(path: Path) -> Path | None:
    """Rename a catalog that SQLite cannot read, and its files; return its new name, None when it can be read."""
    if catalog_state(path) is not CatalogState.DAMAGED:
        return None
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.rename(aside.with_name(aside.name + suffix))
    return aside


def _find_lost_parts(
    home: Home, catalog: Catalog | None, mark: ExperimentMark, known: ExperimentRecord | None
) -> LostExperiment | None:
    record = mark.record
    same = known if known is not None and known.created_at == record.created_at else None
    runs = {} if same is None or catalog is None else {run.id: run for run in catalog.runs(same.name)}
    lost_runs = []
    for run_id in home.run_folders(record.name):
        found = read_run_mark(home, record.name, run_id)
        if found is None or found.state is MarkState.DELETING:
            continue
        if run_id not in runs or newer_run_mark(home, runs[run_id]) is not None:
            lost_runs.append(RunMark(found.state, replace(found.run, experiment=record.name), found.parts))
    is_there = record.load_id is not None and home.warehouse_path(record.name, record.load_id).is_file()
    if same is not None and not lost_runs and newer_mark(home, same) is None:
        return None
    if same is not None and newer_mark(home, same) is None:  # the loaded data is known; only runs are missing
        return LostExperiment(ExperimentMark(mark.state, same), tuple(lost_runs), is_reattached=True)
    versions = read_version_marks(home, record.name, record.created_at)
    last = versions[-1] if versions else None
    if last is not None and last.number > record.version:  # saved during a run, whose end would have updated the mark
        schema = last.schema.model_copy(update={"name": record.name})
        mark = ExperimentMark(mark.state, replace(record, schema=schema, version=last.number))
    numbers = {each.number for each in versions} | {record.version}
    is_there = is_there and record.loaded_version in numbers
    return LostExperiment(mark, tuple(lost_runs), is_there, tuple(versions))


def _is_recoverable(home: Home, name: str) -> bool:
    mark = read_experiment_mark(home, name)
    if mark is None or mark.state is MarkState.DELETING:
        return False
    return mark.state is MarkState.READY or bool(home.run_folders(name))


def open_filled_catalog(path: Path) -> Catalog | None:
    """Return the catalog at `path` if it has experiments, else None; raises `WorkbenchError` when it is foreign."""
    check_not_foreign(path)
    return Catalog(path) if catalog_state(path) is CatalogState.FILLED else None
