import pytest

from engine.errors import RuleError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema
from tests.engine.rules.keys.test_parent_choice import reference

IDENTITY = {"name": "id", "data_type": "INT", "is_unique": True}


def frame(tables, table, rows, **counts):
    schema = read_schema({"name": "lab", "tables": tables})
    resolved = row_counts(schema, counts)
    return preview(schema, schema.table(table), rows=rows, offset=0, seed=3, counts=resolved)


def test_two_foreign_keys_are_unique_as_a_pair():
    tables = [
        {"name": "a", "columns": [IDENTITY]},
        {"name": "b", "columns": [IDENTITY]},
        {
            "name": "ab",
            "composite_keys": [["x", "y"]],
            "columns": [reference("a", "id", "x"), reference("b", "id", "y")],
        },
    ]
    pairs = frame(tables, "ab", 300, a=20, b=15, ab=300)
    assert pairs.n_unique() == 300
    assert (pairs["x"].n_unique(), pairs["y"].n_unique()) == (20, 15)
    with pytest.raises(RuleError, match=r"ab\.x: 301 rows need as many different \(x, y\), and only 300 are possible"):
        frame(tables, "ab", 301, a=20, b=15, ab=301)


def test_columns_without_bounds_count_up():
    tables = [
        {
            "name": "lines",
            "composite_keys": [["order_id", "line"]],
            "columns": [{"name": "order_id", "data_type": "BIGINT"}, {"name": "line", "data_type": "INT"}],
        }
    ]
    assert frame(tables, "lines", 6).rows() == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2)]


def test_text_and_date_keys():
    tables = [
        {
            "name": "prices",
            "composite_keys": [["sku", "valid_from"]],
            "columns": [{"name": "sku", "data_type": "VARCHAR"}, {"name": "valid_from", "data_type": "DATE"}],
        }
    ]
    assert frame(tables, "prices", 5_000).n_unique() == 5_000


def test_composite_foreign_key_names_one_parent_row():
    tables = [
        {
            "name": "stock",
            "composite_keys": [["part", "site"]],
            "columns": [
                {"name": "part", "data_type": "INT", "min_value": 1, "max_value": 40},
                {"name": "site", "data_type": "INT", "min_value": 1, "max_value": 5},
            ],
        },
        {
            "name": "moves",
            "columns": [{"name": "p", "data_type": "INT"}, {"name": "s", "data_type": "INT"}],
            "foreign_keys": [
                {"columns": ["p", "s"], "references_table": "stock", "references_columns": ["part", "site"]}
            ],
        },
    ]
    parents = set(frame(tables, "stock", 100, stock=100).rows())
    assert len(parents) == 100
    assert set(frame(tables, "moves", 5_000, stock=100).rows()) == parents


def test_columns_of_a_composite_foreign_key_are_null_together():
    columns = [
        {"name": "part", "data_type": "INT", "min_value": 1, "max_value": 40},
        {"name": "site", "data_type": "INT", "min_value": 1, "max_value": 5},
    ]
    key = {"columns": ["p", "s"], "references_table": "stock", "references_columns": ["part", "site"]}
    moves = [{"name": name, "data_type": "INT", "required": False} for name in "ps"]
    tables = [
        {"name": "stock", "composite_keys": [["part", "site"]], "columns": columns},
        {"name": "moves", "columns": moves, "foreign_keys": [{**key, "null_fraction": 0.3}]},
    ]
    drawn = frame(tables, "moves", 5_000, stock=100)
    assert (drawn["p"].is_null() == drawn["s"].is_null()).all()
    assert drawn["p"].is_null().mean() == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("rows", [300, 2_000])
def test_a_column_without_bounds_counts_inside_a_foreign_key(rows):
    tables = [
        {"name": "orders", "columns": [IDENTITY]},
        {
            "name": "lines",
            "composite_keys": [["order_id", "line"]],
            "columns": [reference("orders", "id", "order_id"), {"name": "line", "data_type": "INT"}],
        },
    ]
    drawn = frame(tables, "lines", rows, orders=100)
    assert drawn.n_unique() == rows
    assert drawn["order_id"].n_unique() > 70
    assert drawn.head(300)["line"].is_between(1, 7).all()
    assert drawn["order_id"].is_between(1, 100).all()


@pytest.mark.parametrize(
    "shape",
    [
        {"data_type": "DATE", "weekday_weights": [1, 1, 1, 1, 1, 0, 0]},
        {"data_type": "INT", "distribution": {"type": "normal", "parameters": {"mean": 5, "stddev": 2}}},
        {"data_type": "BOOLEAN", "probability": 0.2},
    ],
)
def test_a_composite_key_column_cannot_have_a_shape(shape):
    key = {"name": "b", **shape}
    with pytest.raises(RuleError, match=r"lab\.b: \w+ cannot be combined with a composite key, which must be unique\."):
        frame(
            [{"name": "lab", "composite_keys": [["a", "b"]], "columns": [{"name": "a", "data_type": "INT"}, key]}],
            "lab",
            5,
        )
