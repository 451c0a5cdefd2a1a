"""Attaching: an exported run becomes a completed run of an experiment of this home folder, whole or as a sample.

Files are fetched one after the other, in pieces, and compared with the manifest before anything is loaded. A run whose
`row_counts` are fewer than its `requested_rows` is a sample, or lacks the tables that were not exported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from engine.display.wording import counted, size
from engine.errors import CancelledError, ConflictError, GenerationError, WorkbenchError
from engine.export.exported_rows import ExportedTable
from engine.export.manifest import PartFile
from engine.export.places import Place
from engine.export.reading import ExportedRun, damaged_part, keys_of
from engine.export.sampling import Sample, choose_rows, sampled_rows
from engine.generation.estimates import free_bytes
from engine.generation.parts import Part, part_name
from engine.generation.writer import TablePlan, plan_run
from engine.runs.loading import Loader
from engine.runs.stored_runs import StoredRuns
from engine.schema.files import schema_to_json
from engine.schema.growth import with_batches
from engine.schema.hidden import stored_columns
from engine.schema.models import ExperimentSchema, TableSchema
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import mark_run
from engine.store.progress import GENERATING, LOADING
from engine.store.records import Run, RunStatus
from engine.system.durable_files import make_folder

_BLOCK_BYTES = 4_000_000
_PIECE_ROWS = 200_000
_COPIES = 2
"""A whole attached run is on the disk as Parquet, and as a warehouse file."""


@dataclass
class Attaching:
    """The work of attaching one export to an experiment that exists, whose version `version` has its schema."""

    loader: Loader
    place: Place
    exported: ExportedRun
    name: str
    version: int
    sample: Sample | None = None
    _run: Run = field(init=False)

    def work(self) -> Run:
        """Fetch the rows, load them and return the completed run; after an error nothing is left of it."""
        wanted = self._wanted()
        home, catalog = self.loader.home, self.loader.catalog
        with ExperimentLock(home, self.name, action="attach") as lock:
            catalog.abort_orphans(self.name, lambda: False)
            self._run = catalog.start_run(
                self.name,
                self.exported.seed,
                self.exported.rows,
                schema_version=self.version,
                batches=self.exported.batches,
                notes=list(self._notes(wanted)),
            )
            lock.note_run(self._run.id)
            try:
                mark_run(home, catalog, self._run)
                files = self._fetch(wanted)
                rows = {key: sum(part.rows for part in parts) for key, parts in self._parts().items()}
                self._report(LOADING)
                load_id = self.loader.build(self._schema, files, rows)
                lock.note_ending()
                self._run = catalog.finish_run(self.name, self._run.id, RunStatus.COMPLETED, rows, load_id=load_id)
                mark_run(home, catalog, self._run)
                self.loader.sweep(self.name)
                return catalog.run(self.name, self._run.id)
            except BaseException as error:
                lock.note_ending()
                with suppress(WorkbenchError):
                    catalog.finish_run(self.name, self._run.id, RunStatus.FAILED, {}, error=str(error))
                failed = error
        with suppress(WorkbenchError):
            StoredRuns(home, catalog, self.name).remove(self._run.id)
        raise failed

    @cached_property
    def _schema(self) -> ExperimentSchema:
        """The schema of the rows, with the batches that they were made with."""
        schema = self.loader.catalog.version_schema(self.name, self.version)
        return with_batches(schema, self.exported.batches)

    @cached_property
    def _plans(self) -> dict[str, TablePlan]:
        plans = plan_run(self._schema, self.exported.seed, self.exported.rows)
        return {plan.table.key: plan for plan in plans}

    def _wanted(self) -> dict[str, int] | None:
        """Return the rows of each table to take, None for a whole run; raises for a sample that there is none of."""
        if self.sample is None:
            if self.exported.size_bytes * _COPIES > (free := free_bytes(self.loader.home.root)):
                raise GenerationError(
                    f"The export has {size(self.exported.size_bytes)}, and the disk has {size(free)} free.",
                    where=self.exported.url,
                    hint="Attach a sample, such as 0.01, or free some space.",
                )
            return None
        sample: Sample = self.sample
        if isinstance(sample, Mapping):
            keys = keys_of(self.exported, sample)
            sample = {keys[name]: rows for name, rows in sample.items()}
        return sampled_rows(
            sample, {key: sum(part.rows for part in self.exported.files[key]) for key in self.exported.files}
        )

    def _notes(self, wanted: dict[str, int] | None) -> Iterator[str]:
        yield f"Attached from {self.exported.url} (schema {self.exported.schema_sha256[:12]})."
        if wanted is not None:
            yield f"A sample of {counted(sum(wanted.values()), 'row')}, and the parents of all of them."
        missing = [key for key in self.exported.rows if key not in self.exported.files]
        if missing:
            yield f"Not exported, so empty: {', '.join(missing)}."

    def _fetch(self, wanted: dict[str, int] | None) -> dict[str, list[Path]]:
        tables = {
            table.key: ExportedTable(
                self.place, table, self.exported.files[table.key], self.exported.format == "delta", self._maker(table)
            )
            for table in self._schema.tables
            if table.key in self.exported.files
        }
        chosen = None if wanted is None else choose_rows(self._schema, tables, wanted)
        files: dict[str, list[Path]] = {}
        for table in self._schema.tables:
            folder = self.loader.home.table_dir(self.loader.home.run_dir(self.name, self._run.id), table.key)
            make_folder(folder)
            source = tables.get(table.key)
            if source is not None and source.is_as_stored and chosen is None:
                parts = self._copied(source, folder)
            else:
                frames = (
                    iter(())
                    if source is None
                    else _frames(source)
                    if chosen is None
                    else source.take(chosen[table.key])
                )
                parts = _written(table, frames, folder)
            files[table.key] = []
            for part in parts:
                self._check_cancelled()
                self.loader.catalog.add_part(self.name, self._run.id, table.key, part)
                files[table.key].append(folder / part_name(part.number))
                self._report(GENERATING)
        return files

    def _copied(self, source: ExportedTable, folder: Path) -> Iterator[Part]:
        for number, file in enumerate(source.files):
            path = folder / part_name(number)
            self._copy(file, path)
            yield Part.of(path, number, file.first_row, file.rows)

    def _copy(self, file: PartFile, path: Path) -> None:
        """Fetch a file in pieces; raises `WorkbenchError` if it is not the one of the manifest."""
        digest, stored = hashlib.sha256(), file.stored
        with self.place.open(stored.name) as source, path.open("wb") as target:
            while block := source.read(_BLOCK_BYTES):
                digest.update(block)
                target.write(block)
        if path.stat().st_size != stored.size_bytes:
            fault = f"it has {path.stat().st_size:,} bytes, {stored.size_bytes:,} were written"
            raise damaged_part(self.place, stored.name, fault)
        if digest.hexdigest() != stored.sha256:
            raise damaged_part(self.place, stored.name, "its checksum is not that of the manifest")

    def _maker(self, table: TableSchema) -> _Maker:
        return _Maker(self, table.key)

    def _parts(self) -> dict[str, list[Part]]:
        found = self.loader.catalog.parts(self.name, self._run.id)
        return {table.key: found.get(table.key, []) for table in self._schema.tables}

    def _report(self, phase: str) -> None:
        numbers = {
            key: (sum(part.rows for part in parts), self.exported.rows.get(key, 0), 0.0)
            for key, parts in self._parts().items()
        }
        self.loader.catalog.set_progress(self.name, self._run.id, phase, numbers)

    def _check_cancelled(self) -> None:
        if self.loader.catalog.is_cancel_requested(self.name, self._run.id):
            raise CancelledError("The run was cancelled.")


@dataclass(frozen=True)
class _Maker:
    """Makes a column that an export lacks, from its rule."""

    attaching: Attaching
    key: str

    def __call__(self, name: str, first: int, rows: int) -> pl.Series:
        plan = self.attaching._plans[self.key]
        with plan.compiler.failures():
            return plan.frame(first, rows).select(name).collect()[name]


def find_version(loader: Loader, exported: ExportedRun, schema: ExperimentSchema) -> int:
    """Return the newest version of an existing experiment that has the schema of an export.

    Raises `ConflictError` if there is none; names and descriptions may differ.
    """
    wanted = _comparable(schema)
    for version in loader.catalog.versions(schema.name):
        with suppress(WorkbenchError):
            if _comparable(loader.catalog.version_schema(schema.name, version.number)) == wanted:
                return version.number
    raise ConflictError(
        f'"{schema.name}" has another schema than the export.',
        where=exported.url,
        hint="Attach it under another name.",
    )


def _comparable(schema: ExperimentSchema) -> str:
    return schema_to_json(schema.model_copy(update={"name": "same", "description": "", "warnings": []}))


def _frames(source: ExportedTable) -> Iterator[pl.DataFrame]:
    return (frame for _, frame in source.scan())


def _written(table: TableSchema, frames: Iterator[pl.DataFrame], folder: Path) -> Iterator[Part]:
    """Write frames as the parts of a run, at least one."""
    number, first = 0, 0
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(map(len, held)) >= _PIECE_ROWS:
            yield _write(pl.concat(held), folder, number, first)
            number, first, held = number + 1, first + sum(map(len, held)), []
    if held or not number:
        empty = pl.DataFrame(schema={column.name: column.type.polars for column in stored_columns(table)})
        yield _write(pl.concat(held) if held else empty, folder, number, first)


def _write(frame: pl.DataFrame, folder: Path, number: int, first: int) -> Part:
    path = folder / part_name(number)
    frame.write_parquet(path, compression="snappy")
    return Part.of(path, number, first, len(frame))
