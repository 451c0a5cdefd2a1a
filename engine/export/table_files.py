"""The files of each table for each format: their format, their names, and what the format cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.display.wording import counted, size
from engine.errors import WorkbenchError
from engine.export.dbt_project import MAX_SEED_BYTES
from engine.export.extras import import_extra
from engine.export.file_formats import DELTA, TableFormat, table_format
from engine.export.inserts import MAX_ROWS as MAX_INSERT_ROWS
from engine.export.layout import exported_columns, table_folder, unique_names
from engine.export.request import ExportRequest
from engine.export.workbooks import MAX_ROWS as MAX_SHEET_ROWS
from engine.generation.writer import TablePlan
from engine.schema.types import Kind

_ONE_FILE = 10**12
_MAX_SEED_NAME = 63


@dataclass(frozen=True)
class TableOutput:
    """A table to write: its rows, the format of its files, and their folder.

    `name` is that of its only file, empty for numbered ones; files that are `is_scratch` stay local, as what is put is
    made of them. `rows_per_file` None leaves the number to the size, and `max_bytes` is that of the only file.
    """

    plan: TablePlan
    form: TableFormat
    folder: str
    name: str = ""
    is_scratch: bool = False
    rows_per_file: int | None = None
    max_bytes: int | None = None

    @property
    def key(self) -> str:
        """The table's key."""
        return self.plan.table.key


def table_outputs(request: ExportRequest, plans: Sequence[TablePlan]) -> list[TableOutput]:
    """Return the outputs of the tables; raises `WorkbenchError` for what the format cannot hold."""
    name, target, codec = request.format, request.target, request.codec
    match name:
        case "delta":
            import_extra("deltalake", name)
            form = TableFormat("parquet", DELTA, codec)
            return [TableOutput(plan, _note_times(plan, form), table_folder(plan.table)) for plan in plans]
        case "iceberg":
            form = TableFormat("parquet", name, codec)
            return [TableOutput(plan, form, table_folder(plan.table)) for plan in plans]
        case "xlsx":
            import_extra("xlsxwriter", name)
            return [_scratch(plan, _limit(plan, MAX_SHEET_ROWS, "a sheet of Excel")) for plan in plans]
        case "sql":
            return [_scratch(plan, _limit(plan, MAX_INSERT_ROWS, "a script of INSERTs")) for plan in plans]
        case "duckdb":
            return [_scratch(plan) for plan in plans]
        case "dbt":
            return _seeds(request, plans)
    forms = [table_format(plan.table, name, target, codec) for plan in plans]
    return [TableOutput(plan, form, table_folder(plan.table)) for plan, form in zip(plans, forms, strict=True)]


def _scratch(plan: TablePlan, rows_per_file: int | None = None) -> TableOutput:
    form = TableFormat("parquet", "duckdb", "snappy")
    return TableOutput(plan, form, table_folder(plan.table), is_scratch=True, rows_per_file=rows_per_file)


def _limit(plan: TablePlan, most: int, what: str) -> int:
    if plan.rows > most:
        raise WorkbenchError(
            f"It has {counted(plan.rows, 'row')}, and {what} holds {most:,}.",
            where=plan.table.key,
            hint="Export fewer rows, name other tables, or choose parquet or csv.",
        )
    return most


def _note_times(plan: TablePlan, form: TableFormat) -> TableFormat:
    has_time = any(column.type.kind is Kind.TIME for column in exported_columns(plan.table))
    return replace(form, note="TIME is text: Delta has no time of day.") if has_time else form


def _seeds(request: ExportRequest, plans: Sequence[TablePlan]) -> list[TableOutput]:
    names = unique_names([plan.table for plan in plans], _MAX_SEED_NAME)
    most = None if request.any_size else MAX_SEED_BYTES
    form = TableFormat("csv", request.format, request.codec)
    return [
        TableOutput(plan, form, "seeds", f"seeds/{names[plan.table.key]}.csv", rows_per_file=_ONE_FILE, max_bytes=most)
        for plan in plans
    ]


def check_size(output: TableOutput, size_bytes: int) -> None:
    """Raise `WorkbenchError` if the only file of a table would be larger than it may be."""
    if output.max_bytes is not None and size_bytes > output.max_bytes:
        raise WorkbenchError(
            f"Its seed would have about {size(size_bytes)}; dbt seeds are for small tables, up to "
            f"{size(output.max_bytes)}.",
            where=output.key,
            hint="Export fewer rows, name other tables, or allow any size.",
        )
