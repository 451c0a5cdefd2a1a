"""Other libraries read the files of an export as the rows that the engine made, NULL and empty text included.

The options here are those that the README names. pandas and DuckDB are among the libraries of the tests, PyArrow is one
of the engine.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet
import pytest
from polars.testing import assert_frame_equal

import engine

FOLDERS = {"hr.people": "hr/people", "Select": "main/Select", "single": "main/single"}
Read = Callable[[Path, str, pl.Schema], pl.DataFrame]


def pandas_frame(path: Path, form: str, schema: pl.Schema) -> pl.DataFrame:
    pandas = pytest.importorskip("pandas")
    if form == "parquet":
        return pl.from_pandas(pandas.read_parquet(path, dtype_backend="pyarrow"))
    if form == "jsonl":
        lines = pandas.read_json(path, lines=True, dtype=False, precise_float=True)
        return pl.from_pandas(lines)
    return pl.from_pandas(pandas.read_csv(path, dtype=str, keep_default_na=False, na_values=["\\N"]))


def pyarrow_frame(path: Path, form: str, schema: pl.Schema) -> pl.DataFrame:
    if form == "parquet":
        return pl.DataFrame(pa.parquet.read_table(path))
    if form == "jsonl":
        as_is = {pl.Int8: pa.int8(), pl.Int32: pa.int32(), pl.Float32: pa.float32(), pl.Float64: pa.float64()}
        kinds = {name: as_is.get(type(kind), pa.string()) for name, kind in schema.items()}
        kinds |= {name: pa.bool_() for name, kind in schema.items() if kind == pl.Boolean}
        options = pa.json.ParseOptions(explicit_schema=pa.schema(kinds), unexpected_field_behavior="error")
        return pl.DataFrame(pa.json.read_json(path, parse_options=options))
    table = pa.csv.read_csv(
        path,
        parse_options=pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(schema, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return pl.DataFrame(table)


def duckdb_frame(path: Path, form: str, schema: pl.Schema) -> pl.DataFrame:
    texts = ", ".join(f"'{name}': 'VARCHAR'" for name in schema)
    source = {
        "parquet": f"read_parquet('{path}')",
        "jsonl": f"read_json('{path}', format = 'newline_delimited', columns = {{{texts}}})",
    }.get(
        form,
        f"read_csv('{path}', auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"nullstr = '', allow_quoted_nulls = false, columns = {{{texts}}})",
    )
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return pl.DataFrame(connection.sql(f"from {source}").to_arrow_table())


@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "jsonl"])
@pytest.mark.parametrize("read", [pandas_frame, pyarrow_frame, duckdb_frame])
def test_a_reader_finds_the_rows_of_the_engine(read: Read, form: str, kin: engine.Experiment, rows, tmp_path: Path):
    target = "redshift" if read is pandas_frame and form.startswith("csv") else "duckdb"  # there NULL is \N
    kin.export(tmp_path, format=form, target=target, tables=["people", "Select", "single"])

    for key, folder in FOLDERS.items():
        expected = rows[key]
        assert expected.null_count().sum_horizontal()[0] > 0 or key == "Select"
        found = read(tmp_path / folder / f"part-0000000.{form}", form, expected.schema)
        assert_frame_equal(typed(found, expected.schema), expected)


def typed(found: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return texts as the types that they are texts of; all else is cast."""
    assert found.columns == list(schema)
    return found.select(_value(pl.col(name), found.schema[name], kind) for name, kind in schema.items())


def _value(column: pl.Expr, found: pl.DataType, kind: pl.DataType) -> pl.Expr:
    if found != pl.String:
        return column.cast(kind)
    match kind:
        case pl.Binary():
            return column.str.decode("hex")
        case pl.Boolean():
            return column == "true"
        case pl.Date():
            return column.str.to_date()
        case pl.Time():
            return column.str.to_time("%H:%M:%S%.f")
        case pl.Datetime():
            return column.str.to_datetime(time_unit="us", time_zone=kind.time_zone)
    return column.cast(kind)
