import pytest

from engine import import_sql

SHOP = """create table customers (id int primary key, name varchar(40));
create table dim_date (date_key int primary key, year int, month int, quarter int, week int);
create table categories (id int primary key, name varchar(20), parent_id int references categories (id));
create table sales (id int primary key, customer_id int not null references customers (id), sold_at timestamp,
  date_key int not null references dim_date (date_key), amount decimal(10,2));"""


def key(table, column, **options):
    schema = import_sql(SHOP, name="lab", dialect="redshift", **options).schema
    return schema.table(table).column(column).foreign_key


def test_customers_of_a_fact_differ_in_popularity():
    found = key("sales", "customer_id")
    assert found.distribution.type == "zipf"
    assert "customers" in found.because


@pytest.mark.parametrize(("table", "column"), [("sales", "date_key"), ("categories", "parent_id")])
def test_days_and_trees_do_not(table, column):
    assert key(table, column).distribution is None


def test_it_can_be_turned_off():
    assert key("sales", "customer_id", popularity=False).distribution is None
