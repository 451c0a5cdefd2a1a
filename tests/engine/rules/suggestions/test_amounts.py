from decimal import Decimal

import polars as pl
import pytest

from engine import import_sql
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.rules.suggestions.suggestions import with_suggestions
from engine.schema.files import read_schema


def rows_of(ddl, table=None, dialect="redshift", rows=400, **options):
    schema = import_sql(ddl, name="lab", dialect=dialect, **options).schema
    found = schema.table(table) if table else schema.tables[-1]
    return preview(schema, found, rows=rows, offset=0, seed=7, counts=row_counts(schema, rows)), found


@pytest.mark.parametrize(
    ("columns", "total", "formula"),
    [
        ("quantity int not null, unit_price decimal(10,2) not null, line_total decimal(12,2)", "line_total", "q * p"),
        ("qty smallint not null, price decimal(8,2) not null, amount decimal(12,2)", "amount", "q * p"),
        ("ORDERQTY INT NOT NULL, UNITPRICE DECIMAL(10,2) NOT NULL, TOTALPRICE DECIMAL(14,2)", "totalprice", "q * p"),
        (
            "quantity int not null, unit_price decimal(10,2) not null, discount_pct decimal(5,2) not null, "
            "line_amount decimal(12,2)",
            "line_amount",
            "q * p * (1 - d / 100)",
        ),
        (
            "quantity int not null, price decimal(10,2) not null, discount decimal(4,2) not null, "
            "ext_amt decimal(12,2), item_revenue decimal(12,2)",
            "item_revenue",
            "q * p * (1 - d)",
        ),
        (
            "quantity int not null, price decimal(10,2) not null, discount_amount decimal(9,2) not null, "
            "net_amount decimal(12,2)",
            "net_amount",
            "q * p - d",
        ),
    ],
)
def test_a_line_is_quantity_times_price_less_its_discount(columns, total, formula):
    frame, _ = rows_of(f"create table sale_lines (id int primary key, {columns});")
    names = frame.columns[1:]
    for row in frame.iter_rows(named=True):
        values = {"q": row[names[0]], "p": row[names[1]], "d": row[names[2]]}
        expected = Decimal(eval(formula, {name: Decimal(value or 0) for name, value in values.items()}))
        assert row[total] is not None and abs(row[total] - expected) <= Decimal("0.01")


def test_a_bill_adds_up_with_discount_tax_and_fees():
    frame, _ = rows_of(
        """create table orders (id int primary key, subtotal decimal(12,2) not null,
        discount_amount decimal(12,2) not null, tax_rate decimal(5,4) not null,
        tax_amount decimal(12,2) not null, shipping_amount decimal(8,2) not null,
        total_amount decimal(12,2) not null, amount_paid decimal(12,2) not null, amount_due decimal(12,2) not null);"""
    )
    for row in frame.iter_rows(named=True):
        net = row["subtotal"] - row["discount_amount"]
        assert 0 <= row["discount_amount"] <= row["subtotal"]
        assert abs(row["tax_amount"] - net * row["tax_rate"]) <= Decimal("0.01")
        assert row["total_amount"] == net + row["tax_amount"] + row["shipping_amount"]
        assert 0 <= row["amount_paid"] <= row["total_amount"]
        assert row["amount_due"] == row["total_amount"] - row["amount_paid"]


def test_gross_is_net_with_tax_or_what_comes_before_the_discount():
    taxed, _ = rows_of(
        "create table bills (id int primary key, net_amount decimal(10,2) not null, vat_rate decimal(4,3) not null, "
        "vat_amount decimal(10,2) not null, gross_amount decimal(10,2) not null);"
    )
    assert (taxed["gross_amount"] == taxed["net_amount"] + taxed["vat_amount"]).all()
    reduced, _ = rows_of(
        "create table sales (id int primary key, quantity int not null, unit_price decimal(8,2) not null, "
        "gross_amount decimal(12,2) not null, discount_amount decimal(12,2) not null, "
        "net_amount decimal(12,2) not null);"
    )
    assert (reduced["gross_amount"] == reduced["quantity"] * reduced["unit_price"]).all()
    assert (reduced["net_amount"] == reduced["gross_amount"] - reduced["discount_amount"]).all()


def test_a_line_without_a_price_takes_that_of_its_product():
    frame, table = rows_of(
        """create table part (p_partkey int primary key, p_retailprice decimal(12,2) not null);
        create table lineitem (l_id int primary key, l_partkey int not null references part (p_partkey),
        l_quantity decimal(12,2) not null, l_extendedprice decimal(12,2) not null, l_discount decimal(12,2) not null,
        l_tax decimal(12,2) not null);"""
    )
    assert table.column("l_extendedprice").expression == "l_quantity * l_partkey.p_retailprice"
    assert "part.p_retailprice" in table.column("l_extendedprice").because
    revenue = frame["l_extendedprice"].cast(pl.Float64) * (1 - frame["l_discount"].cast(pl.Float64))
    assert revenue.min() > 0
    assert frame["l_tax"].max() <= Decimal("0.10")


def test_prices_are_in_order_and_margins_follow():
    frame, _ = rows_of(
        "create table products (id int primary key, list_price decimal(10,2) not null, "
        "sale_price decimal(10,2) not null, unit_cost decimal(10,2) not null, margin_pct decimal(5,2));"
    )
    assert (frame["unit_cost"] <= frame["sale_price"]).all()
    assert (frame["sale_price"] <= frame["list_price"]).all()
    assert 0 <= frame["margin_pct"].min() <= frame["margin_pct"].max() <= 100


def test_a_rule_of_the_schema_stays():
    data = {"name": "amount", "data_type": "DECIMAL(10,2)", "min_value": 5, "max_value": 6}
    price = {"name": "price", "data_type": "DECIMAL(8,2)"}
    table = {"name": "lines", "columns": [{"name": "quantity", "data_type": "INT"}, price, data]}
    schema = with_suggestions(read_schema({"name": "lab", "tables": [table]}))
    assert schema.tables[0].column("amount").expression is None
    assert schema.tables[0].column("price").suggested


def test_a_total_that_could_be_too_large_stays_at_the_largest():
    frame, table = rows_of(
        "create table lines (id int primary key, quantity int not null, unit_price decimal(8,2) not null, "
        "line_total decimal(5,2) not null);"
    )
    assert table.column("line_total").expression.startswith("least(")
    assert frame["line_total"].max() <= Decimal("999.99")


def test_an_amount_is_unknown_where_a_factor_is_and_no_zero():
    """A query that divides by it would find a zero, which no sale has."""
    frame, table = rows_of(
        "create table lines (id int primary key, quantity int, unit_price decimal(8,2), discount_amount decimal(8,2), "
        "ext_list_price decimal(9,2), list_price decimal(8,2), line_total decimal(5,2), "
        "total_amount decimal(9,2) not null);"
    )
    assert "least(" in table.column("line_total").expression
    for row in frame.iter_rows(named=True):
        is_known = row["quantity"] is not None and row["unit_price"] is not None
        assert (row["line_total"] is not None) == is_known
        assert (row["ext_list_price"] is None) == (row["quantity"] is None or row["list_price"] is None)
        assert row["ext_list_price"] != 0 and row["total_amount"] is not None
        assert not is_known or row["line_total"] > 0
    assert frame["quantity"].null_count() > 0
