import polars as pl
import pytest

from engine.schema.models import ColumnSchema
from engine.schema.types import TYPES, parse_type


@pytest.mark.parametrize(
    ("text", "shown", "duckdb", "polars"),
    [
        ("int", "INT", "INTEGER", pl.Int32()),
        ("BIGINT", "BIGINT", "BIGINT", pl.Int64()),
        ("decimal( 12 , 2 )", "DECIMAL(12,2)", "DECIMAL(12,2)", pl.Decimal(12, 2)),
        ("NUMBER", "NUMBER(38,0)", "DECIMAL(38,0)", pl.Decimal(38, 0)),
        ("double  precision", "DOUBLE PRECISION", "DOUBLE", pl.Float64()),
        ("VARCHAR(40)", "VARCHAR(40)", "VARCHAR", pl.String()),
        ("varchar(max)", "VARCHAR", "VARCHAR", pl.String()),
        ("CHAR", "CHAR(1)", "VARCHAR", pl.String()),
        ("timestamp_ntz(9)", "TIMESTAMP_NTZ", "TIMESTAMP", pl.Datetime("us")),
        ("TIMESTAMPTZ", "TIMESTAMPTZ", "TIMESTAMPTZ", pl.Datetime("us", "UTC")),
        ("SUPER", "SUPER", "JSON", pl.String()),
        ("timestamp(3) with time zone", "TIMESTAMPTZ", "TIMESTAMPTZ", pl.Datetime("us", "UTC")),
        ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP", "TIMESTAMP", pl.Datetime("us")),
        ("TIMESTAMPNTZ", "TIMESTAMP_NTZ", "TIMESTAMP", pl.Datetime("us")),
        ("char varying (20)", "VARCHAR(20)", "VARCHAR", pl.String()),
    ],
)
def test_parse(text, shown, duckdb, polars):
    kind = parse_type(text)
    assert (str(kind), kind.duckdb, kind.polars) == (shown, duckdb, polars)


@pytest.mark.parametrize(
    "text", ["", "INTT", "VARCHAR(x)", "VARCHAR(1", "DATE(3,1)", "DECIMAL(0)", "DATE WITH TIME ZONE"]
)
def test_invalid_types(text):
    with pytest.raises(ValueError):
        parse_type(text)


def test_every_name_has_both_types():
    for name in TYPES:
        kind = parse_type(name)
        assert kind.duckdb and kind.polars


def test_sizes_of_the_column_override_those_of_the_type_text():
    column = ColumnSchema(name="x", data_type="DECIMAL(10,2)", scale=3)
    assert str(column.type) == "DECIMAL(10,3)"
    assert str(ColumnSchema(name="x", data_type="VARCHAR", varchar_length=9).type) == "VARCHAR(9)"
