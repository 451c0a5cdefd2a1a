"""Names in a warehouse's dialect: parts, schemas, quotes and positions, against a loaded experiment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.errors import QueryError

SCRIPT = """
create table sales.orders (id int not null primary key, qty int not null, price decimal(10,2) not null, doc super);
create table hr.orders (id int not null primary key);
create table public.people (id int not null primary key, "Kitchen Note" varchar(10) not null, age smallint not null);
create table eu.visits (id int not null primary key, seen timestamp not null);
"""


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Workbench]:
    """A workbench whose experiment has the name of one of its schemas."""
    folder: Path = tmp_path_factory.mktemp("names")
    with engine.Workbench(folder) as workbench:
        draft = engine.import_sql(SCRIPT, name="sales", dialect="redshift")
        workbench.create(draft).generate(rows=10, seed=1)
        yield workbench


def fail(sales: engine.Workbench, sql: str, dialect: str = "redshift") -> QueryError:
    with pytest.raises(QueryError) as caught:
        sales["sales"].query(sql, dialect=dialect)
    return caught.value


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
@pytest.mark.parametrize(
    "name",
    [
        "sales.orders", "prod.sales.orders", "SALES.ORDERS", "sales__sales__orders", "hr.orders", "people",
        "public.people", "dev.public.people", '"people"', "visits", "eu.visits", "prod.eu.visits",
    ],
)  # fmt: skip
def test_table_is_found_inside_the_experiment(sales: engine.Workbench, name: str, dialect: str):
    result = sales["sales"].query(f"select count(*) as n from {name} as t where t.id > 0", dialect=dialect)
    assert result.records() == [(10,)]


@pytest.mark.parametrize("name", ["sales__people", "sales.people", "sales__hr__orders", "sales.hr.orders"])
def test_table_is_found_from_anywhere(sales: engine.Workbench, name: str):
    assert sales.query(f"select count(*) from {name}", dialect="redshift").records() == [(10,)]


def test_identifier_names_a_table(sales: engine.Workbench):
    result = sales["sales"].query("select count(*) from identifier('prod.eu.visits')", dialect="snowflake")
    assert result.records() == [(10,)]


def test_name_with_four_parts_is_refused(sales: engine.Workbench):
    assert "at most three parts" in fail(sales, "select 1 from a.b.c.d").message


def test_plain_name_in_two_schemas_is_ambiguous(sales: engine.Workbench):
    error = fail(sales, "select 1\nfrom orders")
    assert error.message == '"orders" is ambiguous: sales.orders or hr.orders.'
    assert (error.line, error.column) == (2, 6)


def test_headers_keep_the_case_of_the_schema(sales: engine.Workbench):
    result = sales["sales"].query('select ID, "Kitchen Note", p.AGE as years from PEOPLE p limit 1', dialect="redshift")
    assert [column.name for column in result.columns] == ["id", "Kitchen Note", "years"]


@pytest.mark.parametrize(
    ("dialect", "headers"),
    [("redshift", ["sum", "?column?", "case"]), ("snowflake", ["SUM(QTY)", "1 + 1", "CASE WHEN TRUE THEN 1 END"])],
)
def test_unnamed_expression_has_the_warehouses_header(sales: engine.Workbench, dialect: str, headers: list[str]):
    sql = "select sum(qty), 1 + 1, case when true then 1 end from sales.orders"
    found = [column.name for column in sales["sales"].query(sql, dialect=dialect).columns]
    assert found == headers


def test_date_part_column_has_the_name_of_the_part(sales: engine.Workbench):
    result = sales["sales"].query("select o.doc.a.b from sales.orders o limit 1", dialect="redshift")
    assert [column.name for column in result.columns] == ["b"]


def test_the_types_of_columns_are_known(sales: engine.Workbench):
    """Integers divide and average to integers in Redshift, to six digits in Snowflake."""
    ask = sales["sales"].query
    sql = "select qty / 2 - floor(qty / 2.0), avg(qty) - floor(avg(qty)) from sales.orders group by id, qty"
    assert set(ask(sql, dialect="redshift").records()) == {(0, 0)}
    for dialect, expected in (
        ("duckdb", ["DOUBLE", "DOUBLE", "DOUBLE"]),
        ("redshift", ["INTEGER", "BIGINT", "DECIMAL(38,2)"]),
        ("snowflake", ["DECIMAL(38,6)", "DECIMAL(38,6)", "DECIMAL(38,8)"]),
    ):
        result = ask("select qty/3, avg(qty), avg(price) from sales.orders group by 1", dialect=dialect)
        assert [column.type for column in result.columns] == expected


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
@pytest.mark.parametrize(
    ("sql", "place", "message"),
    [
        ("select\n  nosuch\nfrom people", (2, 3), 'There is no column "nosuch".'),
        ("select 1\nfrom nosuch", (2, 6), 'There is no table "nosuch".'),
        ("select nvl(age,\n qty) from people", (2, 2), 'There is no column "qty".'),
        ("select count(*)\nfrom people p join eu.visits v\non p.id = v.nope", (3, 11), "nope"),
    ],
)
def test_error_points_into_the_users_text(
    sales: engine.Workbench, sql: str, place: tuple[int, int], message: str, dialect: str
):
    error = fail(sales, sql, dialect)
    assert message in str(error)
    assert (error.line, error.column) == place
    assert error.caret.splitlines()[0] == sql.splitlines()[place[0] - 1]


def test_result_shows_the_sql_and_the_approximations(sales: engine.Workbench):
    result = sales["sales"].query("select approx_count_distinct(age) from people", dialect="snowflake")
    assert result.sql.startswith("SELECT count(DISTINCT age)")
    assert result.notes == ("APPROX_COUNT_DISTINCT is computed exactly.",)


def test_translated_result_streams_as_csv(sales: engine.Workbench):
    stream = sales.stream_csv("select nvl(null, count(*)) as n from people", dialect="redshift", experiment="sales")
    assert b"".join(stream).split() == [b"n", b"10"]
