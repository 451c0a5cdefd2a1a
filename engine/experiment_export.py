"""An experiment whose rows are exported for other systems."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from engine.errors import ConflictError, GenerationError, WorkbenchError
from engine.experiment_state import table_of
from engine.experiment_workload import ExperimentWorkload
from engine.queries.query_dialects import dialect_of
from engine.schema.growth import with_batches
from engine.schema.models import ExperimentSchema
from engine.store.records import RunStatus

if TYPE_CHECKING:
    from engine.export.exporting import Export, ExportEstimate
    from engine.export.jobs import ExportJob
    from engine.export.part_files import PartMaker
    from engine.export.request import ExportListener, ExportRequest
    from engine.workload.fixtures.unit_test import UnitTest

_MADE = ("rows", "total_rows", "seed")
"""The options of an export without a run."""


class ExportOptions(TypedDict, total=False):
    """What to export, and how."""

    format: str
    """parquet (the default), csv, csv.gz, jsonl, duckdb, delta, xlsx, sql or dbt."""
    target: str | None
    """redshift, snowflake or duckdb: where the scripts load; the experiment's own dialect by default."""
    run: int | None
    """The run to export; by default the loaded one, or else the last completed one."""
    rows: int | Mapping[str, int] | None
    """Rows to be made without a run, as for `generate`; with a seed."""
    total_rows: int | None
    seed: int | None
    tables: Collection[str] | None
    """The tables; all by default."""
    codec: str
    """The compression of Parquet: snappy (the default), zstd or none."""
    rows_per_file: int | None
    """The rows of a file, in place of about 150 MB."""
    any_size: bool
    """True to allow dbt seeds above 5 MB a file."""
    location: str
    """The URL that the load script names: s3://bucket/folder."""
    role: str
    """The ARN of the IAM role in Redshift's script."""
    stage: str
    """The stage in Snowflake's script."""
    integration: str
    """The storage integration in Snowflake's script."""


class ExperimentExport(ExperimentWorkload):
    """An experiment that can be exported."""

    def export(
        self,
        to: str | Path,
        *,
        zipped: bool = False,
        resume: bool = False,
        progress: ExportListener | None = None,
        on: Any = None,
        workers: int | None = None,
        endpoint: str = "",
        retries: int = 10,
        **options: Unpack[ExportOptions],
    ) -> Export:
        """Write the rows of a run to the place `to`, with the scripts that create and load the tables elsewhere.

        `to` is a folder or a URL: `s3://bucket/folder`, `gs://bucket/folder` or `az://container/folder`, with an
        `endpoint` for a storage service other than the cloud's own. `on` is where the files are made: "local" with a
        number of `workers`, "ray", "ray://host:10001", "spark", "sc://host" or a SparkSession, by default this process.

        `format` is parquet, csv, csv.gz, jsonl, duckdb, delta, xlsx, sql or dbt; `target` is redshift, snowflake or
        duckdb, the experiment's own dialect by default. The rows are those of `run`, by default of the loaded run or
        else the last completed one; with a `seed` (and `rows` or `total_rows`, as for `generate`) they are made
        without a run. `tables` are all by default. Further options are those of `ExportOptions`.

        `zipped` makes one file, `to` with the ending .zip. `progress` is called after each file. Raises `ConflictError`
        for a place that is not empty; `resume` goes on with the same export there, and makes only what is missing.
        """
        from engine.scale.distributing import DistributedMaker

        maker = DistributedMaker(on, workers) if on is not None or workers is not None else None
        request = self._export_request(options)
        return self._export_to(
            request,
            to,
            zipped=zipped,
            resume=resume,
            listener=progress,
            maker=maker,
            endpoint=endpoint,
            retries=retries,
        )

    @staticmethod
    def _export_to(
        request: ExportRequest,
        to: str | Path,
        *,
        zipped: bool,
        resume: bool,
        listener: ExportListener | None,
        maker: PartMaker | None = None,
        endpoint: str = "",
        retries: int = 10,
    ) -> Export:
        from engine.export.exporting import export
        from engine.export.object_access import StoreOptions, is_object_url
        from engine.export.opening import open_place

        if zipped:
            from engine.export.zipping import export_zip

            if is_object_url(str(to)) or maker is not None:
                raise WorkbenchError(
                    "A zip is one file of this machine, made by this process.",
                    where="zip",
                    hint="Export without zip, or to a local path without on and workers.",
                )
            return export_zip(request, Path(to), resume=resume, listener=listener)
        place = open_place(to, StoreOptions(endpoint, retries))
        return export(request, place, resume=resume, maker=maker, listener=listener)

    def start_export(
        self,
        to: str | Path | None = None,
        *,
        zipped: bool = False,
        resume: bool = False,
        **options: Unpack[ExportOptions],
    ) -> ExportJob:
        """Start `export` in the background; `.status`, `.progress` and `.result` of what it returns tell how it goes.

        Without `to`, the files are made in a folder of the home folder, which is removed when the program ends, and
        `.download()` makes one zip file of them, block by block. Raises `BusyError` while another export of the
        experiment runs, and what `export` raises for wrong options.
        """
        from engine.export.exporting import check_request, export
        from engine.export.places import LocalPlace

        request = self._export_request(options)
        check_request(request)
        given = {key for key, value in options.items() if value is not None}
        run = self._exported_run(options.get("run")) if given.isdisjoint(_MADE) else None

        def work(folder: Path, listener: ExportListener) -> Export:
            if to is not None:
                return self._export_to(request, to, zipped=zipped, resume=resume, listener=listener)
            return export(replace(request, is_packed=True), LocalPlace(folder), listener=listener)

        return self._services.exports.start(self.name, run, request, work, is_kept=to is None)

    def export_jobs(self) -> list[ExportJob]:
        """Return the exports that `start_export` has started, newest first."""
        return self._services.exports.list(self.name)

    def export_job(self, number: int) -> ExportJob:
        """Return an export that `start_export` has started; raises `NotFoundError`."""
        return self._services.exports.job(self.name, number)

    def cancel_export(self, number: int) -> ExportJob:
        """Request the end of an export; it becomes ABORTED after its current file. No effect after its end."""
        job = self.export_job(number)
        job.stop.set()
        return job

    def delete_export(self, number: int) -> None:
        """Delete an export that has ended with what it has in the home folder; raises `BusyError` before its end."""
        self._services.exports.delete(self.name, number)

    def estimate_export(
        self, *, on: Any = None, workers: int | None = None, **options: Unpack[ExportOptions]
    ) -> ExportEstimate:
        """Estimate `export(to, ...)` from a sample: `.rows`, `.size_bytes`, `.files`, `.seconds`, and by table.

        With a number of `workers`, or `on` "local", `.elapsed_seconds` is what they take. Raises what `export` raises
        before its first row; nothing is started elsewhere.
        """
        from engine.export.exporting import estimate_export
        from engine.scale.choosing import check_engine
        from engine.scale.executors import processors

        check_engine(on, workers)
        counted = processors() if on == "local" and workers is None else workers
        is_distributed = on is not None or workers is not None
        request = self._export_request(options)
        with tempfile.TemporaryDirectory(prefix="export-", ignore_cleanup_errors=True) as scratch:
            return estimate_export(request, Path(scratch), is_distributed=is_distributed, workers=counted)

    def dbt_unit_test(
        self, manifest: str | Path, model: str, *, parents: int = 5, **options: Unpack[ExportOptions]
    ) -> UnitTest:
        """Return a unit test of a model of dbt: fixtures for what it reads, and the rows that it gives of them.

        `manifest` is the target/manifest.json of the project (dbt 1.8 to 1.11). The fixtures have `parents` rows of
        the tables that others belong to, at most 20 rows of each of those per parent, and only the columns that the
        model reads, of the rows that `options` name as for `export`. `.write(folder)` writes its YAML file, `.given`
        and `.expected` are the rows, `.notes` what to know. Raises `NotFoundError` for an unknown model or a source
        that is no table of the experiment, and `WorkbenchError` for another manifest and code that is not understood.
        """
        from engine.workload.fixtures.manifest import read_manifest
        from engine.workload.fixtures.unit_test import make_unit_test

        return make_unit_test(self._export_request(options), read_manifest(manifest), model, parents)

    def _export_request(self, options: ExportOptions) -> ExportRequest:
        from engine.export.request import ExportRequest, LoadNames

        names = LoadNames(
            options.get("location", ""),
            options.get("role", ""),
            options.get("stage", ""),
            options.get("integration", ""),
        )
        schema, counts, seed = self._exported_rows(
            options.get("run"), options.get("rows"), options.get("total_rows"), options.get("seed")
        )
        tables = options.get("tables")
        keys = {table_of(schema, name).key for name in tables} if tables is not None else set(counts)
        return ExportRequest(
            schema,
            seed,
            counts,
            tuple(table.key for table in schema.tables if table.key in keys),
            format=options.get("format", "parquet"),
            target=options.get("target") or dialect_of(schema),
            codec=options.get("codec", "snappy"),
            rows_per_file=options.get("rows_per_file"),
            any_size=options.get("any_size", False),
            names=names,
        )

    def _exported_rows(
        self, run_id: int | None, rows: int | Mapping[str, int] | None, total_rows: int | None, seed: int | None
    ) -> tuple[ExperimentSchema, dict[str, int], int]:
        """Return the schema, the row counts and the seed of an export."""
        is_made = rows is not None or total_rows is not None or seed is not None
        if run_id is not None and is_made:
            raise GenerationError(
                "A run has its own rows and seed.", where="run", hint="Give a run, or rows and a seed."
            )
        if is_made:
            if seed is None:
                raise GenerationError(
                    "An export of given rows needs a seed.", where="seed", hint="The same seed gives the same data."
                )
            from engine.generation.requested_counts import check_seed

            growth = self._grown(rows, check_seed(seed), total_rows)
            return growth.schema, growth.counts, seed
        run = self.run(self._exported_run(run_id))
        if run.status is not RunStatus.COMPLETED:
            raise ConflictError(f"Run {run.id} is {run.status}.", hint="Only completed runs can be exported.")
        schema = with_batches(self.version_schema(run.schema_version), run.batches)
        return schema, dict(run.requested_rows), run.seed

    def _exported_run(self, run_id: int | None) -> int:
        return run_id if run_id is not None else self.loaded_run_id or self._last_completed()

    def _last_completed(self) -> int:
        found = (run.id for run in self.runs() if run.status is RunStatus.COMPLETED)
        run_id = next(found, None)
        if run_id is None:
            raise ConflictError(
                f'"{self.name}" has no completed run.', hint="Generate data first, or give rows and a seed."
            )
        return run_id
