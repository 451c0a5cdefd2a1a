"""Predicates and joins, traced to base columns."""

import datetime as dt
from decimal import Decimal

import pytest

import engine
from engine.schema.models import ExperimentSchema
from engine.workload.mining import mine_workload
from engine.workload.reading import read_statements
from engine.workload.records import Join, Predicate, Step, Workload

SCRIPT = """
create table sales (id int primary key, cust_id int, day_id int, zip varchar(10), amount decimal(9,2), sold_on date,
  is_open boolean, line_no int);
create table returns (sale_id int, line_no int, reason varchar(20));
create table customers (id int primary key, name varchar(40), state varchar(2), born date);
"""


@pytest.fixture(scope="module")
def schema() -> ExperimentSchema:
    return engine.import_sql(SCRIPT, name="shop", dialect="redshift").schema


def mine(schema: ExperimentSchema, sql: str, dialect: str = "redshift") -> Workload:
    statements = read_statements({"q.sql": sql}, dialect, tables=[table.key for table in schema.tables])
    return mine_workload(schema, statements, dialect, today=dt.date(2024, 5, 15))


def shown(predicate: Predicate) -> tuple[object, ...]:
    path = [(step.name, *step.arguments) for step in predicate.path]
    column = f"{predicate.table}.{predicate.column}"
    return (column, predicate.operator, *predicate.values, *([path] if path else []))


CONDITIONS = [
    ("zip = '80000'", ("sales.zip", "=", "80000")),
    ("5 < amount", ("sales.amount", ">", 5)),
    ("not amount < 1.50", ("sales.amount", ">=", Decimal("1.50"))),
    ("amount between -1 and 2 * 3", ("sales.amount", "between", -1, 6)),
    ("not (amount between 1 and 2)", ("sales.amount", "not between", 1, 2)),
    ("zip in ('a', 'b')", ("sales.zip", "in", "a", "b")),
    ("zip not in ('a')", ("sales.zip", "not in", "a")),
    ("zip like '8%'", ("sales.zip", "like", "8%")),
    ("zip not ilike '8%'", ("sales.zip", "not ilike", "8%")),
    ("zip is null", ("sales.zip", "is null")),
    ("zip is not null", ("sales.zip", "is not null")),
    ("is_open", ("sales.is_open", "=", True)),
    ("not is_open", ("sales.is_open", "=", False)),
    ("is_open is false", ("sales.is_open", "=", False)),
    ("zip ~ '^8'", ("sales.zip", "regexp", "^8")),
    ("substring(zip, 1, 5) in ('a', 'b')", ("sales.zip", "in", "a", "b", [("substring", 1, 5)])),
    ("substr(upper(zip), 1, 2) = 'AB'", ("sales.zip", "=", "AB", [("upper",), ("substring", 1, 2)])),
    ("left(zip, 2) = '80'", ("sales.zip", "=", "80", [("left", 2)])),
    ("trim(lower(zip)) = 'a'", ("sales.zip", "=", "a", [("lower",), ("trim",)])),
    ("zip || '-x' = '8-x'", ("sales.zip", "=", "8-x", [("concat", "", "-x")])),
    ("concat('a', concat(zip, 'b')) = 'a8b'", ("sales.zip", "=", "a8b", [("concat", "", "b"), ("concat", "a", "")])),
    ("extract(year from sold_on) = 2000", ("sales.sold_on", "=", 2000, [("year",)])),
    ("date_part(month, sold_on) in (1, 2)", ("sales.sold_on", "in", 1, 2, [("month",)])),
    ("date_part('dow', sold_on) = 0", ("sales.sold_on", "=", 0, [("weekday",)])),
    ("date_trunc('month', sold_on) = '2000-01-01'", ("sales.sold_on", "=", "2000-01-01", [("date_trunc", "month")])),
    ("sold_on::varchar like '2000%'", ("sales.sold_on", "like", "2000%", [("cast", "varchar")])),
    ("sold_on < date '2000-01-31' + interval '1 month'", ("sales.sold_on", "<", dt.date(2000, 2, 29))),
    ("sold_on < dateadd(day, 30, cast('2000-01-01' as date))", ("sales.sold_on", "<", dt.date(2000, 1, 31))),
    ("sold_on >= current_date - interval '90 days'", ("sales.sold_on", ">=", dt.date(2024, 2, 15))),
    ("sold_on > date_trunc('year', current_date)", ("sales.sold_on", ">", dt.date(2024, 1, 1))),
    ("amount * 2 > 10", ("sales.amount", ">", 10, [("multiply", 2)])),
    ("coalesce(zip, 'none') = '8'", ("sales.zip", "=", "8")),
    ("amount = any(array[1, 2])", ("sales.amount", "in", 1, 2)),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=[condition for condition, _ in CONDITIONS])
def test_a_condition_is_read(schema: ExperimentSchema, condition: str, expected: tuple[object, ...]):
    found = mine(schema, f"select id\nfrom sales\nwhere {condition}")

    assert [shown(each) for each in found.predicates] == [expected]
    assert {each.line for each in found.predicates} == {3}
    assert found.remarks == ()


SOURCES = [
    "select 1 from sales s where s.zip = '8'",
    "select 1 from (select zip as z from sales) s where z = '8'",
    "with a as (select zip as z from sales), b as (select z as y from a) select 1 from b x where x.y = '8'",
    "with a (y) as (select zip from sales) select 1 from a where y = '8'",
    "select 1 from customers c where exists (select 1 from sales where zip = '8' and cust_id = c.id)",
    "select 1 from customers where id in (select cust_id from sales where zip = '8')",
    "select * from (select * from sales) where zip = '8'",
    "create view v as select zip from sales; select 1 from v where zip = '8'",
    "select case when zip = '8' then 1 end from sales",
    "select 1 from public.SALES where ZIP = '8'",
    "select 1 from shop__sales where zip = '8'",
    "select 1 from customers left join sales on cust_id = customers.id and zip = '8'",
    "select cust_id from sales group by cust_id, zip having zip = '8'",
    "select zip as z from sales where z = '8'",
]


@pytest.mark.parametrize("sql", SOURCES)
def test_a_column_is_found_through_what_stands_between(schema: ExperimentSchema, sql: str):
    assert [shown(each) for each in mine(schema, sql).predicates] == [("sales.zip", "=", "8")]


def test_a_column_of_a_union_comes_from_each_branch(schema: ExperimentSchema):
    sql = "select 1 from (select zip as x from sales union all select state from customers) where x = 'a'"

    found = mine(schema, sql).predicates

    assert [(each.table, each.column, each.is_alternative) for each in found] == [
        ("sales", "zip", True),
        ("customers", "state", True),
    ]


def test_an_aggregate_is_a_step(schema: ExperimentSchema):
    sql = "with a as (select cust_id, sum(amount) as n from sales group by 1) select 1 from a where n > 5"

    (found,) = mine(schema, sql).predicates

    assert (found.path, found.is_aggregated) == ((Step("sum"),), True)


def test_places_alternatives_and_negations_are_told(schema: ExperimentSchema):
    sql = """select case when amount > 1 then 1 end from sales
where (zip = 'a' or zip = 'b') and not exists (select 1 from customers where state = 'x')
group by 1 having max(amount) < 9"""

    found = {each.values[0]: each for each in mine(schema, sql).predicates}

    assert [found[value].place for value in (1, "a", "x", 9)] == ["case", "where", "where", "having"]
    assert [found[value].is_alternative for value in (1, "a", "b", "x")] == [False, True, True, False]
    assert [found[value].is_negated for value in ("a", "x")] == [False, True]
    assert [found[value].line for value in (1, "a", "x", 9)] == [1, 2, 2, 3]


def test_the_occurrences_of_a_table_are_groups(schema: ExperimentSchema):
    sql = "select 1 from sales a, sales b where a.zip = 'a' and a.amount = 1 and b.zip = 'b'"

    assert [each.group for each in mine(schema, sql).predicates] == [1, 1, 2]


JOINS = [
    ("select 1 from sales, customers c where cust_id = c.id", ("cust_id",), ("id",), "join"),
    ("select 1 from sales join customers c on c.id = cust_id", ("cust_id",), ("id",), "join"),
    ("select 1 from sales where cust_id in (select id from customers)", ("cust_id",), ("id",), "in"),
    ("select 1 from sales where cust_id = any (select id from customers)", ("cust_id",), ("id",), "in"),
    ("select 1 from sales where exists (select 1 from customers c where c.id = cust_id)", ("cust_id",), ("id",),
     "exists"),
    ("select cust_id from sales intersect select id from customers", ("cust_id",), ("id",), "set"),
    ("with a as (select cust_id as k from sales) select 1 from a, customers where k = customers.id", ("cust_id",),
     ("id",), "join"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "columns", "others", "kind"), JOINS)
def test_a_join_is_found(
    schema: ExperimentSchema, sql: str, columns: tuple[str, ...], others: tuple[str, ...], kind: str
):
    (found,) = mine(schema, sql).joins

    assert {(found.table, found.columns), (found.other_table, found.other_columns)} == {
        ("sales", columns),
        ("customers", others),
    }
    assert found.kind == kind


@pytest.mark.parametrize(
    "condition",
    [
        "from sales s join returns r on s.id = r.sale_id and s.line_no = r.line_no",
        "from sales s, returns r where r.line_no = s.line_no and r.sale_id = s.id",
        "from sales s join (select sale_id as id, line_no from returns) r using (id, line_no)",
    ],
)
def test_columns_of_one_join_stay_together(schema: ExperimentSchema, condition: str):
    (found,) = mine(schema, f"select 1 {condition}").joins

    assert found == Join("returns", ("line_no", "sale_id"), "sales", ("line_no", "id"), 1, "q.sql", "join")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select 1\nfrom sales where amount - line_no > 5", "It compares no single column: "),
        ("select 1\nfrom nowhere where a = 1", "There is no table nowhere."),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(schema: ExperimentSchema, sql: str, message: str):
    found = [each for each in mine(schema, sql).remarks if each.message.startswith(message)]

    assert [each.line for each in found] == [2]


@pytest.mark.parametrize(
    "condition",
    [
        "rank() over (order by id) < 3",
        "(select count(*) from returns) > 5",
        "random() < 0.5",
        "1 = 1",
        "id = null",
        "id > line_no",
    ],
)
def test_what_has_no_literal_for_a_column_is_no_remark(schema: ExperimentSchema, condition: str):
    found = mine(schema, f"select 1 from (select * from sales) s where {condition}")

    assert (found.predicates, found.remarks) == ((), ())


def test_elements_of_semi_structured_columns_are_steps():
    schema = engine.import_sql("create table events (id int, doc variant)", name="e", dialect="snowflake").schema
    sql = """select 1 from events, lateral flatten(input => doc:items) f
where doc:kind::string = 'open' and f.value:sku::string = 'x'"""

    kind, sku = mine(schema, sql, "snowflake").predicates

    assert shown(kind) == ("events.doc", "=", "open", [("get", "kind"), ("cast", "text")])
    assert shown(sku) == (
        "events.doc",
        "=",
        "x",
        [("get", "items"), ("flatten", "VALUE"), ("get", "sku"), ("cast", "text")],
    )


BROKEN = [
    "select", "select * from", "with a as (select 1", "select ((((1", "select 1 from a where b in ()", "((((",
    "select * from sales where zip = 'a", "with recursive a as (select 1 union all select * from a) select * from a",
    "select a.b.c.d.e.f from g.h.i.j.k", "from sales", "values (1), (2)", "select {{ from", "select 1 union select",
    "with a as (select * from b), b as (select * from a) select * from a where x = 1", "select * from a natural join",
    "select " + "(" * 400 + "1" + ")" * 400, "select 1 from sales where " + " or ".join(["id = 1"] * 150),
    "pivot", "select * from sales pivot (sum(amount) for zip in ('a', 'b'))", "match_recognize", ";;;", "\0", "%(", ":",
]  # fmt: skip


@pytest.mark.parametrize("dialect", ["redshift", "snowflake", "duckdb"])
@pytest.mark.parametrize("sql", BROKEN, ids=range(len(BROKEN)))
def test_no_text_raises(schema: ExperimentSchema, sql: str, dialect: str):
    found = mine(schema, sql, dialect)

    assert all(each.state in ("runs", "does not run", "not understood") for each in found.statements)
