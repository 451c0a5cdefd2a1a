from typing import Any

import engine
from engine.sql.first_query import first_query, first_rows_query


def schema_of(*tables: dict[str, Any]) -> engine.ExperimentSchema:
    return engine.read_schema({"name": "trial", "tables": list(tables)})


ID = {"name": "id", "data_type": "INT", "is_unique": True}


def test_totals_per_month_where_a_table_has_dates():
    schema = schema_of(
        {"name": "customers", "columns": [ID]},
        {
            "name": "orders",
            "columns": [
                ID,
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "id"},
                },
                {"name": "ordered_on", "data_type": "DATE"},
                {"name": "total", "data_type": "DECIMAL(10,2)"},
            ],
        },
    )

    assert first_query(schema) == (
        "SELECT\n    date_trunc('month', ordered_on)::date AS month,\n"
        "    sum(total) AS total,\n    count(*) AS orders\n"
        "FROM orders\nGROUP BY ALL\nORDER BY month"
    )


def test_the_date_can_be_in_a_parent():
    key = {"references_table": "orders", "references_column": "id"}
    schema = schema_of(
        {"name": "orders", "columns": [ID, {"name": "ordered_on", "data_type": "DATE"}]},
        {
            "name": "lines",
            "columns": [
                {"name": "order_id", "data_type": "INT", "foreign_key": key},
                {"name": "unit_price", "data_type": "DECIMAL(10,2)"},
                {"name": "Line Total", "quoted": True, "data_type": "DECIMAL(10,2)"},
            ],
        },
    )

    assert first_query(schema) == (
        "SELECT\n    date_trunc('month', orders.ordered_on)::date AS month,\n"
        '    sum(lines."Line Total") AS "Line Total",\n    count(*) AS lines\n'
        "FROM lines\nJOIN orders ON orders.id = lines.order_id\nGROUP BY ALL\nORDER BY month"
    )


def test_rows_per_category_without_dates():
    schema = schema_of(
        {"name": "pets", "columns": [ID, {"name": "kind", "data_type": "TEXT", "values": ["cat", "dog"]}]}
    )

    assert first_query(schema) == ("SELECT\n    kind,\n    count(*) AS pets\nFROM pets\nGROUP BY kind\nORDER BY 2 DESC")


def test_first_rows_of_the_largest_table_without_categories():
    schema = schema_of({"name": "small", "columns": [ID]}, {"name": "large", "target_rows": 9000, "columns": [ID]})

    assert first_query(schema) == "SELECT *\nFROM large\nLIMIT 100"


def test_names_are_quoted_and_qualified_when_needed():
    table = {"name": "Kitchen Note", "quoted": True, "columns": [ID]}
    schema = schema_of({**table, "schema_name": "east"}, {**table, "schema_name": "west"})

    assert first_rows_query(schema, schema.tables[1]) == 'SELECT *\nFROM west."Kitchen Note"\nLIMIT 100'
