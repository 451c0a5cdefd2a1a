"""The files of an export: which format a table's files have, and one file from a lazy frame.

Values keep their meaning in text: NULL is an empty field and empty text is `""`, in CSV for Redshift NULL is `\\N`, as
it takes an empty field of text for empty text. Binary values are hexadecimal digits, times have six decimals, times
with a time zone end with +00:00. In JSON, a DECIMAL is text, which keeps its digits.

Parquet is written with Snappy unless asked, as LZ4 is in no warehouse's documentation, with statistics, and row groups
of about 32 MB. Polars writes TIME in nanoseconds, which warehouses do not read: tables with it are written by pyarrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from engine.errors import WorkbenchError
from engine.export.layout import exported_columns
from engine.generation.batches import set_batches
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

if TYPE_CHECKING:
    import pyarrow as pa

EXTENSIONS = {"parquet": ".parquet", "csv": ".csv", "csv.gz": ".csv.gz", "jsonl": ".jsonl"}
DELTA = "delta"
"""The target of Parquet files of a Delta table."""
REDSHIFT_NULL = "\\N"
_LEVELS = {"zstd": 3}
_CODECS: dict[str, Literal["snappy", "zstd", "uncompressed"]] = {
    "snappy": "snappy",
    "zstd": "zstd",
    "none": "uncompressed",
}
_GZIP_LEVEL = 6
_MAX_GROUP = 122_880
_BATCHES_OF_GROUP = 8
_NOT_IN_REDSHIFT_PARQUET = {Kind.TIME: "TIME", Kind.TIMESTAMPTZ: "TIMESTAMPTZ"}


@dataclass(frozen=True)
class TableFormat:
    """How the files of one table are written; `note` says why it is not the format that was asked for."""

    name: str
    target: str
    codec: str
    note: str = ""

    @property
    def extension(self) -> str:
        """The end of the files' names."""
        return EXTENSIONS[self.name]

    @property
    def null(self) -> str:
        """The text of NULL in CSV."""
        return REDSHIFT_NULL if self.target == "redshift" and self.name.startswith("csv") else ""


def table_format(table: TableSchema, name: str, target: str, codec: str) -> TableFormat:
    """Return the format of a table's files: the one asked for, or CSV where Redshift cannot load that.

    Amazon's "COPY from columnar data formats" reads Parquet by Redshift Spectrum, whose types have no time of day and
    no time zone; "Loading a column of the VARBYTE data type" takes CSV, Parquet and ORC.
    """
    kinds = {column.type.kind for column in exported_columns(table)}
    if target == "redshift" and name == "parquet":
        missing = [text for kind, text in _NOT_IN_REDSHIFT_PARQUET.items() if kind in kinds]
        if missing:
            note = f"As CSV: COPY does not load {' and '.join(missing)} from Parquet."
            return TableFormat("csv.gz", target, codec, note)
    if target == "redshift" and name == "jsonl" and Kind.BINARY in kinds:
        return TableFormat("csv.gz", target, codec, "As CSV: COPY does not load VARBYTE from JSON.")
    return TableFormat(name, target, codec)


def write_file(frame: pl.LazyFrame, path: Path | BytesIO, table: TableSchema, form: TableFormat, batch: int) -> None:
    """Write the rows of a frame, which has the exported columns of the table, to one file, or to memory.

    Raises `WorkbenchError` for a text that the format cannot distinguish from NULL.
    """
    set_batches(batch)
    columns = exported_columns(table)
    if form.name == "parquet":
        _write_parquet(frame.select(_parquet_value(column, form.target) for column in columns), path, form, batch)
        return
    texts = frame.select(_text_value(column, form.name) for column in columns)
    if form.name == "jsonl":
        texts.sink_ndjson(path, engine="streaming")
        return
    is_zipped = form.name == "csv.gz"
    texts.sink_csv(
        path,
        null_value=form.null,
        compression="gzip" if is_zipped else "uncompressed",
        compression_level=_GZIP_LEVEL if is_zipped else None,
        check_extension=False,
        engine="streaming",
        datetime_format="%Y-%m-%d %H:%M:%S%.6f",
        time_format="%H:%M:%S%.6f",
    )
    if form.null:
        _refuse_null_texts(frame, table, form.null)


def _write_parquet(frame: pl.LazyFrame, path: Path | BytesIO, form: TableFormat, batch: int) -> None:
    group = min(batch * _BATCHES_OF_GROUP, _MAX_GROUP)
    schema = frame.collect_schema()
    if pl.Time() in schema.values():
        _write_by_pyarrow(frame, schema, path, form, group)
        return
    codec = _CODECS[form.codec]
    frame.sink_parquet(
        path,
        compression=codec,
        compression_level=_LEVELS.get(codec),
        row_group_size=group,
        statistics=True,
        engine="streaming",
    )


def _write_by_pyarrow(
    frame: pl.LazyFrame, schema: pl.Schema, path: Path | BytesIO, form: TableFormat, group: int
) -> None:
    import pyarrow.parquet as pq

    arrow = arrow_schema(schema)
    with pq.ParquetWriter(path, arrow, compression=form.codec, compression_level=_LEVELS.get(form.codec)) as writer:
        for rows in frame.collect_batches(chunk_size=group, maintain_order=True, engine="streaming"):
            writer.write_table(rows.to_arrow().cast(arrow), row_group_size=group)


def arrow_schema(schema: pl.Schema) -> pa.Schema:
    """Return the schema of Parquet files: times of day are in microseconds."""
    import pyarrow as pa

    return pa.schema(
        pa.field(field.name, pa.time64("us") if field.type == pa.time64("ns") else field.type)
        for field in schema.to_frame().to_arrow().schema
    )


def _parquet_value(column: ColumnSchema, target: str) -> pl.Expr:
    """Return the value of a column as Parquet has it; Redshift has no integer of one byte, Delta no time of day."""
    if target == DELTA and column.type.kind is Kind.TIME:
        return pl.col(column.name).dt.strftime("%H:%M:%S%.6f")
    if target == "redshift" and column.type.kind is Kind.INTEGER and column.type.bits == 8:
        return pl.col(column.name).cast(pl.Int16)
    return pl.col(column.name)


def _text_value(column: ColumnSchema, name: str) -> pl.Expr:
    value = pl.col(column.name)
    if column.type.kind is Kind.BINARY:
        return value.bin.encode("hex")
    if column.type.kind is Kind.TIMESTAMPTZ and name != "jsonl":
        return value.dt.strftime("%Y-%m-%d %H:%M:%S%.6f%:z")
    return value


def _refuse_null_texts(frame: pl.LazyFrame, table: TableSchema, null: str) -> None:
    texts = [column.name for column in exported_columns(table) if column.type.kind in (Kind.TEXT, Kind.JSON)]
    if not texts:
        return
    found = frame.select((pl.col(name) == null).any() for name in texts).collect(engine="streaming")
    for name in texts:
        if found[name][0]:
            raise WorkbenchError(
                f"A text is {null}, which Redshift's COPY takes for NULL in CSV.",
                where=f"{table.key}.{name}",
                hint="Export it as parquet or jsonl, or change the rule of the column.",
            )
