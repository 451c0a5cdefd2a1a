"""Columns drawn together: each row has the values of one row of a list, or of a file."""

import json

import pytest

from engine.errors import SchemaError
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of, schema_of

CITY, STATE = {"name": "city", "data_type": "VARCHAR(9)"}, {"name": "state", "data_type": "CHAR(2)"}
ZIP = {"name": "zip", "data_type": "INT", "required": False, "null_fraction": 0}
ROWS = [["Ulm", "BW", 89073], ["Jena", "TH", 7743], ["Bonn", "NW", None]]
BY = {"columns": ["city", "state", "zip"], "rows": ROWS, "weights": [5, 3, 2]}


def test_all_columns_are_of_one_row_by_its_weight():
    frame = frame_of(schema_of(t=[CITY | {"values_by": BY}, STATE, ZIP]), "t", 20_000)
    counts = {row[:3]: row[3] for row in frame.group_by("city", "state", "zip").len().iter_rows()}
    assert set(counts) == {tuple(row) for row in ROWS}
    assert counts[("Ulm", "BW", 89073)] / 20_000 == pytest.approx(0.5, abs=0.02)


def test_a_null_of_its_own_leaves_the_others_as_they_are():
    frame = frame_of(schema_of(t=[CITY | {"values_by": BY}, STATE, ZIP | {"null_fraction": 0.5}]), "t", 500)
    plain = frame_of(schema_of(t=[CITY | {"values_by": BY}, STATE, ZIP]), "t", 500)
    assert frame.drop("zip").equals(plain.drop("zip")) and frame["zip"].null_count() > plain["zip"].null_count()


def test_an_expression_reads_the_drawn_row_also_its_nulls():
    text = {"name": "text", "data_type": "VARCHAR(30)", "expression": "coalesce(zip, 0) || ' ' || city"}
    frame = frame_of(schema_of(t=[CITY | {"values_by": BY}, STATE, ZIP, text]), "t", 200)
    assert set(frame["text"]) == {"89073 Ulm", "7743 Jena", "0 Bonn"}


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_rows_of_a_file_are_stored_in_the_schema(tmp_path, suffix):
    import polars as pl

    frame = pl.DataFrame({"Zip": [89073, 7743], "city": ["Ulm", "Jena"], "people": [9, 1], "state": ["BW", "TH"]})
    getattr(frame, f"write_{suffix}")(tmp_path / f"cities.{suffix}")
    by = {"columns": ["city", "state", "zip"], "table": f"cities.{suffix}", "weight_column": "people"}
    columns = [CITY | {"values_by": by}, STATE, ZIP]
    path = tmp_path / "lab.json"
    path.write_text(json.dumps({"name": "lab", "tables": [{"name": "t", "columns": columns}]}))
    schema = read_schema(path)
    made = schema.table("t").column("city").values_by
    assert (len(made.rows), made.weights, made.table) == (2, [9, 1], None)
    assert set(frame_of(schema, "t", 100).rows()) == {("Ulm", "BW", 89073), ("Jena", "TH", 7743)}


@pytest.mark.parametrize(
    ("by", "others", "message"),
    [
        (BY | {"rows": [["Ulm", "BW"]], "weights": [1]}, [STATE, ZIP], "row 1 has 2 values for 3 columns"),
        (BY | {"weights": [1, 1]}, [STATE, ZIP], "3 rows and 2 weights"),
        (BY | {"weights": [0, 0, 0]}, [STATE, ZIP], "are all 0"),
        (BY | {"rows": []}, [STATE, ZIP], "has no rows"),
        (BY, [STATE], 'no column "zip"'),
        (BY, [STATE, ZIP | {"required": True}], 'has NULL for "zip", which is required'),
        (BY, [STATE | {"data_type": "CHAR(1)"}, ZIP], "is longer than 1"),
        (BY, [STATE | {"pattern": "??"}, ZIP], "cannot be combined"),
        (BY | {"columns": ["state", "zip"], "rows": [["BW", 1]], "weights": [1]}, [STATE, ZIP], 'does not list "city"'),
        (BY | {"table": "cities.csv"}, [STATE, ZIP], "was not read from a file"),
    ],
)
def test_rows_that_do_not_fit_are_refused(by, others, message):
    with pytest.raises(SchemaError) as caught:
        schema_of(t=[CITY | {"values_by": by}, *others])
    assert message in str(caught.value)


def test_a_missing_column_of_a_file_is_named(tmp_path):
    (tmp_path / "cities.csv").write_text("city,stat\nUlm,BW\n")
    by = {"columns": ["city", "state"], "table": "cities.csv"}
    path = tmp_path / "lab.json"
    path.write_text(
        json.dumps({"name": "lab", "tables": [{"name": "t", "columns": [CITY | {"values_by": by}, STATE]}]})
    )
    with pytest.raises(SchemaError, match=r'has no column "state"'):
        read_schema(path)
