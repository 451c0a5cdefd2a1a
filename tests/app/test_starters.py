from typing import Any

import pytest

import engine
from app.samples import samples
from app.starters import first_query, rows_of

from .conftest import SHOP


def schema_of(*tables: dict[str, Any]) -> engine.ExperimentSchema:
    return engine.read_schema({"name": "trial", "tables": list(tables)})


ID = {"name": "id", "data_type": "INT", "is_unique": True}


def test_figures_per_month_where_there_are_moments():
    assert first_query(engine.read_schema(SHOP)) == (
        "SELECT\n    date_trunc('month', ordered_on) AS month,\n    sum(total) AS total,\n    count(*) AS orders\n"
        "FROM orders\nGROUP BY month\nORDER BY month"
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


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_first_query_of_a_sample_answers_and_charts(sample: Any, bench: engine.Workbench):
    experiment = bench.create(sample.schema)
    experiment.generate(seed=1, progress=lambda _progress: None)

    result = experiment.query(first_query(sample.schema))

    assert result.row_count > 1
    assert result.chart().to_dict()["mark"]["type"] == "line"


def test_the_e_commerce_sample_comes_first():
    assert samples()[0].name == "ecommerce"
    assert len(samples()[0].schema.tables) >= 5
    assert samples()[0].rows > 1000
