"""What is said of names that are not there, in every dialect: what is near comes first, and where a column is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.errors import QueryError

DIALECTS = pytest.mark.parametrize("dialect", ["duckdb", "redshift", "snowflake"])


def table(name: str, *columns: str) -> dict:
    return {
        "name": name,
        "target_rows": 2,
        "columns": [{"name": column, "data_type": "INT", "is_unique": not i} for i, column in enumerate(columns)],
    }


@pytest.fixture(scope="module")
def tpch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    folder: Path = tmp_path_factory.mktemp("hints")
    with engine.Workbench(folder) as workbench:
        workbench.create({"name": "shop", "tables": [table("customers", "id", "amount"), table("nations", "id")]})
        yield workbench.create(
            {
                "name": "tpch",
                "tables": [table("customer", "c_custkey", "c_nation"), table("orders", "o_key", "o_total")],
            }
        )


def refused(tpch: engine.Experiment, sql: str, dialect: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        tpch.query(sql, dialect=dialect)
    return caught.value


@DIALECTS
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("customers", 'Did you mean "customer" or "shop__customers"?'),
        ("custmer", 'Did you mean "customer"?'),
        ("order", 'Did you mean "orders"?'),
        ("nations", 'Did you mean "shop__nations"?'),
        ("shop__nation", 'Did you mean "shop__nations"?'),
    ],
)
def test_the_tables_of_the_experiment_are_offered_first(tpch, dialect: str, name: str, hint: str):
    error = refused(tpch, f'select * from "{name}"' if name == "order" else f"select * from {name}", dialect)
    assert error.hint.startswith(f"{hint} The tables are: customer, orders, shop__customers")


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("select o_total from customer", 'It is a column of "orders": join that table.'),
        (
            "select c.o_total from customer c join orders o on c_custkey = o_key",
            'It is a column of "orders", which the query reads: name that table in front of it.',
        ),
        ("select c_custkey from orders where c_nation = 1", 'It is a column of "customer": join that table.'),
        ("select o_totl from customer", 'Did you mean "o_total" of "orders"?'),
        ("select c_custky from customer", 'Did you mean "c_custkey"?'),
        ("select amount from customer, shop__nations", 'It is a column of "shop__customers": join that table.'),
    ],
)
def test_an_unknown_column_is_told_where_it_is(tpch, dialect: str, sql: str, hint: str):
    assert refused(tpch, sql, dialect).hint == hint


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ("selec c_nation frm customer", 1),
        ("slect * from customer", 1),
        ("  selec 1", 3),
        ("wth x as (select 1) select * from x", 1),
        ("form customer select *", 1),
    ],
)
def test_a_misspelled_first_word_is_marked(tpch, dialect: str, sql: str, column: int):
    error = refused(tpch, sql, dialect)
    assert (error.line, error.column) == (1, column)
    assert f'"{sql.split()[0]}"' in error.message


@pytest.mark.parametrize("written", ["identifier('entity')", "table('entity')", "identifier($name)", "table($name)"])
def test_a_name_in_a_function_is_told_and_not_the_function(tpch, written):
    variables = {"name": "entity"} if "$" in written else {}
    with pytest.raises(QueryError) as caught:
        tpch.query(f"select * from {written}", dialect="snowflake", variables=variables)
    assert caught.value.message == 'There is no table "entity".'
