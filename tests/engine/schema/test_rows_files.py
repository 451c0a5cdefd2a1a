"""Files of given rows: read once beside the schema file, and stored as rows."""

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from engine.errors import SchemaError
from engine.schema.files import read_schema, schema_to_json

COLUMNS = [
    {"name": "id", "data_type": "INT"},
    {"name": "name", "data_type": "VARCHAR(20)", "required": False},
    {"name": "area", "data_type": "DECIMAL(10,2)", "required": False},
    {"name": "since", "data_type": "DATE", "required": False},
    {"name": "is_open", "data_type": "BOOLEAN", "required": False},
]


def write_schema(folder, name, **more):
    table = {"name": "states", "primary_key": ["id"], "columns": COLUMNS, "rows_file": name, **more}
    path = folder / "shop.json"
    path.write_text(json.dumps({"name": "shop", "tables": [table]}))
    return path


def test_csv_by_header(tmp_path):
    (tmp_path / "states.csv").write_text('NAME,id,area,since,is_open\n"Ohio, the",1,1.50,1803-03-01,yes\n,2,,,f\n')
    schema = read_schema(write_schema(tmp_path, "states.csv"))
    assert schema.tables[0].rows == [
        {"name": "Ohio, the", "id": "1", "area": "1.50", "since": "1803-03-01", "is_open": True},
        {"name": None, "id": "2", "area": None, "since": None, "is_open": False},
    ]
    assert schema.tables[0].rows_file is None
    assert read_schema(schema_to_json(schema)) == schema


def test_parquet(tmp_path):
    frame = pl.DataFrame({"id": [1, 2], "area": [Decimal("1.25"), None], "since": [date(1803, 3, 1), None]})
    frame.write_parquet(tmp_path / "states.parquet")
    schema = read_schema(write_schema(tmp_path, "states.parquet"))
    assert schema.tables[0].rows == [
        {"id": 1, "area": "1.25", "since": "1803-03-01"},
        {"id": 2, "area": None, "since": None},
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("missing.csv", None, 'There is no file "missing.csv" beside the schema file'),
        ("../states.csv", None, "is not beside the schema file"),
        ("/etc/passwd", None, "is not beside the schema file"),
        ("states.txt", "id\n1\n", "is neither CSV nor Parquet"),
        ("states.csv", "", "cannot be read"),
        ("states.csv", "id,nam\n1,x\n", 'a column "nam", which the table has not. Did you mean "name"?'),
        ("states.csv", "id\nx\n", "states.id: Its given row 1, 'x', is not a number."),
        ("states.parquet", "id\n1\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_problem(tmp_path, name, text, message):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(SchemaError) as found:
        read_schema(write_schema(tmp_path, name))
    assert message in str(found.value)


def test_rows_and_a_file_are_not_both_given(tmp_path):
    (tmp_path / "states.csv").write_text("id\n1\n")
    with pytest.raises(SchemaError, match="rows and rows_file are both given"):
        read_schema(write_schema(tmp_path, "states.csv", rows=[{"id": 1}]))


def test_a_schema_without_a_folder_has_no_file_beside_it(tmp_path):
    with pytest.raises(SchemaError, match='Write the rows into "rows", or read the schema by its path'):
        read_schema(write_schema(tmp_path, "states.csv").read_text())
