import pytest

from engine.rules.rule_checks import check_rules
from engine.rules.suggestions.foreign_keys import suggested_keys, with_suggested_keys
from engine.sql.importing.importer import import_sql


def keys(script: str) -> list[str]:
    schema = import_sql(script, name="lab", dialect="redshift").schema
    return [str(key) for key in suggested_keys(schema)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "create table orders (o_orderkey int primary key); create table lineitem (l_orderkey int);",
            ["lineitem (l_orderkey) references orders (o_orderkey)"],
        ),
        (
            "create table customer (c_customer_sk int primary key); create table store_sales (ss_customer_sk int);",
            ["store_sales (ss_customer_sk) references customer (c_customer_sk)"],
        ),
        (
            "create table date_dim (d_date_sk int primary key); create table store_sales (ss_sold_date_sk int);",
            ["store_sales (ss_sold_date_sk) references date_dim (d_date_sk)"],
        ),
        (
            "create table customers (id int primary key); create table orders (id int primary key, customer_id int);",
            ["orders (customer_id) references customers (id)"],
        ),
        (
            "create table categories (id int primary key); create table items (categoryId int);",
            ["items (categoryid) references categories (id)"],
        ),
        (
            "create table site (site_id int primary key); create table visit (site_id float);",
            ["visit (site_id) references site (site_id)"],
        ),
    ],
)
def test_keys_are_suggested_from_names(script, expected):
    assert keys(script) == expected


@pytest.mark.parametrize(
    "script",
    [
        "create table a (id int primary key); create table b (id int primary key);",
        "create table customers (id int primary key); create table t (customer_name varchar(10));",
        "create table customers (id int primary key); create table t (customer_id date);",
        "create table customers (id int); create table t (customer_id int);",
        "create table a (id int primary key); create table t (id int);",
        "create table region (code varchar(3) primary key); create table t (code int);",
    ],
)
def test_no_key_without_a_good_reason(script):
    assert keys(script) == []


def test_a_declared_key_is_left_alone():
    script = """
        create table site (site_id int primary key);
        create table other (site_id int primary key);
        create table t (site_id int references other (site_id));
    """
    assert keys(script) == []


def test_two_columns_mean_a_composite_key():
    script = """
        create table part (p_partkey int primary key);
        create table partsupp (ps_partkey int not null, ps_suppkey int not null, primary key (ps_partkey, ps_suppkey));
        create table lineitem (l_partkey int, l_suppkey int);
    """
    assert keys(script) == [
        "lineitem (l_partkey, l_suppkey) references partsupp (ps_partkey, ps_suppkey)",
        "partsupp (ps_partkey) references part (p_partkey)",
    ]


def test_suggested_keys_are_marked_and_can_be_made():
    script = "create table customers (id int primary key); create table orders (customer_id int not null);"
    schema, found = with_suggested_keys(import_sql(script, name="lab", dialect="redshift").schema)
    column = schema.table("orders").column("customer_id")
    assert len(found) == 1
    assert column.suggested and column.foreign_key is not None and column.foreign_key.suggested
    assert check_rules(schema) == []


def test_returns_refer_to_the_sales_of_their_own_name_and_never_to_other_returns():
    def table(name: str) -> str:
        return f"create table {name} (item_sk int not null, order_no int not null, primary key (item_sk, order_no));"

    names = ("catalog_returns", "web_returns", "catalog_sales", "web_sales")
    assert keys("".join(map(table, names))) == [
        "catalog_returns (item_sk, order_no) references catalog_sales (item_sk, order_no)",
        "web_returns (item_sk, order_no) references web_sales (item_sk, order_no)",
    ]
