from typing import Any

import engine
from engine.sql.first_query import first_query, rows_of


def schema_of(*tables: dict[str, Any]) -> engine.ExperimentSchema:
    return engine.read_schema({"name": "trial", "tables": list(tables)})


ID = {"name": "id", "data_type": "INT", "is_unique": True}


def test_figures_per_month_where_there_are_moments():
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


def test_the_moment_may_be_that_of_a_parent():
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


def test_rows_per_category_else():
    schema = schema_of(
        {"name": "pets", "columns": [ID, {"name": "kind", "data_type": "TEXT", "values": ["cat", "dog"]}]}
    )

    assert first_query(schema) == ("SELECT\n    kind,\n    count(*) AS pets\nFROM pets\nGROUP BY kind\nORDER BY 2 DESC")


def test_the_first_rows_of_the_largest_table_at_last():
    schema = schema_of({"name": "small", "columns": [ID]}, {"name": "large", "target_rows": 9000, "columns": [ID]})

    assert first_query(schema) == "SELECT *\nFROM large\nLIMIT 100"


def test_names_are_quoted_and_qualified_when_they_must_be():
    table = {"name": "Kitchen Note", "quoted": True, "columns": [ID]}
    schema = schema_of({**table, "schema_name": "east"}, {**table, "schema_name": "west"})

    assert rows_of(schema, schema.tables[1]) == 'SELECT *\nFROM west."Kitchen Note"\nLIMIT 100'
