"""The plan of a query, as a tree, for every dialect; it is checked like any query."""

import pytest

import engine
from engine.errors import QueryError, WorkbenchError
from engine.types import PlanStep

SHOP = {
    "name": "shop",
    "dialect": "redshift",
    "tables": [
        {
            "name": "orders",
            "target_rows": 40,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {"name": "status", "data_type": "VARCHAR(20)", "values": ["new", "paid"]},
            ],
        }
    ],
}
BY_STATUS = "select status, count(*) as orders from orders where order_id > 3 group by status order by orders desc"


@pytest.fixture
def shop(home):
    with engine.Workbench(home) as workbench:
        made = workbench.create(SHOP)
        made.generate(seed=1, progress=lambda _progress: None)
        yield made


def steps(step: PlanStep) -> list[PlanStep]:
    return [step, *(found for child in step.inputs for found in steps(child))]


@pytest.mark.parametrize("dialect", ["duckdb", "redshift", "snowflake"])
def test_a_plan_names_the_tables_and_the_rows_it_expects(shop: engine.Experiment, dialect: str):
    plan = shop.explain(BY_STATUS, dialect=dialect)

    scan = next(step for step in steps(plan.step) if not step.inputs)
    assert ("Table", "orders") in scan.details
    assert scan.estimated_rows
    assert (scan.rows, scan.seconds, plan.is_analyzed, plan.seconds) == (None, None, False, 0)
    assert str(plan).splitlines()[-1].strip().startswith(f"{scan.name} · about {scan.estimated_rows} rows")


@pytest.mark.parametrize("dialect", ["duckdb", "redshift", "snowflake"])
def test_an_analyzed_plan_has_the_rows_and_times_of_each_step(shop: engine.Experiment, dialect: str):
    plan = shop.explain(BY_STATUS, dialect=dialect, analyze=True)

    assert plan.is_analyzed
    assert plan.step.rows == 2
    assert all(step.seconds is not None for step in steps(plan.step))
    assert {step.name for step in steps(plan.step)}.isdisjoint({"Explain analyze", "Result collector"})


@pytest.mark.parametrize("sql", [f"explain {BY_STATUS}", f"\n explain analyze\n{BY_STATUS}", f"-- why?\n{BY_STATUS};"])
def test_an_explain_and_comments_in_the_text_do_not_matter(shop: engine.Experiment, sql: str):
    assert str(shop.explain(sql, dialect="duckdb")) == str(shop.explain(BY_STATUS, dialect="duckdb"))


@pytest.mark.parametrize("dialect", ["duckdb", "redshift"])
@pytest.mark.parametrize("sql", ["select statu from orders", "select 1,\n statu from orders"])
def test_an_error_has_its_position_in_the_query(shop: engine.Experiment, dialect: str, sql: str):
    with pytest.raises(QueryError) as caught:
        shop.explain(sql, dialect=dialect)

    with pytest.raises(QueryError) as direct:
        shop.query(sql, dialect=dialect)
    assert (caught.value.line, caught.value.column) == (direct.value.line, direct.value.column)


@pytest.mark.parametrize("analyze", [False, True])
@pytest.mark.parametrize(
    "sql",
    [
        "insert into orders values (1, 'x')",
        "delete from orders",
        "copy orders to 'x.csv'",
        "select * from duckdb_settings()",
        "select * from read_csv('/etc/passwd')",
        "select current_setting('temp_directory')",
        "select 1; select 2",
        "",
        "explain explain select 1",
        "/* ( */ copy orders to 'x.csv' /* ) */",
        ") select current_setting('temp_directory') --",
    ],
)
def test_what_no_query_may_do_no_plan_may(shop: engine.Experiment, sql: str, analyze: bool):
    with pytest.raises(WorkbenchError):
        shop.explain(sql, dialect="duckdb", analyze=analyze)
    assert shop.query("select count(*) from orders", dialect="duckdb").records() == [(40,)]
