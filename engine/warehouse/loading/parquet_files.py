"""The Parquet files of a run, checked against the schema before the first row is loaded.

Reading the footers takes about a millisecond per file and identifies most errors: a file that is missing, truncated or
not Parquet, missing or extra columns, types that no longer fit, and too few or too many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as pat

from engine.errors import LoadError
from engine.schema.hidden import stored_schema
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind

_AGAIN = "Generate again: the same seed gives the same data."


def check_parts(
    schema: ExperimentSchema, parts: Mapping[str, Sequence[Path]], expected_rows: Mapping[str, int]
) -> None:
    """Raise `LoadError` with table and file if the files do not match the tables of the schema."""
    for table in stored_schema(schema).tables:
        files = parts.get(table.key)
        if not files:
            raise LoadError("This table has no Parquet file.", where=table.key, hint=_AGAIN)
        rows = sum(_check_file(table, Path(file)) for file in files)
        expected = expected_rows.get(table.key)
        if expected is not None and rows != expected:
            raise LoadError(
                f"The Parquet files hold {rows:,} rows, the run wrote {expected:,}.", where=table.key, hint=_AGAIN
            )


def _check_file(table: TableSchema, file: Path) -> int:
    where = f"{table.key} ({file})"
    if not file.is_file():
        raise LoadError("The Parquet file is missing.", where=where, hint=_AGAIN)
    try:
        metadata = pq.read_metadata(file)
        found = metadata.schema.to_arrow_schema()
    except (OSError, pa.ArrowException) as error:
        raise LoadError("The Parquet file is damaged.", where=where, hint=_AGAIN) from error
    _check_columns(table, found, where)
    return int(metadata.num_rows)


def _check_columns(table: TableSchema, found: pa.Schema, where: str) -> None:
    names = {name.casefold() for name in found.names}
    missing = [column.name for column in table.columns if column.name.casefold() not in names]
    known = {column.name.casefold() for column in table.columns}
    extra = [name for name in found.names if name.casefold() not in known]
    if missing or extra:
        parts = [f"it has no column {', '.join(missing)}"] if missing else []
        parts += [f"its column {', '.join(extra)} is not in the schema"] if extra else []
        raise LoadError(f"The Parquet file does not fit the schema: {'; '.join(parts)}.", where=where, hint=_AGAIN)
    types = {field.name.casefold(): field.type for field in found}
    for column in table.columns:
        held = types[column.name.casefold()]
        if not _fits(column, held):
            raise LoadError(
                f"The Parquet file does not fit the schema: column {column.name} holds {held}, "
                f"the schema says {column.type}.",
                where=where,
                hint=_AGAIN,
            )


def _fits(column: ColumnSchema, held: pa.DataType) -> bool:
    """Return whether values of the Arrow type can be cast to the column's type without guessing."""
    if pat.is_dictionary(held):
        held = held.value_type
    if column.type.kind is Kind.TIMESTAMP and pat.is_timestamp(held):
        return held.tz is None
    if column.type.kind is Kind.TIMESTAMPTZ and pat.is_timestamp(held):
        return held.tz is not None
    return pat.is_null(held) or any(is_kind(held) for is_kind in _ARROW.get(column.type.kind, _TEXT))


_TEXT: tuple[Callable[[pa.DataType], bool], ...] = (pat.is_string, pat.is_large_string, pat.is_string_view)
_ARROW: dict[Kind, tuple[Callable[[pa.DataType], bool], ...]] = {
    Kind.INTEGER: (pat.is_integer,),
    Kind.DECIMAL: (pat.is_decimal, pat.is_integer),
    Kind.FLOAT: (pat.is_floating,),
    Kind.BOOLEAN: (pat.is_boolean,),
    Kind.DATE: (pat.is_date,),
    Kind.TIMESTAMP: (),
    Kind.TIMESTAMPTZ: (),
    Kind.TIME: (pat.is_time,),
    Kind.BINARY: (pat.is_binary, pat.is_large_binary, pat.is_binary_view),
}
