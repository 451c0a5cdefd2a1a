"""A whole run: every table compiled first, then made chunk by chunk into Parquet files.

Compiling all tables before the first row means that what cannot be made is an error before anything is written.
A chunk is a pure function of its row range, so any of them can be made again and be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.durable import written
from engine.errors import CancelledError
from engine.generation.parts import Part, part_name
from engine.rules.compiler import TableCompiler
from engine.schema.models import ExperimentSchema, TableSchema

_ROW_GROUP = 122_880


@dataclass(frozen=True)
class TablePlan:
    """A table that is ready to be made: its compiler, its output expressions and its number of rows."""

    table: TableSchema
    compiler: TableCompiler
    outputs: list[pl.Expr]
    rows: int


@dataclass(frozen=True)
class Hooks:
    """What a run reports and asks while it goes on.

    `on_rows(table key, rows done)` is called after each chunk, `is_cancelled()` before each. `is_made(table key,
    number, file)` tells whether a chunk's file is there already, and `on_part(table key, part)` hears of each new one.
    """

    on_rows: Callable[[str, int], None]
    is_cancelled: Callable[[], bool]
    is_made: Callable[[str, int, Path], bool] = lambda table, number, path: False
    on_part: Callable[[str, Part], None] = lambda table, part: None


def plan_run(schema: ExperimentSchema, seed: int, counts: Mapping[str, int]) -> list[TablePlan]:
    """Compile every table; raises `RuleError` naming table and column when one cannot be made."""
    plans = []
    for table in schema.tables:
        compiler = TableCompiler(schema, table, seed, counts)
        plans.append(TablePlan(table, compiler, compiler.outputs(), counts[table.key]))
    return plans


def write_run(
    plans: list[TablePlan], table_folder: Callable[[str], Path], *, chunk_rows: int, hooks: Hooks
) -> dict[str, list[Path]]:
    """Write every table as `part-00000.parquet`, ... into its folder; return the files by table key.

    Memory does not grow with the rows. Raises `CancelledError` before the next chunk when asked to stop; the chunks
    already written stay.
    """
    return {
        plan.table.key: _write_table(plan, table_folder(plan.table.key), chunk_rows=chunk_rows, hooks=hooks)
        for plan in plans
    }


def _write_table(plan: TablePlan, folder: Path, *, chunk_rows: int, hooks: Hooks) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for number, first in enumerate(range(0, max(plan.rows, 1), chunk_rows)):
        if hooks.is_cancelled():
            raise CancelledError("The run was cancelled.", where=plan.table.key)
        rows = min(chunk_rows, plan.rows - first)
        path = folder / part_name(number)
        if not hooks.is_made(plan.table.key, number, path):
            with plan.compiler.failures():
                write_frame(plan.compiler.frame(first, rows, plan.outputs), path)
            hooks.on_part(plan.table.key, Part.of(path, number, first, rows))
        files.append(path)
        hooks.on_rows(plan.table.key, first + rows)
    return files


def write_frame(frame: pl.LazyFrame, path: Path) -> None:
    """Write a frame as one Parquet file, whole or not at all."""
    with written(path) as unfinished:
        frame.sink_parquet(
            unfinished, compression="lz4", row_group_size=_ROW_GROUP, statistics=False, engine="streaming"
        )
