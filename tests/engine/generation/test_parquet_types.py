"""The Parquet and Arrow type of every data type, as pandas, pyarrow and DuckDB read them.

UUID and JSON are text, and TIME has nanoseconds, because Polars writes no other unit.
"""

from pathlib import Path
from threading import Lock

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.generation.requested_counts import row_counts
from engine.generation.writer import plan_run, write_frame
from engine.schema.files import read_schema
from engine.schema.types import TYPES

PLAIN = "NONE"
TEXT = ("BYTE_ARRAY", "STRING", pa.large_string(), "VARCHAR")
BINARY = ("BYTE_ARRAY", PLAIN, pa.large_binary(), "BLOB")
INT = ("INT32", PLAIN, pa.int32(), "INTEGER")
BIGINT = ("INT64", PLAIN, pa.int64(), "BIGINT")
SMALLINT = ("INT32", "INT", pa.int16(), "SMALLINT")
DOUBLE = ("DOUBLE", PLAIN, pa.float64(), "DOUBLE")
REAL = ("FLOAT", PLAIN, pa.float32(), "FLOAT")
BOOLEAN = ("BOOLEAN", PLAIN, pa.bool_(), "BOOLEAN")
DECIMAL = ("FIXED_LEN_BYTE_ARRAY", "DECIMAL", pa.decimal128(38, 0), "DECIMAL(38,0)")
TIMESTAMP = ("INT64", "TIMESTAMP", pa.timestamp("us"), "TIMESTAMP")
TIMESTAMPTZ = ("INT64", "TIMESTAMP", pa.timestamp("us", "UTC"), "TIMESTAMP WITH TIME ZONE")
TIME = ("INT64", "TIME", pa.time64("ns"), "TIME_NS")
EXPECTED = {
    "TINYINT": ("INT32", "INT", pa.int8(), "TINYINT"),
    **dict.fromkeys(["SMALLINT", "INT2"], SMALLINT),
    **dict.fromkeys(["INT", "INTEGER", "INT4", "MEDIUMINT"], INT),
    **dict.fromkeys(["BIGINT", "INT8", "BYTEINT"], BIGINT),
    **dict.fromkeys(["DECIMAL", "NUMERIC", "NUMBER", "DEC"], DECIMAL),
    "DECIMAL(1,0)": ("INT32", "DECIMAL", pa.decimal128(1, 0), "DECIMAL(1,0)"),
    "DECIMAL(9,2)": ("INT32", "DECIMAL", pa.decimal128(9, 2), "DECIMAL(9,2)"),
    "DECIMAL(10,2)": ("INT64", "DECIMAL", pa.decimal128(10, 2), "DECIMAL(10,2)"),
    "DECIMAL(18,4)": ("INT64", "DECIMAL", pa.decimal128(18, 4), "DECIMAL(18,4)"),
    "DECIMAL(19,4)": ("FIXED_LEN_BYTE_ARRAY", "DECIMAL", pa.decimal128(19, 4), "DECIMAL(19,4)"),
    **dict.fromkeys(["FLOAT", "DOUBLE", "FLOAT8", "DOUBLE PRECISION"], DOUBLE),
    **dict.fromkeys(["REAL", "FLOAT4"], REAL),
    **dict.fromkeys(["BOOLEAN", "BOOL"], BOOLEAN),
    **dict.fromkeys(["VARCHAR", "TEXT", "STRING", "NVARCHAR", "CHARACTER VARYING"], TEXT),
    **dict.fromkeys(["CHAR", "NCHAR", "BPCHAR", "CHARACTER", "UUID"], TEXT),
    **dict.fromkeys(["JSON", "VARIANT", "OBJECT", "ARRAY", "SUPER"], TEXT),
    "DATE": ("INT32", "DATE", pa.date32(), "DATE"),
    **dict.fromkeys(["TIMESTAMP", "TIMESTAMP_NTZ", "DATETIME"], TIMESTAMP),
    **dict.fromkeys(["TIMESTAMPTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"], TIMESTAMPTZ),
    **dict.fromkeys(["TIME", "TIMETZ"], TIME),
    **dict.fromkeys(["BINARY", "VARBINARY", "VARBYTE", "BYTEA", "BLOB"], BINARY),
}
RULES = [
    {"data_type": "VARCHAR(9)", "values": ["a", "b"]},
    {"data_type": "VARCHAR(9)", "values": ["a", "b"], "required": False, "null_fraction": 0.5},
    {"data_type": "VARCHAR(40)", "faker_rule": "city"},
    {"data_type": "VARCHAR(40)", "mimesis_rule": "address.city"},
    {"data_type": "VARCHAR(40)", "pattern": "??-##"},
    {"data_type": "VARCHAR(40)", "expression": "case when id > 2 then 'low' else 'high' end"},
    {"data_type": "CHAR(9)", "foreign_key": {"references_table": "kinds", "references_column": "kind"}},
]


def written(tmp_path: Path, *columns: dict) -> Path:
    """Write 20 rows of a table with these columns after a key `id`; returns the file."""
    own = [{"name": f"c{index}", **column} for index, column in enumerate(columns)]
    key = {"name": "id", "data_type": "INT", "is_unique": True}
    kind = {"name": "kind", "data_type": "CHAR(9)", "is_unique": True, "values": ["x", "y", "z"]}
    schema = read_schema(
        {
            "name": "lab",
            "tables": [
                {"name": "kinds", "target_rows": 3, "columns": [kind]},
                {"name": "facts", "target_rows": 20, "columns": [key, *own]},
            ],
        }
    )
    plan = next(plan for plan in plan_run(schema, 1, row_counts(schema, None)) if plan.table.key == "facts")
    write_frame(plan.frame(0, 20), tmp_path / "facts.parquet", Lock())
    return tmp_path / "facts.parquet"


def test_every_type_has_its_parquet_type(tmp_path: Path):
    assert set(TYPES) <= set(EXPECTED)

    file = written(tmp_path, *({"data_type": name} for name in EXPECTED))

    parquet = pq.ParquetFile(file)
    duck = {name: str(kind) for name, kind, *_ in duckdb.execute(f"describe from '{file}'").fetchall()}
    found = {}
    for index, name in enumerate(EXPECTED):
        column = parquet.schema.column(index + 1)
        arrow = parquet.schema_arrow.field(f"c{index}").type
        found[name] = (column.physical_type, column.logical_type.type, arrow, duck[f"c{index}"])
    assert found == EXPECTED


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_text_is_plain_text_to_every_reader(tmp_path: Path, rule: dict):
    file = written(tmp_path, rule)

    table = pq.read_table(file)
    pandas = table.to_pandas()["c0"]

    assert table.schema.field("c0").type == pa.large_string()
    assert pl.read_parquet_schema(file)["c0"] == pl.String()
    assert pandas.dtype.name in ("object", "str")
    assert pandas.dropna().min() == min(value for value in table["c0"].to_pylist() if value is not None)


@pytest.mark.parametrize(("low", "high"), [(0, 0.1), (0.1, 0.7), (-0.1, 0)])
def test_a_real_is_a_float_between_its_bounds(tmp_path: Path, low: float, high: float):
    file = written(tmp_path, {"data_type": "REAL", "min_value": low, "max_value": high})

    values = pl.read_parquet(file)["c0"]

    assert values.dtype == pl.Float32
    assert all(low <= value <= high for value in values.to_list())


def test_a_real_without_a_number_between_its_bounds_is_the_nearest(tmp_path: Path):
    file = written(tmp_path, {"data_type": "REAL", "min_value": 0.1, "max_value": 0.1})

    assert set(pl.read_parquet(file)["c0"].to_list()) == {float(np.float32(0.1))}


def test_an_expression_sees_the_real_that_is_stored(tmp_path: Path):
    file = written(tmp_path, {"data_type": "REAL"}, {"data_type": "DOUBLE", "expression": "c0 * 1"})

    frame = pl.read_parquet(file)

    assert frame["c1"].to_list() == frame["c0"].to_list()
