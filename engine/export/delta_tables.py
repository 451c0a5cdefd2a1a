"""Delta tables: the Parquet files of an export, named by a log of transactions that `deltalake` writes.

The files are written once and added as they are. Delta has no time of day: a TIME column is text, such as
08:30:00.000000.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from engine.export.extras import import_extra
from engine.export.layout import exported_columns
from engine.export.manifest import TableFiles
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind


def write_log(table: TableSchema, files: TableFiles, scratch: Path) -> dict[str, Path]:
    """Write the log of one table into a folder of `scratch`; return its files by their names in the export."""
    deltalake = import_extra("deltalake", "delta")
    transaction = import_extra("deltalake.transaction", "delta")
    folder = scratch / "delta" / files.folder
    folder.mkdir(parents=True)
    types = {column.name: _delta_type(column) for column in exported_columns(table)}
    arrow = pl.Schema(types).to_frame().to_arrow().schema
    actions: list[Any] = [
        transaction.AddAction(
            path=file.stored.name.rpartition("/")[2],
            size=file.stored.size_bytes,
            partition_values={},
            modification_time=0,
            data_change=True,
            stats=f'{{"numRecords": {file.rows}}}',
        )
        for file in files.files
    ]
    transaction.create_table_with_add_actions(
        folder.as_posix(), deltalake.Schema.from_arrow(arrow), actions, mode="error", partition_by=[], name=table.key
    )
    log = sorted((folder / "_delta_log").glob("*.json"))
    return {f"{files.folder}/_delta_log/{path.name}": path for path in log}


def _delta_type(column: ColumnSchema) -> pl.DataType:
    return pl.String() if column.type.kind is Kind.TIME else column.type.polars
