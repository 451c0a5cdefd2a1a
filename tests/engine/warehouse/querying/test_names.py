import pytest

from engine.errors import LoadError, QueryError
from engine.warehouse.loading.layout import layout, qualified_names
from engine.warehouse.querying.execution import Attachment, experiments_named_in, run_query
from tests.engine.warehouse.conftest import schema_of


@pytest.fixture
def shop(made):
    return made(schema_of("shop", "customers", "sales.Orders", "sales.dup", "web.dup", "crm.leads"), 1)


@pytest.fixture
def sales(made):
    return made(schema_of("sales", "customers", "sales.Orders"), 11)


@pytest.fixture
def crm(made):
    return made(schema_of("Crm", "Leads"), 21)


def value(session, table):
    ((number,),) = run_query(session, f"select * from {table}").records()
    return number


@pytest.mark.parametrize(
    ("table", "number"),
    [
        ("customers", 1),
        ("CUSTOMERS", 1),
        ('"Customers"', 1),
        ("orders", 2),
        ("sales.orders", 2),
        ("shop.orders", 2),
        ("shop.customers", 1),
        ("shop__orders", 2),
        ("SHOP__Sales__Orders", 2),
        ("sales.dup", 3),
        ("web.dup", 4),
        ("shop__web__dup", 4),
        ("leads", 5),
        ("crm.leads", 5),
        ("crm__leads", 21),
        ("sales__orders", 12),
        ("sales__sales__orders", 12),
        ("sales__customers", 11),
    ],
)
def test_names_inside_an_experiment_next_to_similar_ones(opened, shop, sales, crm, table, number):
    assert value(opened(sales, shop, crm, current="Shop"), table) == number


@pytest.mark.parametrize(
    ("table", "number"),
    [
        ("shop.customers", 1),
        ("shop__customers", 1),
        ("shop.orders", 2),
        ("shop__sales__orders", 2),
        ("sales.orders", 12),
        ("sales.customers", 11),
        ("sales__orders", 12),
        ("crm.leads", 21),
        ("CRM__LEADS", 21),
        ("shop__crm__leads", 5),
    ],
)
def test_names_from_anywhere(opened, shop, sales, crm, table, number):
    assert value(opened(shop, sales, crm), table) == number


def test_headers_keep_the_spelling_of_the_schema(opened, shop):
    session = opened(shop, current="shop")
    for table in ("ORDERS", "shop__orders", "shop.orders", "sales.orders"):
        assert run_query(session, f"select * from {table}").columns[0].name == "Id"
    assert run_query(session, "select ID from orders").columns[0].name == "Id"


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("dup", "sales.dup or web.dup"),
        ("shop__dup", "shop__sales__dup or shop__web__dup"),
        ("shop.dup", "shop__sales__dup or shop__web__dup"),
    ],
)
def test_an_ambiguous_name_is_refused_with_both_tables(opened, shop, name, full):
    with pytest.raises(QueryError, match=f'"{name}" is ambiguous: {full}') as caught:
        run_query(opened(shop, current="shop"), f"select *\nfrom {name}")
    assert (caught.value.line, caught.value.column) == (2, 6)


@pytest.mark.parametrize("sql", ["from leads, crm__leads", "select 1 where exists (select * from leads)", "from leads"])
def test_a_plain_name_is_never_a_table_of_another_experiment(opened, shop, crm, sales, sql):
    with pytest.raises(QueryError, match=r'no table "leads"\. Did you mean "Crm__Leads"'):
        run_query(opened(sales, crm, current="sales"), sql)
    with pytest.raises(QueryError, match='no table "leads"') as caught:
        run_query(opened(crm), sql)
    assert caught.value.column == sql.index("leads") + 1


def test_a_name_of_a_with_clause_is_not_a_table(opened, crm):
    assert run_query(opened(crm), "with leads as (select 7) from leads").records() == [(7,)]


def test_an_experiment_that_was_never_loaded_has_empty_tables(opened):
    schema = schema_of("fresh", "orders", "sales.orders")
    session = opened(Attachment("fresh", None, schema), current="fresh")
    for table in ("orders", "fresh__orders", "fresh.orders", "sales.orders"):
        assert run_query(session, f"select count(*) from {table}").records() == [(0,)]


def test_show_tables_lists_the_names_that_work(opened, shop, crm):
    session = opened(shop, crm, current="shop")
    names = [name for (name,) in run_query(session, "show tables;").records()]
    assert names == ["customers", "Orders", "sales.dup", "web.dup", "leads", "Crm__Leads"]
    for name in names:
        value(session, name)


def test_quoted_names_work(opened, made):
    kitchen = made(schema_of("kitchen", 'Kitchen "Note"', "odd schema.a.b", "select"))
    session = opened(kitchen, current="kitchen")
    for table, number in {
        '"Kitchen ""Note"""': 1,
        '"kitchen__Kitchen ""Note"""': 1,
        '"odd schema"."a.b"': 2,
        'kitchen."select"': 3,
    }.items():
        assert value(session, table) == number


def test_a_table_without_a_schema_keeps_its_plain_name():
    names = layout(schema_of("shop", "sales.orders", "orders"))
    assert names.plain["orders"].schema_name is None
    assert names.ambiguous == {}
    assert qualified_names(schema_of("shop", "sales.orders", "orders")) == ["shop__sales__orders", "shop__orders"]


def test_an_ambiguous_flat_name_is_given_to_neither_table(opened, made):
    session = opened(made(schema_of("shop", "a__b", "a.b")), current="shop")
    with pytest.raises(QueryError, match=r"is ambiguous: a__b or a\.b"):
        value(session, "shop__a__b")
    assert (value(session, "a__b"), value(session, "a.b"), value(session, "shop__b")) == (1, 2, 2)


def test_a_schema_may_have_the_name_of_the_view_schema(opened, made):
    session = opened(made(schema_of("shop", "shop__.a", "shop.b", "experiment_shop.c")), current="shop")
    for number, table in enumerate(("a", "b", "c"), 1):
        assert value(session, f"shop__{table}") == value(session, f"shop.{table}") == value(session, table) == number


@pytest.mark.parametrize("keys", [("pg_catalog.t",), ("information_schema.t",), ("t", "main.T")])
def test_what_duckdb_cannot_hold_is_refused(keys):
    with pytest.raises(LoadError):
        layout(schema_of("shop", *keys))


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select * from shop__orders", ["shop"]),
        ("select * from SHOP.orders join crm__leads using (id)", ["shop", "Crm"]),
        ('from "Shop__Kitchen Note"', ["shop"]),
        ("select 7/2", []),
        ("from a__b__c", ["a", "a__b"]),
        ("from shopping__orders", []),
        ("from crm___leads", ["Crm", "crm_"]),
        ('from "CRM___Leads"', ["Crm", "crm_"]),
        ("from crm_.leads", ["crm_"]),
        ("from a____b", ["a", "a__"]),
    ],
)
def test_the_experiments_a_query_names(sql, named):
    assert experiments_named_in(sql, ["shop", "Crm", "crm_", "a", "a__b", "a__"]) == named
