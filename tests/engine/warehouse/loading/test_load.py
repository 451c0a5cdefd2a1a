import shutil
from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl
import pytest

from engine.errors import LoadError
from engine.schema.models import ExperimentSchema
from engine.warehouse.loading.load import build_warehouse
from engine.warehouse.querying.execution import Attachment, run_query

COLUMNS = [
    {"name": "Id", "data_type": "INT"},
    {"name": "Label", "data_type": "VARCHAR(20)", "required": False},
]


def schema_with(columns):
    return ExperimentSchema.model_validate({"name": "shop", "tables": [{"name": "orders", "columns": columns}]})


SCHEMA = schema_with(COLUMNS)


@pytest.fixture
def part(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()

    def write(data, dtypes=None, name="part-00000.parquet"):
        pl.DataFrame(data, schema=dtypes or {"Id": pl.Int32, "Label": pl.String}).write_parquet(folder / name)
        return folder / name

    return write


def build(tmp_path, files, *, schema=SCHEMA, expected=None):
    target = tmp_path / "out" / "warehouse-1.duckdb"
    target.parent.mkdir(exist_ok=True)
    counts = build_warehouse(target, schema, {"orders": files}, expected)
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    return Attachment("shop", target, schema), counts


def assert_refused(tmp_path, files, match, **options):
    with pytest.raises(LoadError, match=match) as caught:
        build(tmp_path, files, **options)
    assert "orders" in caught.value.where
    assert list((tmp_path / "out").iterdir()) == []
    return caught.value


def test_parts_are_loaded_in_order(tmp_path, part, opened):
    files = [part({"Id": [1, 2], "Label": ["a", None]}), part({"Id": [3], "Label": ["c"]}, name="part-00001.parquet")]
    attached, counts = build(tmp_path, files, expected={"orders": 3})
    assert counts == {"orders": 3}
    rows = run_query(opened(attached, current="shop"), "from orders").records()
    assert rows == [(1, "a"), (2, None), (3, "c")]


def test_columns_are_found_by_name_in_any_order_and_case(tmp_path, part, opened):
    file = part({"LABEL": ["a"], "id": [1]}, {"LABEL": pl.String, "id": pl.Int32})
    attached, _ = build(tmp_path, [file])
    result = run_query(opened(attached, current="shop"), "from orders")
    assert [column.name for column in result.columns] == ["Id", "Label"]
    assert result.records() == [(1, "a")]


def test_every_type_is_loaded(tmp_path, part, opened):
    timestamp = datetime(2024, 5, 1, 12, 30, 0, 1)
    values = {
        "TINYINT": (pl.Int8, -128),
        "SMALLINT": (pl.Int16, 1),
        "INT": (pl.Int32, 2),
        "BIGINT": (pl.Int64, 2**62),
        "DECIMAL(38,10)": (pl.Decimal(38, 10), Decimal("12345678901234567890.0123456789")),
        "FLOAT": (pl.Float64, 0.1),
        "REAL": (pl.Float32, 0.5),
        "BOOLEAN": (pl.Boolean, True),
        "VARCHAR": (pl.Enum(["é", "b"]), "é"),
        "CHAR(3)": (pl.String, "abc"),
        "DATE": (pl.Date, date(1, 1, 1)),
        "TIMESTAMP": (pl.Datetime("us"), timestamp),
        "TIMESTAMPTZ": (pl.Datetime("us", "UTC"), timestamp.replace(tzinfo=UTC)),
        "TIME": (pl.Time, time(23, 59, 59, 999999)),
        "UUID": (pl.String, "fedbef61-d9d2-4acf-b890-5fa7dad3c575"),
        "JSON": (pl.String, '{"a":[1,2]}'),
        "BINARY": (pl.Binary, b"\x00\xff"),
    }
    columns = [{"name": f"c{n}", "data_type": name} for n, name in enumerate(values)]
    schema = schema_with(columns)
    names = [column["name"] for column in columns]
    file = part(
        dict(zip(names, ([value] for _, value in values.values()), strict=True)),
        dict(zip(names, (kind for kind, _ in values.values()), strict=True)),
    )
    attached, _ = build(tmp_path, [file], schema=schema)
    result = run_query(opened(attached, current="shop"), "from orders")
    assert result.records() == [tuple(value for _, value in values.values())]
    expected = [column.type.duckdb for column in schema.tables[0].columns]
    expected[expected.index("TIMESTAMPTZ")] = "TIMESTAMP WITH TIME ZONE"
    assert [column.type for column in result.columns] == expected


def test_required_columns_are_not_null(tmp_path, part, opened):
    attached, _ = build(tmp_path, [part({"Id": [1], "Label": [None]})])
    rows = run_query(opened(attached, current="shop"), 'select column_name, "null" from (describe orders)').records()
    assert rows == [("Id", "NO"), ("Label", "YES")]


def test_no_parts_make_empty_tables(tmp_path, opened):
    path = tmp_path / "warehouse-1.duckdb"
    assert build_warehouse(path, SCHEMA, None) == {"orders": 0}
    attached = Attachment("shop", path, SCHEMA)
    assert run_query(opened(attached, current="shop"), "select count(*) from shop__orders").records() == [(0,)]


def test_an_empty_part_is_an_empty_table(tmp_path, part):
    assert build(tmp_path, [part({"Id": [], "Label": []})], expected={"orders": 0})[1] == {"orders": 0}


def test_each_filled_table_is_reported(tmp_path, part):
    seen = []
    file = part({"Id": [1], "Label": ["a"]})
    build_warehouse(tmp_path / "w.duckdb", SCHEMA, {"orders": [file]}, on_table=lambda *reported: seen.append(reported))
    assert seen == [("orders", 1)]


def test_paths_with_quotes_and_patterns_work(tmp_path, part):
    odd = tmp_path / "it's [1] *odd"
    odd.mkdir()
    file = odd / "part-00000.parquet"
    shutil.copy(part({"Id": [1], "Label": ["a"]}), file)
    assert build_warehouse(odd / "w.duckdb", SCHEMA, {"orders": [file]}) == {"orders": 1}


def test_a_missing_file(tmp_path):
    error = assert_refused(tmp_path, [tmp_path / "nowhere.parquet"], "Parquet file is missing")
    assert "nowhere.parquet" in error.where


@pytest.mark.parametrize("files", [{}, {"orders": []}])
def test_a_table_without_files(tmp_path, files):
    with pytest.raises(LoadError, match="This table has no Parquet file"):
        build_warehouse(tmp_path / "w.duckdb", SCHEMA, files)


@pytest.mark.parametrize("content", [b"", b"garbage", b"PAR1" + b"garbage" * 100 + b"PAR1"])
def test_a_file_that_is_not_parquet(tmp_path, part, content):
    file = part({"Id": [1], "Label": ["a"]})
    file.write_bytes(content)
    assert_refused(tmp_path, [file], "damaged")


def test_a_truncated_file(tmp_path, part):
    file = part({"Id": list(range(1000)), "Label": ["a"] * 1000})
    file.write_bytes(file.read_bytes()[:-100])
    assert_refused(tmp_path, [file], "damaged")


def test_damaged_pages_under_a_whole_footer(tmp_path, part):
    file = part({"Id": list(range(5000)), "Label": [str(n) for n in range(5000)]})
    data = bytearray(file.read_bytes())
    data[4:2000] = b"\xff" * 1996
    file.write_bytes(data)
    assert_refused(tmp_path, [file], "A Parquet file of this table is damaged")


def test_a_missing_column(tmp_path, part):
    assert_refused(tmp_path, [part({"Id": [1]}, {"Id": pl.Int32})], "has no column Label")


def test_an_extra_column(tmp_path, part):
    dtypes = {"Id": pl.Int32, "Label": pl.String, "Extra": pl.Int32}
    file = part({"Id": [1], "Label": ["a"], "Extra": [1]}, dtypes)
    assert_refused(tmp_path, [file], "its column Extra is not in the schema")


@pytest.mark.parametrize(
    ("held", "value", "wanted"),
    [
        (pl.String, "x", "INT"),
        (pl.Int64, 1, "VARCHAR"),
        (pl.Float64, 1.5, "DECIMAL(10,2)"),
        (pl.Datetime("us"), datetime(2024, 1, 1), "TIMESTAMPTZ"),
        (pl.Datetime("us", "UTC"), datetime(2024, 1, 1, tzinfo=UTC), "TIMESTAMP"),
        (pl.String, "2024-01-01", "DATE"),
        (pl.Binary, b"x", "JSON"),
        (pl.String, "x", "BINARY"),
        (pl.Int32, 1, "BOOLEAN"),
    ],
)
def test_a_type_that_no_longer_fits(tmp_path, part, held, value, wanted):
    schema = schema_with([{"name": "c", "data_type": wanted}])
    assert_refused(tmp_path, [part({"c": [value]}, {"c": held})], "column c holds .*, the schema says", schema=schema)


def test_values_that_do_not_fit_the_type(tmp_path, part):
    schema = schema_with([{"name": "c", "data_type": "UUID"}])
    assert_refused(tmp_path, [part({"c": ["no uuid"]}, {"c": pl.String})], "does not fit the table", schema=schema)
    schema = schema_with([{"name": "c", "data_type": "SMALLINT"}])
    assert_refused(tmp_path, [part({"c": [2**20]}, {"c": pl.Int64})], "does not fit the table", schema=schema)


def test_null_in_a_required_column(tmp_path, part):
    assert_refused(tmp_path, [part({"Id": [None], "Label": ["a"]})], "does not fit the table")


def test_another_number_of_rows_than_the_run_wrote(tmp_path, part):
    file = part({"Id": [1], "Label": ["a"]})
    assert_refused(tmp_path, [file], "hold 1 rows, the run wrote 2", expected={"orders": 2})


def test_a_missing_folder(tmp_path, part):
    file = part({"Id": [1], "Label": ["a"]})
    with pytest.raises(LoadError, match="warehouse file cannot be written"):
        build_warehouse(tmp_path / "nowhere" / "w.duckdb", SCHEMA, {"orders": [file]})
