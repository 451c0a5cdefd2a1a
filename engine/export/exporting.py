"""An export from its claim to its last object.

Order: compile everything, size the files, claim the place; then the files of each table, each with a record; then the
scripts, the manifest, and `_SUCCESS`. A file is a pure function of its row range and is put whole or not at all, so
that whatever is there after an interruption is finished, and only the rest is made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from engine.display import wording
from engine.errors import StorageError, WorkbenchError
from engine.export.claiming import claim_place
from engine.export.file_formats import EXTENSIONS, write_file
from engine.export.finishing import ddl_script, finish, load_script
from engine.export.iceberg_tables import NAME as ICEBERG
from engine.export.iceberg_tables import check_iceberg
from engine.export.layout import DDL, LOAD, MANIFEST, SUCCESS, part_name, record_name
from engine.export.manifest import PartFile, TableFiles, claim, manifest, to_bytes
from engine.export.part_files import PartMaker, PartOrder, put_part, put_record
from engine.export.places import Place, StoredObject, changed_object, put_same
from engine.export.request import ExportListener, ExportProgress, ExportRequest
from engine.export.scheduling import elapsed_seconds
from engine.export.sizing import TableSize, measure_size, table_frame
from engine.export.table_files import TableOutput, check_size, table_outputs
from engine.generation.batches import restore_batches
from engine.generation.writer import TablePlan, plan_run

_CHECKS_AT_ONCE = 8


@dataclass(frozen=True)
class Export:
    """A finished export: where it is, the files of its tables, and the notes about them."""

    url: str
    format: str
    target: str
    seed: int
    tables: tuple[TableFiles, ...]
    files: tuple[str, ...]
    """The names of all other files, such as ddl.sql."""
    made_files: int
    """The number of the tables' files that were made; the others were there, from before an interruption."""
    only_file: StoredObject | None = None
    """The file that has all tables, in the formats duckdb, xlsx and sql; their tables have no files of their own."""

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def size_bytes(self) -> int:
        """The size of the tables' files, or of the file that has all tables."""
        if self.only_file is not None:
            return self.only_file.size_bytes
        return sum(table.size_bytes for table in self.tables)

    @property
    def notes(self) -> list[str]:
        """What is not as it was asked for, by table."""
        return [f"{table.key}: {table.note}" for table in self.tables if table.note]


@dataclass(frozen=True)
class ExportEstimate:
    """What an export would make, by table key, from a sample of its rows; nothing was written."""

    format: str
    sizes: dict[str, TableSize]
    scripts: dict[str, str]
    """The scripts by name, such as load.sql, as far as they do not hold the rows themselves."""
    workers: int | None = None
    """The number of workers that was asked for."""

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(size.rows for size in self.sizes.values())

    @property
    def size_bytes(self) -> int:
        """The size of all files."""
        return sum(size.size_bytes for size in self.sizes.values())

    @property
    def files(self) -> int:
        """The number of all files of tables."""
        return sum(size.files for size in self.sizes.values())

    @property
    def seconds(self) -> float:
        """The processor time; N processors take a N-th of it, as files are made independently."""
        return sum(size.seconds for size in self.sizes.values())

    @property
    def elapsed_seconds(self) -> float | None:
        """The seconds that the workers take, without their start; None without a number of workers.

        A file is made by one worker, so few files leave workers idle.
        """
        return None if self.workers is None else elapsed_seconds(self.sizes.values(), self.workers)


def estimate_export(
    request: ExportRequest, scratch: Path, *, is_distributed: bool = False, workers: int | None = None
) -> ExportEstimate:
    """Return what an export would make; raises for what `export` refuses before its first row."""
    outputs = _outputs(request)
    _check_distributed(request, outputs, is_distributed=is_distributed)
    with restore_batches():
        sizes = _measure(request, outputs, scratch)
    return ExportEstimate(request.format, sizes, _scripts(request, outputs, sizes), workers)


def export(
    request: ExportRequest,
    place: Place,
    *,
    resume: bool = False,
    maker: PartMaker | None = None,
    listener: ExportListener | None = None,
) -> Export:
    """Write an export to a place and return it; `maker` makes the files of tables, by default this process.

    Raises `ConflictError` for a place that is not empty, unless it has the same export and `resume` is given, and
    `WorkbenchError` for what the format cannot hold.
    """
    outputs = _outputs(request)
    _check_distributed(request, outputs, is_distributed=maker is not None)
    if request.format == ICEBERG:
        check_iceberg(place, is_packed=request.is_packed)
    with restore_batches(), place.scratch() as scratch:
        sizes = _measure(request, outputs, scratch)
        if not resume:
            _check_space(place, sum(size.size_bytes for size in sizes.values()))
        wanted = json.loads(to_bytes(claim(request, {key: size.rows_per_file for key, size in sizes.items()})))
        there = claim_place(place, wanted, resume=resume)
        work = _Work(request, place, scratch, outputs, sizes, there, maker, listener)
        made = work.run()
    place.tidy()
    return made


def _check_distributed(request: ExportRequest, outputs: Sequence[TableOutput], *, is_distributed: bool) -> None:
    """Raise `WorkbenchError` for a format that workers cannot make."""
    if is_distributed and any(output.is_scratch for output in outputs):
        raise WorkbenchError(
            f"The format {request.format} is one file, which is made in this process.",
            where="on",
            hint="Choose parquet, csv, csv.gz, jsonl, delta or dbt, or leave out on and workers.",
        )


def _scripts(request: ExportRequest, outputs: Sequence[TableOutput], sizes: dict[str, TableSize]) -> dict[str, str]:
    """Return the scripts of an export as its `finish` makes them, from the names of its files."""
    if request.format == "dbt":
        return {}
    found = {DDL: ddl_script(request)}
    if request.format in EXTENSIONS:
        tables = [
            TableFiles(
                output.key,
                output.folder,
                output.form.name,
                output.plan.rows,
                tuple(
                    PartFile(order.first_row, order.rows, StoredObject(order.name, 0, ""))
                    for order in part_orders(output, sizes[output.key])
                ),
                output.form.note,
            )
            for output in outputs
        ]
        found[LOAD] = load_script(request, "", outputs, tables).text
    return found


def part_orders(output: TableOutput, size: TableSize) -> list[PartOrder]:
    """Return the files of a table, in row order."""
    orders = []
    for number in range(size.files):
        first = number * size.rows_per_file
        rows = min(size.rows_per_file, output.plan.rows - first)
        name = output.name or f"{output.folder}/{part_name(number, output.form.extension)}"
        orders.append(PartOrder(output.key, number, first, rows, name, output.form, size.batch))
    return orders


def _measure(request: ExportRequest, outputs: Sequence[TableOutput], scratch: Path) -> dict[str, TableSize]:
    sizes = {}
    for output in outputs:
        rows_per_file = output.rows_per_file or request.rows_per_file
        sizes[output.key] = measure_size(output.plan, output.form, rows_per_file, scratch)
        check_size(output, sizes[output.key].size_bytes)
    return sizes


def _check_space(place: Place, needed: int) -> None:
    free = place.free_bytes
    if free is not None and needed > free:
        raise StorageError(
            f"The export needs about {wording.size(needed)}, and {wording.size(free)} are free.",
            where=place.url,
            hint="Free some space, or export fewer tables or rows.",
        )


def check_request(request: ExportRequest) -> None:
    """Raise `WorkbenchError` for what `export` refuses before it measures the first rows."""
    _outputs(request)


def _outputs(request: ExportRequest) -> list[TableOutput]:
    plans: Sequence[TablePlan] = plan_run(request.schema, request.seed, request.counts)
    return table_outputs(request, [plan for plan in plans if plan.table.key in request.tables])


@dataclass
class _Work:
    request: ExportRequest
    place: Place
    scratch: Path
    outputs: Sequence[TableOutput]
    sizes: dict[str, TableSize]
    there: set[str]
    maker: PartMaker | None
    listener: ExportListener | None
    _made: int = 0
    _rows: Counter[str] = field(default_factory=Counter)
    _bytes: int = 0
    _parts: dict[str, PartFile] = field(default_factory=dict)
    _others: list[StoredObject] = field(default_factory=list)

    def run(self) -> Export:
        request = self.request
        tables = self._write_tables()
        url = "" if request.is_packed else self.place.url
        finished = finish(request, url, self.scratch, self.outputs, tables, self.there)
        for name, content in finished.items():
            self._others.append(self._put_once(name, content))
        self._put_once(MANIFEST, manifest(request, [t for t in tables if t.files], self._others))
        self._put_once(SUCCESS, b"")
        others = (*(stored.name for stored in self._others), MANIFEST)
        only = self._others[-1] if all(output.is_scratch for output in self.outputs) else None
        return Export(
            self.place.url, request.format, request.target, request.seed, tuple(tables), others, self._made, only
        )

    def _write_tables(self) -> list[TableFiles]:
        orders = {output.key: part_orders(output, self.sizes[output.key]) for output in self.outputs}
        missing = self._keep([order for output in self.outputs for order in orders[output.key]])
        making = self._make(missing) if self.maker is None else self.maker.make(self.request, self.place, missing)
        for order, stored in making:
            self._made += 1
            self._finish(order, stored)
        return [
            TableFiles(
                output.key,
                output.folder,
                self.request.format if output.is_scratch else output.form.name,
                output.plan.rows,
                () if output.is_scratch else tuple(self._parts[order.name] for order in orders[output.key]),
                output.form.note,
            )
            for output in self.outputs
        ]

    def _make(self, orders: Sequence[PartOrder]) -> Iterator[tuple[PartOrder, StoredObject]]:
        """Make files in this process, one after the other."""
        outputs = {output.key: output for output in self.outputs}
        for order in orders:
            output = outputs[order.table]
            if not output.is_scratch:
                yield order, put_part(output.plan, order, self.place, self.scratch)
                continue
            path = self.scratch / order.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with output.plan.compiler.failures():
                frame = table_frame(output.plan, order.first_row, order.rows)
                write_file(frame, path, output.plan.table, order.form, order.batch)
            yield order, StoredObject(order.name, path.stat().st_size, "")

    def _keep(self, orders: Sequence[PartOrder]) -> list[PartOrder]:
        """Take up the files that are there from before an interruption, and return the others."""
        with ThreadPoolExecutor(_CHECKS_AT_ONCE) as threads:
            found = list(threads.map(self._kept, [order.name for order in orders]))
        for order, stored in zip(orders, found, strict=True):
            if stored is not None:
                self._finish(order, stored)
        return [order for order, stored in zip(orders, found, strict=True) if stored is None]

    def _kept(self, name: str) -> StoredObject | None:
        """Return a file that is there from before; raises `ConflictError` if it is not the one that was put."""
        if name not in self.there or (stored := self.place.stat(name)) is None:
            return None
        if record_name(name) not in self.there:  # stopped between the two: an object is put whole or not at all
            put_record(self.place, stored)
            return stored
        noted = json.loads(self.place.read(record_name(name)))
        if (noted["bytes"], noted["sha256"]) != (stored.size_bytes, stored.sha256):
            raise changed_object(self.place, name)
        return stored

    def _put_once(self, name: str, content: bytes | Path) -> StoredObject:
        """Put an object, or keep it if it is there from before an interruption with the same content."""
        if name in self.there and isinstance(content, Path):  # a database file is not the same when it is made again
            stored = self.place.stat(name)
            if stored is None:
                raise changed_object(self.place, name)
            return stored
        return put_same(self.place, name, content)

    def _finish(self, order: PartOrder, stored: StoredObject) -> None:
        self._parts[order.name] = PartFile(order.first_row, order.rows, stored)
        self._rows[order.table] += order.rows
        self._bytes += stored.size_bytes
        if self.listener is not None:
            total = sum(size.rows for size in self.sizes.values())
            done = self._rows[order.table]
            self.listener(ExportProgress(order.table, done, self._rows.total(), total, len(self._parts), self._bytes))
