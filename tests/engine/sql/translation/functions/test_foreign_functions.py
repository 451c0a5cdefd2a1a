"""Functions of other databases: refused with what the warehouse has for them."""

import pytest

from engine.errors import QueryError
from engine.schema.models import ExperimentSchema
from engine.sql.translation import functions, translate
from engine.sql.translation.functions.foreign_functions import hint_for


@pytest.mark.parametrize(
    ("sql", "dialect", "hint"),
    [
        ("select string_agg(a, ',') from t", "redshift", "Write LISTAGG(value, ', ')."),
        ("select ifnull(a, 1) from t", "redshift", "Write NVL(value, other)."),
        ("select date_format(a, '%Y') from t", "redshift", "Write TO_CHAR(value, format)."),
        ("select timestampdiff(day, a, b) from t", "redshift", "Write DATEDIFF(unit, from, to)."),
        ("select regexp_extract(a, 'x') from t", "snowflake", "Write REGEXP_SUBSTR(text, pattern)."),
        ("select unnest(a) from t", "snowflake", "Write TABLE(FLATTEN(input => array))."),
        ("select * from generate_series(1, 3)", "snowflake", "Write TABLE(GENERATOR(rowcount => number))"),
        ("select json_extract(a, '$.b') from t", "snowflake", "Write a path: value:key."),
    ],
)
def test_hint_names_the_warehouse_equivalent(sql: str, dialect: str, hint: str):
    with pytest.raises(QueryError) as caught:
        translate(sql, dialect)
    assert caught.value.message.startswith("Unknown ")
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_no_hint_for_functions_that_the_warehouse_has(dialect: str):
    known = {*functions.DEFINITIONS[dialect], *functions.REWRITES[dialect], *functions.REFUSED[dialect]}
    assert [name for name in known if hint_for(name, dialect)] == []


@pytest.mark.parametrize(("dialect", "name"), [("redshift", "shop"), ("snowflake", "SHOP")])
def test_the_experiment_is_the_database(dialect: str, name: str):
    schema = ExperimentSchema.model_validate(
        {"name": "Shop", "tables": [{"name": "t", "columns": [{"name": "a", "data_type": "INT"}]}]}
    )
    made = translate("select current_database() as d", dialect, schemas=[schema], current="Shop")
    assert made.sql == f"SELECT '{name}' AS d"
    assert made.notes == ()
