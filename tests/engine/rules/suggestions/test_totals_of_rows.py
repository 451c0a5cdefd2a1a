import pytest

from engine import Workbench
from engine.rules.rule_checks import check_rules
from engine.rules.suggestions.suggestions import with_suggestions
from engine.schema.files import read_schema
from tests.engine.rules.suggestions.building import imported

SHOP = """
create table customers (id int primary key, created_at timestamp not null, total_spent decimal(14,2) default 0,
    order_count int, first_order_at timestamp, last_purchase_at timestamp, avg_order_value decimal(10,2));
create table orders (id int primary key, customer_id int not null references customers (id),
    ordered_at timestamp not null, item_count int not null, total_quantity int, total_amount decimal(12,2) not null);
create table order_items (id int primary key, order_id int not null references orders (id), quantity int not null,
    unit_price decimal(8,2) not null, line_total decimal(10,2) not null);
create table products (id int primary key, avg_rating decimal(3,2), review_count int);
create table reviews (id int primary key, product_id int not null references products (id), rating int not null);
"""
BANK = """
create table accounts (id int primary key, opening_balance decimal(12,2) not null, balance decimal(14,2));
create table transactions (id int primary key, account_id int not null references accounts (id),
    amount decimal(12,2) not null, balance_after decimal(14,2));
create table wallets (id int primary key, current_balance decimal(14,2));
create table wallet_movements (id int primary key, wallet_id int not null references wallets (id),
    movement_amount decimal(12,2) not null, running_balance decimal(14,2) not null);
"""


def rollup_of(schema, table, column):
    found = schema.table(table).column(column).rollup
    return found and {**found.model_dump(exclude_none=True)}


@pytest.mark.parametrize(
    ("table", "column", "rollup"),
    [
        ("orders", "total_amount", {"of": "order_items.order_id", "sum": "line_total"}),
        ("orders", "item_count", {"of": "order_items.order_id", "count": True}),
        ("orders", "total_quantity", {"of": "order_items.order_id", "sum": "quantity"}),
        ("customers", "total_spent", {"of": "orders.customer_id", "sum": "total_amount"}),
        ("customers", "order_count", {"of": "orders.customer_id", "count": True}),
        ("customers", "first_order_at", {"of": "orders.customer_id", "min": "ordered_at"}),
        ("customers", "last_purchase_at", {"of": "orders.customer_id", "max": "ordered_at"}),
        ("customers", "avg_order_value", {"of": "orders.customer_id", "avg": "total_amount"}),
        ("products", "avg_rating", {"of": "reviews.product_id", "avg": "rating"}),
        ("products", "review_count", {"of": "reviews.product_id", "count": True}),
    ],
)
def test_names_say_what_is_rolled_up(table, column, rollup):
    schema = imported(SHOP)
    assert rollup_of(schema, table, column) == rollup
    assert "rows of" in schema.table(table).column(column).because
    assert schema.table(table).column(column).suggested
    assert schema.table("orders").column("customer_id").foreign_key.counted
    assert "customers.total_spent" in schema.table("orders").column("customer_id").foreign_key.because


def test_what_is_suggested_passes_its_audit():
    with Workbench() as workbench:
        experiment = workbench.create(imported(SHOP + BANK))
        rows = {"customers": 60, "orders": 150, "products": 20, "reviews": 90, "accounts": 30, "wallets": 25}
        experiment.generate(rows=rows, seed=4)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert [each.check for each in audit.findings].count("rollup") == 11
        assert [each.check for each in audit.findings].count("running") == 2
        assert not audit.not_proved


@pytest.mark.parametrize(
    ("header", "lines", "column", "read"),
    [
        (
            "invoices (id int primary key, subtotal decimal(12,2) not null, tax_amount decimal(12,2) not null, "
            "total decimal(12,2) not null)",
            "invoice_lines (id int primary key, invoice_id int not null references invoices (id), "
            "amount decimal(10,2) not null)",
            "subtotal",
            "amount",
        ),
        (
            "orders (o_orderkey bigint primary key, o_totalprice decimal(15,2) not null)",
            "lineitem (l_orderkey bigint not null references orders (o_orderkey), l_linenumber int not null, "
            "l_quantity decimal(15,2) not null, l_extendedprice decimal(15,2) not null, "
            "primary key (l_orderkey, l_linenumber))",
            "o_totalprice",
            "l_extendedprice",
        ),
        (
            "claim_header (claim_id bigint primary key, total_billed_amt decimal(12,2) not null)",
            "claim_line (claim_id bigint not null references claim_header (claim_id), line_no int not null, "
            "billed_amt decimal(10,2) not null, primary key (claim_id, line_no))",
            "total_billed_amt",
            "billed_amt",
        ),
        (
            "journal_header (id bigint primary key, total_debit decimal(18,2) not null)",
            "journal_line (id bigint primary key, journal_id bigint not null references journal_header (id), "
            "debit_amount decimal(16,2) default 0)",
            "total_debit",
            "debit_amount",
        ),
    ],
)
def test_headers_of_other_names(header, lines, column, read):
    schema = imported(f"create table {header}; create table {lines};")
    assert rollup_of(schema, schema.tables[0].name, column)["sum"] == read
    assert check_rules(schema) == []


def test_a_total_with_tax_follows_the_subtotal_of_its_lines():
    schema = imported(
        "create table orders (id int primary key, subtotal decimal(12,2) not null, tax_amount decimal(12,2) not null,"
        " total_amount decimal(12,2) not null);"
        "create table order_items (id int primary key, order_id int not null references orders (id),"
        " line_total decimal(10,2) not null);"
    )
    orders = schema.table("orders")
    assert orders.column("subtotal").rollup.sum == "line_total"
    assert orders.column("total_amount").expression == "subtotal + tax_amount"


def test_a_balance_is_a_running_total():
    schema = imported(BANK)
    after = schema.table("transactions").column("balance_after")
    assert after.running.model_dump() == {
        "sum": "amount", "within": "account_id", "start": "account_id.opening_balance"
    }  # fmt: skip
    assert schema.table("transactions").column("account_id").foreign_key.fan_out == (1, 20)
    assert "1 to 20 rows" in schema.table("transactions").because
    assert schema.table("accounts").column("balance").rollup is None
    assert schema.table("wallet_movements").column("running_balance").running.sum == "movement_amount"
    assert rollup_of(schema, "wallets", "current_balance") == {
        "of": "wallet_movements.wallet_id", "sum": "movement_amount"
    }  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        # a number of an order, a limit, a fare of no rows
        "create table links (id int primary key, line_number int); "
        "create table link_lines (id int primary key, link_id int not null references links (id));",
        # too small for the sum
        "create table orders (id int primary key, total decimal(4,2) not null); create table order_items "
        "(id int primary key, order_id int not null references orders (id), line_total decimal(10,2) not null);",
        # floats are not exact
        "create table orders (id int primary key, total double precision not null); create table order_items "
        "(id int primary key, order_id int not null references orders (id), line_total double precision not null);",
        # the key is part of another
        "create table tags (id int primary key, post_count int); create table posts (tag_id int not null references "
        "tags (id), day date not null, primary key (tag_id, day));",
        # required, and a customer can be without orders
        "create table customers (id int primary key, first_order_at timestamp not null); create table orders "
        "(id int primary key, customer_id int not null references customers (id), ordered_at timestamp not null);",
        # not the sum of the tax's base
        "create table orders (id int primary key, tax_amount decimal(9,2), total decimal(12,2) not null); "
        "create table order_items (id int primary key, order_id int not null references orders (id), "
        "line_total decimal(10,2) not null);",
    ],
)
def test_what_the_rows_do_not_tell_stays(script):
    schema = imported(script)
    assert not any(column.rollup for table in schema.tables for column in table.columns)
    assert not any(column.foreign_key and column.foreign_key.counted for t in schema.tables for column in t.columns)
    assert check_rules(schema) == []


def test_a_rule_of_the_schema_stays():
    order = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "total", "data_type": "DECIMAL(10,2)", "min_value": 5, "max_value": 6},
    ]
    key = {"references_table": "orders", "references_column": "id", "fan_out": [1, 3]}
    item = [
        {"name": "order_id", "data_type": "INT", "foreign_key": key},
        {"name": "line_total", "data_type": "DECIMAL(9,2)"},
    ]
    tables = [{"name": "orders", "columns": order}, {"name": "order_items", "columns": item}]
    assert with_suggestions(read_schema({"name": "lab", "tables": tables})).tables[0].column("total").rollup is None


def test_a_circle_is_not_suggested():
    schema = imported(
        "create table users (id int primary key, first_login_at timestamp, login_count int); create table logins "
        "(id int primary key, user_id int not null references users (id), login_at timestamp not null);"
        "create table accounts (id int primary key, user_count int, user_id int references users (id));"
    )
    assert check_rules(schema) == []
    assert schema.table("users").column("first_login_at").rollup.min == "login_at"
