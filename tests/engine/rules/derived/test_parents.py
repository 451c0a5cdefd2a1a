import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.errors import RuleError
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.derived.building import shop

COUNTS = {"orders": 2_000, "customers": 150, "countries": 20}
JOINED = """
    SELECT
        order_id,
        CAST(c.signup + qty AS DATE) AS due,
        c.customer_name || ' of ' || c.country AS label,
        CAST(qty * p.vat / 100 + 1 AS DECIMAL(9,3)) AS vat,
        COALESCE(p.note, '-') AS note,
        CAST(COALESCE(o.customer_id, -1) * 10 AS BIGINT) AS key_again
    FROM orders AS o
    LEFT JOIN customers AS c USING (customer_id)
    LEFT JOIN countries AS p ON p.code = c.country
    ORDER BY order_id
"""


def test_parents_are_those_of_the_join():
    schema = shop()
    frames = {name: frame_of(schema, name, rows, **COUNTS) for name, rows in COUNTS.items()}
    connection = duckdb.connect()
    for name, frame in frames.items():
        connection.register(name, frame.to_arrow())
    joined = pl.DataFrame(connection.sql(JOINED).to_arrow_table())
    ours = frames["orders"].select(joined.columns).sort("order_id")
    assert_frame_equal(ours, joined.cast(dict(ours.schema)), check_exact=True)
    assert 0 < ours["label"].null_count() < 2_000
    assert 0 < (ours["note"] == "-").sum() < 2_000


@pytest.mark.parametrize("rows", [0, 1, 7])
def test_few_rows_are_the_first_of_many(rows):
    schema = shop()
    many = frame_of(schema, "orders", 500, **COUNTS)
    assert_frame_equal(frame_of(schema, "orders", rows, **COUNTS), many.head(rows))
    assert_frame_equal(frame_of(schema, "orders", rows, offset=100, **COUNTS), many.slice(100, rows))


def tree(**column: object) -> list[dict]:
    return [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {
            "name": "boss",
            "data_type": "INT",
            "required": False,
            "foreign_key": {"references_table": "staff", "references_column": "id"},
        },
        {"name": "pay", "data_type": "INT"},
        {"name": "x", "required": False, **column},
    ]


def test_chain_inside_one_table():
    schema = schema_of(staff=tree(data_type="INT", expression="boss.boss.pay"))
    frame = frame_of(schema, "staff", 300, staff=300)
    rows = {row["id"]: row for row in frame.iter_rows(named=True)}
    for row in frame.iter_rows(named=True):
        above = rows.get(row["boss"], {}).get("boss")
        assert row["x"] == (None if above is None else rows[above]["pay"])


def test_cycle_through_a_parent_and_its_own_row():
    schema = schema_of(staff=tree(data_type="INT", expression="COALESCE(boss.x, 0) + x"))
    with pytest.raises(RuleError, match=r"cycle: staff\.x -> staff\.x"):
        frame_of(schema, "staff", 3)


def test_path_along_a_composite_foreign_key():
    tables = [
        {
            "name": "stock",
            "composite_keys": [["shop", "item"]],
            "columns": [
                {"name": "shop", "data_type": "INT", "min_value": 1, "max_value": 5},
                {"name": "item", "data_type": "INT", "min_value": 1, "max_value": 40},
                {"name": "price", "data_type": "DECIMAL(8,2)"},
            ],
        },
        {
            "name": "sales",
            "foreign_keys": [
                {"columns": ["branch", "what"], "references_table": "stock", "references_columns": ["shop", "item"]}
            ],
            "columns": [
                {"name": "branch", "data_type": "INT"},
                {"name": "what", "data_type": "INT"},
                {"name": "paid", "data_type": "DECIMAL(8,2)", "expression": "what.price"},
                {"name": "same", "data_type": "DECIMAL(8,2)", "expression": "branch.price"},
            ],
        },
    ]
    schema = read_schema({"name": "lab", "tables": tables})
    stock = frame_of(schema, "stock", 100, stock=100, sales=500)
    sales = frame_of(schema, "sales", 500, stock=100, sales=500)
    joined = sales.join(stock, left_on=["branch", "what"], right_on=["shop", "item"], how="left", maintain_order="left")
    assert joined["paid"].equals(joined["price"])
    assert sales["same"].equals(sales["paid"])


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("custmer_id.signup", 'There is no column "custmer_id" in orders (character 1). Did you mean "customer_id"?'),
        ("customer_id.signpu", 'There is no column "signpu" in customers (character 1). Did you mean "signup"?'),
        ("1 + qty.signup", '"qty" of orders is not a foreign key (character 5). Foreign keys of orders: customer_id.'),
        ("customer_id.country.code.x", '"code" of countries is not a foreign key (character 1). countries has no'),
        ("orders.qty", '"orders" is the table itself (character 1). Write the column\'s name alone.'),
    ],
)
def test_unknown_names_in_paths(expression, message):
    document = shop().model_dump(mode="json", exclude_defaults=True)
    document["tables"][2]["columns"].append({"name": "x", "data_type": "INT", "expression": expression})
    (problem,) = check_rules(read_schema(document))
    assert str(problem).startswith(f"orders.x: {message}")
