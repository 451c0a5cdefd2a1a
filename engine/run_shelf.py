"""The runs of an experiment that lie on the disk: their sizes, two of them compared, and one removed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from engine.errors import ConflictError, NotFoundError
from engine.generation.parts import part_files
from engine.schema.models import ExperimentSchema, TableSchema
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.records import Run, RunStatus
from engine.warehouse.profile import Profile, profile

_FIGURES = ("rows", "nulls", "distinct", "mean", "least", "greatest")


@dataclass(frozen=True)
class RunShelf:
    """The files of the runs of one experiment."""

    home: Home
    catalog: Catalog
    schema: ExperimentSchema

    def sizes(self, run_id: int) -> dict[str, int]:
        """Return the size in bytes of each table of a run, by table key."""
        parts = self.catalog.parts(self.schema.name, run_id)
        return {table.key: sum(part.size_bytes for part in parts.get(table.key, ())) for table in self.schema.tables}

    def compare(self, first: int, second: int) -> pl.DataFrame:
        """Return the figures of two runs beside each other, a row for each column of each table.

        Raises `ConflictError` for a run that is not COMPLETED, and `NotFoundError` when files are gone.
        """
        runs = [self._completed(first), self._completed(second)]
        rows = []
        for table in self.schema.tables:
            profiles = [self._profile(run, table) for run in runs]
            for one, other in zip(profiles[0].columns, profiles[1].columns, strict=True):
                figures = [getattr(side, figure) for figure in _FIGURES for side in (one, other)]
                rows.append([table.key, one.name, *figures])
        kinds: dict[str, type[pl.DataType]] = {"table": pl.String, "column": pl.String}
        of_figure = dict(zip(_FIGURES, (pl.Int64, pl.Int64, pl.Int64, pl.Float64, pl.String, pl.String), strict=True))
        kinds |= {f"{figure}_{side}": of_figure[figure] for figure in _FIGURES for side in ("first", "second")}
        return pl.DataFrame(rows, schema=kinds, orient="row")

    def remove(self, run_id: int) -> None:
        """Remove a run with its files; raises `ConflictError` while it runs or is in the tables."""
        name = self.schema.name
        with ExperimentLock(self.home, name, action="delete a run"):
            run = self.catalog.run(name, run_id)
            if run.is_loaded:
                raise ConflictError(
                    f"Run {run_id} is in the tables.", hint="Load another run or reset the tables, then delete it."
                )
            if run.status is RunStatus.RUNNING:
                raise ConflictError(f"Run {run_id} is under way.", hint="Cancel it first.")
            self.catalog.remove_run(name, run_id)
            shutil.rmtree(self.home.run_dir(name, run_id), ignore_errors=True)

    def _completed(self, run_id: int) -> Run:
        run = self.catalog.run(self.schema.name, run_id)
        if run.status is not RunStatus.COMPLETED:
            raise ConflictError(f"Run {run_id} is {run.status}.", hint="Only completed runs can be compared.")
        return run

    def _profile(self, run: Run, table: TableSchema) -> Profile:
        folder = Path(run.output_dir) if run.output_dir else self.home.run_dir(run.experiment, run.id)
        files = [str(path) for _, path in sorted(part_files(self.home.table_dir(folder, table.key)).items())]
        if not files:
            raise NotFoundError(f"The files of run {run.id} are gone.", where=str(folder))
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            return profile(connection.read_parquet(files), with_bars=False)
