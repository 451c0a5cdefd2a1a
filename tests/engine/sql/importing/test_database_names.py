import pytest

from engine.schema.files import read_schema
from engine.sql.importing.database_names import blank_databases

COLUMNS = [{"name": "id", "data_type": "INT"}]
SCHEMA = read_schema(
    {
        "name": "shop",
        "tables": [
            {"name": "orders", "schema_name": "sales", "columns": COLUMNS},
            {"name": "notes", "columns": COLUMNS},
        ],
    }
)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from prod.sales.orders", "select * from      sales.orders"),
        ('from "Prod" . SALES.Orders o', "from          SALES.Orders o"),
        ("select prod.sales.orders.id from prod.sales.orders", "select      sales.orders.id from      sales.orders"),
        ("select 1 from sales.orders", "select 1 from sales.orders"),
        ("select 'prod.sales.orders' -- prod.sales.orders", "select 'prod.sales.orders' -- prod.sales.orders"),
        ("select a.sales.id, x.y.z.sales.orders from notes a", "select a.sales.id, x.y.z.sales.orders from notes a"),
        ("select * from prod.public.notes", "select * from prod.public.notes"),
    ],
)
def test_only_the_database_of_a_known_table_is_blanked(sql, expected):
    assert blank_databases(sql, SCHEMA) == expected
