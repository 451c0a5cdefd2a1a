"""What the statements of a workload find on loaded data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.errors import QueryError
from engine.workload.base_tables import find_reads
from engine.workload.lineage import TableNames

SCRIPT = """
create table customers (id int primary key, state varchar(2) not null check (state in ('CA', 'NY')));
create table orders (
  id int primary key,
  customer_id int not null references customers(id),
  amount int not null check (amount between 1 and 9)
);
create table notes (note varchar(10));
"""
ROWS = {"customers": 10, "orders": 100, "notes": 5}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        made = workbench.create(engine.import_sql(SCRIPT, name="shop", dialect="redshift"))
        made.generate(ROWS, seed=1)
        yield made


STATES = [
    ("select * from orders where amount > 0", "finds rows", 100),
    ("select * from orders where amount > 10", "empty", 0),
    ("select count(*) from orders where amount > 10", "only the empty-input row", 1),
    ("select 'total', count(*), max(amount) from orders where amount > 10", "only the empty-input row", 1),
    ("select amount, count(*) from orders where amount > 10 group by rollup (amount)", "only the empty-input row", 1),
    ("select count(*) from orders where amount > 10 union all select 7 from orders where amount > 10",
     "only the empty-input row", 1),
    ("select (select count(*) from orders where amount > 10), (select count(*) from orders)", "finds rows", 1),
    ("select count(*) from orders", "finds rows", 1),
    ("with orders as (select * from orders where amount > 10) select count(*) from orders", "only the empty-input row",
     1),
    ("select 1 as one", "finds rows", 1),
    ("select nothing from orders", "does not run", 0),
    ("select * from orders where amount = :amount", "does not run", 0),
    ("grant select on orders to me", "does not run", 0),
    ("select * from orders where (", "not understood", 0),
    ("hello", "not understood", 0),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "state", "rows"), STATES, ids=[sql for sql, _, _ in STATES])
def test_the_state_of_a_statement(shop: engine.Experiment, sql: str, state: str, rows: int):
    (found,) = shop.coverage({"q.sql": sql}).statements

    assert (found.state, found.rows) == (state, rows)
    assert (found.reason is not None) == (state in ("does not run", "not understood"))


@pytest.mark.parametrize(
    ("sql", "low", "high"),
    [
        ("select * from orders", 1, 1),
        ("select max(amount) from orders where id <= (select count(*) / 4 from orders)", 0.25, 0.25),
        ("select 1 from orders o join customers c on c.id = o.customer_id where c.state = 'CA'", 0.01, 0.99),
        ("with a as (select 5 as n), b as (select id from orders, a where amount > n) select count(*) from b",
         0.01, 0.99),
        ("select count(*) from orders where amount > 10", 0, 0),
        ("select 1 from orders a, orders b where a.id = b.id", 1, 1),
        ("with pairs as (select a.id from orders a, orders b where a.id = b.id) "
         "select 1 from orders o join pairs p on p.id = o.id where o.id <= 25", 0.25, 0.25),
    ],
)  # fmt: skip
def test_the_share_of_the_largest_table_that_is_selected(shop: engine.Experiment, sql: str, low: float, high: float):
    (found,) = shop.coverage({"q.sql": sql}).statements

    assert found.largest_table == "orders"
    assert found.share is not None
    assert low <= found.share <= high


@pytest.mark.parametrize(
    ("sql", "is_filtered"),
    [
        ("select * from orders", False),
        ("select 1 from orders o, customers c where c.id = o.customer_id", False),
        ("select 1 from (select id as n from orders union all select id from customers) x where n = 5", False),
        ("select 1 from orders o join customers c on c.id = o.customer_id and c.state = 'CA'", True),
        ("select 1 from customers c left join orders o on c.id = o.customer_id and o.amount > 5", False),
        ("select 1 from customers c left join orders o on c.id = o.customer_id where o.amount > 5", True),
        ("select 1 from orders where customer_id in (select id from customers)", True),
        ("select 1 from orders o where amount > (select avg(amount) from orders p where p.id <> o.id)", True),
        ("select 1 from orders where (id = 1 or amount = 2)", True),
        ("select 1 from orders where (", False),
    ],
)
def test_a_place_of_a_table_is_filtered_by_conditions_of_its_own(
    shop: engine.Experiment, sql: str, is_filtered: bool
) -> None:
    reads = find_reads(sql, "redshift", TableNames(shop.schema))

    assert reads.is_filtered(shop.schema.table("orders"), TableNames(shop.schema)) == is_filtered


def test_a_folder_with_views_and_values(shop: engine.Experiment, tmp_path: Path):
    (tmp_path / "views.sql").write_text("create view big as select * from orders where amount > :least;")
    (tmp_path / "report.sql").write_text("select count(*) as n from big;\nselect * from big where amount > 10")

    found = shop.coverage(tmp_path, values={"least": 0}, limit=7)

    assert found.counts == {"finds rows": 2, "empty": 1}
    assert found.frame.select("statement", "line", "state", "rows", "is_cut").rows() == [
        ("report.sql #1", 1, "finds rows", 1, False),
        ("report.sql #2", 2, "empty", 0, False),
        ("views.sql", 1, "finds rows", 7, True),
    ]
    assert str(found) == "Coverage of shop: 3 statements (2 finds rows, 1 empty)"
    assert "<table>" in found._repr_html_()
    assert (found.run_id, found.found) == (1, 2)


def test_the_saved_queries_are_the_workload_by_default(shop: engine.Experiment):
    assert shop.coverage().statements == ()

    shop.queries.save("all", "select * from orders")

    assert [(each.statement.name, each.rows) for each in shop.coverage(shares=False).statements] == [("all", 100)]
    shop.queries.remove("all")


def test_progress_and_cancellation(shop: engine.Experiment):
    seen: list[tuple[int, int]] = []
    handle = engine.QueryHandle()

    def listen(done: int, total: int) -> None:
        seen.append((done, total))
        handle.cancel()

    with pytest.raises(QueryError, match="cancelled"):
        shop.coverage({"q.sql": "select 1; select 2; select 3"}, handle=handle, progress=listen)
    assert seen == [(1, 3)]


def test_an_unknown_dialect_is_refused(shop: engine.Experiment):
    with pytest.raises(QueryError, match='no dialect "oracle"'):
        shop.coverage({"q.sql": "select 1"}, dialect="oracle")
