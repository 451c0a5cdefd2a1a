"""The writer of a run: compiles every table, then writes it chunk by chunk to Parquet files.

All tables are compiled before the first row, so that an invalid rule is an error before anything is written. A chunk
is a pure function of its row range, so it can be generated again with the same result.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Condition

import polars as pl

from engine.errors import CancelledError
from engine.generation.batches import MAX_BATCH, MAX_CODED, batch_rows, restore_batches, set_batches
from engine.generation.parts import Part, part_name
from engine.rules.compiler import TableCompiler
from engine.rules.keys.parent_filters import ParentFilters
from engine.schema.hidden import stored_columns
from engine.schema.models import ExperimentSchema, TableSchema
from engine.system.durable_files import make_folder, write_atomically

_CHUNKS_AT_ONCE = 2
_NARROW_BATCH = 8_192
"""The batches of narrow tables, with rows of less than about 500 bytes, have so many rows at least."""
_ARROW_SCHEMA = "ARROW:schema"


@dataclass(frozen=True)
class TablePlan:
    """A compiled table: its compiler, its output expressions and its number of rows."""

    table: TableSchema
    compiler: TableCompiler
    outputs: list[pl.Expr]
    rows: int

    def frame(self, first: int, rows: int) -> pl.LazyFrame:
        """Return the lazy frame of the rows [first, first + rows)."""
        return self.compiler.frame(first, rows, self.outputs)


class FileWriter:
    """Writes rows of a planned table as files in which texts of few different ones are codes of a dictionary.

    So they are neither built nor compared; a reader finds texts, as the Arrow schema in the file says so.
    """

    def __init__(self, plan: TablePlan) -> None:
        self._compiler = plan.compiler
        self.outputs = plan.compiler.outputs(MAX_CODED)
        empty = BytesIO()
        pl.DataFrame(schema={column.name: column.type.polars for column in stored_columns(plan.table)}).write_parquet(
            empty
        )
        empty.seek(0)
        self._metadata = {_ARROW_SCHEMA: pl.read_parquet_metadata(empty)[_ARROW_SCHEMA]}

    def write(self, first: int, rows: int, path: Path, turn: AbstractContextManager[object], batch: int) -> None:
        """Write the rows [first, first + rows) as one file; see `write_frame`."""
        write_frame(self._compiler.frame(first, rows, self.outputs), path, turn, batch, self._metadata)


@dataclass(frozen=True)
class Hooks:
    """The callbacks of a run.

    `on_rows(table key, rows done)` is called after each chunk, `is_cancelled()` before waiting for it.
    `is_made(table key, number, file)` returns whether the file of a chunk exists already, and
    `on_part(table key, part)` is called for each new one.
    """

    on_rows: Callable[[str, int], None]
    is_cancelled: Callable[[], bool]
    is_made: Callable[[str, int, Path], bool] = lambda table, number, path: False
    on_part: Callable[[str, Part], None] = lambda table, part: None


def plan_run(schema: ExperimentSchema, seed: int, counts: Mapping[str, int]) -> list[TablePlan]:
    """Compile every table; raises `RuleError` naming table and column when one is invalid."""
    plans, filters = [], ParentFilters()
    for table in schema.tables:
        compiler = TableCompiler(schema, table, seed, counts, filters=filters)
        plans.append(TablePlan(table, compiler, compiler.outputs(), counts[table.key]))
    return plans


class Turns:
    """Lets chunks of one table be generated at once; those of the next wait, as Polars has one batch size at a time.

    A wide table's chunks, each of which needs much memory, take turns.
    """

    def __init__(self) -> None:
        self._table = ""
        self._running = 0
        self._change = Condition()

    @contextmanager
    def of(self, table: str, batch: int) -> Iterator[None]:
        """Hold a turn of a table with this batch size."""
        most = _CHUNKS_AT_ONCE if batch >= _NARROW_BATCH else 1
        with self._change:
            self._change.wait_for(lambda: self._running == 0 or (self._table == table and self._running < most))
            self._table = table
            self._running += 1
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                self._change.notify_all()


@dataclass(frozen=True)
class _Chunk:
    """One file to write: the rows [first, first + rows) of a table. `turns` is held while they are generated."""

    plan: TablePlan
    writer: FileWriter
    number: int
    first: int
    rows: int
    path: Path
    turns: Turns
    batch_rows: int

    def write(self) -> Part:
        with self.plan.compiler.failures():
            turn = self.turns.of(self.plan.table.key, self.batch_rows)
            self.writer.write(self.first, self.rows, self.path, turn, self.batch_rows)
        return Part.of(self.path, self.number, self.first, self.rows)


def write_run(
    plans: list[TablePlan], table_folder: Callable[[str], Path], *, chunk_rows: int, hooks: Hooks
) -> dict[str, list[Path]]:
    """Write every table as `part-00000.parquet`, ... into its folder; return the files by table key.

    Memory does not grow with the rows. Two chunks of a table are generated at once, as one alone leaves a tenth of two
    processors idle; the hooks are called for one after the other, in this thread. Raises `CancelledError` before the
    next chunk when cancelled; chunks already reported to the hooks are kept.
    """
    files: dict[str, list[Path]] = {plan.table.key: [] for plan in plans}
    pending: deque[tuple[_Chunk, Future[Part] | None]] = deque()
    with restore_batches(), ThreadPoolExecutor(_CHUNKS_AT_ONCE) as threads:
        try:
            for chunk in _chunks(plans, table_folder, chunk_rows):
                files[chunk.plan.table.key].append(chunk.path)
                is_made = hooks.is_made(chunk.plan.table.key, chunk.number, chunk.path)
                pending.append((chunk, None if is_made else threads.submit(chunk.write)))
                if len(pending) == _CHUNKS_AT_ONCE:
                    _finish(pending, hooks)
            while pending:
                _finish(pending, hooks)
        finally:
            _discard(pending)
    return files


def _chunks(plans: list[TablePlan], table_folder: Callable[[str], Path], chunk_rows: int) -> Iterator[_Chunk]:
    turns = Turns()
    for plan in plans:
        folder = table_folder(plan.table.key)
        make_folder(folder)
        with plan.compiler.failures():
            batch = batch_rows(plan.rows, plan.frame)
            writer = FileWriter(plan)
        for number, first in enumerate(range(0, max(plan.rows, 1), chunk_rows)):
            rows = min(chunk_rows, plan.rows - first)
            yield _Chunk(plan, writer, number, first, rows, folder / part_name(number), turns, batch)


def _finish(pending: deque[tuple[_Chunk, Future[Part] | None]], hooks: Hooks) -> None:
    """Wait for the oldest chunk and report it to the hooks; it stays pending when that fails."""
    chunk, writing = pending[0]
    key = chunk.plan.table.key
    if hooks.is_cancelled():
        raise CancelledError("The run was cancelled.", where=key)
    if writing is not None:
        hooks.on_part(key, writing.result())
    pending.popleft()
    hooks.on_rows(key, chunk.first + chunk.rows)


def _discard(pending: deque[tuple[_Chunk, Future[Part] | None]]) -> None:
    """Remove the files of the chunks that were not reported to the hooks."""
    for chunk, writing in pending:
        if writing is not None:
            writing.cancel()
            wait([writing])
            chunk.path.unlink(missing_ok=True)


def write_frame(
    frame: pl.LazyFrame,
    path: Path,
    turn: AbstractContextManager[object],
    batch: int = MAX_BATCH,
    metadata: dict[str, str] | None = None,
) -> None:
    """Write a frame as one Parquet file, whole or not at all; `turn` is held until it only waits for the disk."""
    with write_atomically(path) as unfinished, turn:
        set_batches(batch)
        frame.sink_parquet(
            unfinished,
            compression="snappy",
            row_group_size=batch,
            statistics=False,
            engine="streaming",
            metadata=metadata,
        )
