"""Row counts of imported tables: by name, by keys, and within what keys can hold."""

import pytest

from engine import ExperimentSchema, import_sql
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.rules.suggestions.row_counts import MAX_ROWS_IN_ALL
from engine.rules.suggestions.suggestions import with_suggestions


def imported(script: str) -> ExperimentSchema:
    return import_sql(script, name="measured", dialect="redshift").schema


def counts_of(script: str) -> dict[str, int]:
    return row_counts(imported(script), None)


SHOP = """
create table country (country_code char(2) primary key, name varchar(40));
create table stores (store_id int primary key, country_code char(2) references country(country_code), name varchar(40));
create table customers (customer_id int primary key, store_id int references stores(store_id), email varchar(80));
create table products (product_id int primary key, name varchar(40));
create table orders (order_id bigint primary key, customer_id int references customers, ordered_at timestamp);
create table order_items (
    order_id bigint not null references orders(order_id), line_no int not null,
    product_id int references products(product_id), quantity int, primary key (order_id, line_no));
"""


def test_each_level_of_the_keys_has_more_rows_than_the_one_above():
    counts = counts_of(SHOP)

    assert counts["country"] <= 300
    assert counts["stores"] < counts["customers"] < counts["orders"] < counts["order_items"]
    assert counts["orders"] == 50_000
    assert sum(counts.values()) <= MAX_ROWS_IN_ALL


def test_lines_follow_their_header_and_are_numbered():
    lines = imported(SHOP).table("order_items")

    key = lines.column("order_id").foreign_key
    assert key is not None and key.fan_out == (1, 7)
    assert lines.column("line_no").line_number_of == "order_id"
    assert (lines.target_rows, lines.because) == (None, "1 to 7 rows for each row of orders.")
    frame = preview(imported(SHOP), lines, rows=400, offset=0, seed=1, counts=counts_of(SHOP))
    numbers = frame.group_by("order_id", maintain_order=True).agg("line_no")["line_no"].to_list()[:-1]
    assert all(each == list(range(1, len(each) + 1)) for each in numbers)
    assert {len(each) for each in numbers} <= {*range(1, 8)}


@pytest.mark.parametrize(
    ("header", "lines", "fan_out"),
    [
        ("SalesOrderHeader", "SalesOrderDetail", (1, 7)),
        ("invoice", "invoice_line", (1, 7)),
        ("journal_header", "journal_line", (2, 8)),
        ("shipment_hdr", "shipment_dtl", (1, 5)),
        ("fact_orders", "fact_order_lines", (1, 7)),
        ("workouts", "workout_laps", (1, 5)),
        ("claim", "claim_detail", (1, 5)),
        ("orders", "lineitem", (1, 7)),
    ],
)
def test_lines_are_found_by_names(header: str, lines: str, fan_out: tuple[int, int]):
    schema = imported(
        f"create table {header} (h_id int primary key, created timestamp); "
        f"create table {lines} (l_id int primary key, h_id int references {header}(h_id), amount int)"
    )

    key = schema.table(lines).column("h_id").foreign_key
    assert key is not None and key.fan_out == fan_out
    assert key.null_fraction == 0
    assert f"{fan_out[0]} to {fan_out[1]} rows" in (key.because or "")


def test_a_status_of_orders_and_a_list_of_products_are_no_lines():
    schema = imported(
        "create table orders (id int primary key); create table suppliers (id int primary key);"
        "create table order_status (id int primary key, order_id int references orders(id), at timestamp);"
        "create table supplier_products (id int primary key, supplier_id int references suppliers(id));"
    )

    keys = [schema.table("order_status").column("order_id"), schema.table("supplier_products").column("supplier_id")]
    assert [column.foreign_key and column.foreign_key.fan_out for column in keys] == [None, None]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("region (r_regionkey int primary key, r_name char(25))", 5),
        ("NATION (N_NATIONKEY int primary key, N_NAME char(25), N_COMMENT varchar(100))", 25),
        ("dim_gender (gender_id int primary key, gender varchar(10))", 4),
        ("currencies (code char(3) primary key, name varchar(30), symbol varchar(3))", 162),
        ("lkp_weekday (weekday_id int primary key, weekday varchar(10))", 7),
        ("order_statuses (status_id int primary key, status varchar(20))", 7),
        ("payment_types (payment_type_id int primary key, payment_type varchar(20))", 7),
        ("dim_date (date_key int primary key, full_date date, year int, quarter int, month int, day int)", 4383),
        ("d_calendar (cal_date date primary key, cal_year int, cal_month int, week_of_year int)", 4383),
        ("time_dim (t_time_sk int primary key, t_hour int, t_minute int, t_second int)", 86_400),
        ("dim_time_of_day (time_key int primary key, hour int, minute int, am_pm char(2))", 1440),
        ("app_config (name varchar(40) primary key, value varchar(200))", 20),
    ],
)
def test_small_tables_are_as_small_as_what_they_hold(table: str, rows: int):
    schema = imported(f"create table {table}")

    assert (schema.tables[0].target_rows or len(schema.tables[0].rows)) == rows
    assert schema.tables[0].because
    assert row_counts(schema, None) == {schema.tables[0].key: rows}


def test_one_plain_table_keeps_the_default():
    schema = imported("create table measurements (id int primary key, taken_at timestamp, value int)")

    assert (schema.tables[0].target_rows, schema.tables[0].because) == (None, None)


def test_unique_keys_limit_the_rows():
    counts = counts_of(
        "create table grades (grade char(1) primary key check (grade in ('A', 'B', 'C')), label varchar(20));"
        "create table customers (code smallint primary key, name varchar(40));"
        "create table customer_grades (code smallint references customers(code), grade char(1) references grades,"
        " primary key (code, grade))"
    )

    assert counts["grades"] <= 26
    assert counts["customers"] <= 32_767
    assert counts["customer_grades"] <= counts["customers"] * counts["grades"]


def test_a_script_of_facts_stars_and_vaults_has_plausible_sizes():
    counts = counts_of(
        "create table hub_customer (customer_hk char(32) primary key, customer_bk varchar(20), load_date timestamp,"
        " record_source varchar(20));"
        "create table sat_customer (customer_hk char(32) references hub_customer(customer_hk), load_date timestamp,"
        " name varchar(40), record_source varchar(20), primary key (customer_hk, load_date));"
        "create table stg_orders (order_id varchar(20), amount varchar(20), loaded_at timestamp);"
        "create table dim_customer (customer_sk bigint primary key, customer_id int, valid_from date, valid_to date,"
        " is_current boolean);"
        "create table customer_profile (customer_sk bigint primary key references dim_customer, bio varchar(9));"
        "create table fact_clicks (click_id bigint primary key, customer_sk bigint references dim_customer,"
        " clicked_at timestamp);"
    )

    assert counts["hub_customer"] == 10_000
    assert counts["sat_customer"] == 2 * counts["hub_customer"]
    assert counts["dim_customer"] == 20_000
    assert counts["customer_profile"] == counts["dim_customer"]
    assert counts["fact_clicks"] > counts["dim_customer"]
    assert 1000 < counts["stg_orders"] <= counts["fact_clicks"]


def test_a_declared_number_of_rows_is_never_changed():
    schema = imported("create table orders (order_id int primary key); create table region (id int primary key)")
    declared = schema.model_copy(
        update={"tables": [table.model_copy(update={"target_rows": 7, "because": None}) for table in schema.tables]}
    )
    assert [(table.target_rows, table.because) for table in with_suggestions(declared).tables] == [(7, None), (7, None)]


def test_hundreds_of_tables_share_the_rows():
    script = "".join(
        f"create table dim_{n} (dim_{n}_id int primary key, name varchar(40));"
        f"create table fact_{n} (fact_{n}_id int primary key, dim_{n}_id int references dim_{n}, at timestamp);"
        for n in range(60)
    )

    counts = counts_of(script)

    assert sum(counts.values()) <= 1.1 * MAX_ROWS_IN_ALL
    assert counts["fact_59"] > counts["dim_59"] >= 50


def test_returns_refer_to_sold_lines_at_most_once_each():
    schema = imported(
        "create table item (i_item_sk bigint primary key, i_name varchar(20));"
        "create table store_sales (ss_item_sk bigint not null, ss_ticket_number bigint not null, ss_quantity int,"
        " primary key (ss_item_sk, ss_ticket_number));"
        "create table store_returns (sr_item_sk bigint not null, sr_ticket_number bigint not null, sr_fee int,"
        " primary key (sr_item_sk, sr_ticket_number));"
    )
    counts = row_counts(schema, {"item": 50, "store_sales": 300, "store_returns": 200})
    sold, returned = (
        preview(schema, schema.table(name), rows=counts[name], offset=0, seed=1, counts=counts).select(columns).rows()
        for name, columns in {
            "store_sales": ["ss_item_sk", "ss_ticket_number"],
            "store_returns": ["sr_item_sk", "sr_ticket_number"],
        }.items()
    )

    assert len({*returned}) == 200
    assert {*returned} <= {*sold}
    assert row_counts(schema, None)["store_returns"] == row_counts(schema, None)["store_sales"] // 10


def test_no_key_refers_to_a_surrogate_that_the_import_adds():
    schema = imported(
        "create table sat_customer (customer_hk char(32), load_date timestamp, primary key (customer_hk, load_date));"
        "create table dim_customer (customer_sk bigint primary key, customer_id int);"
    )

    assert schema.table("dim_customer").column("customer_id").foreign_key is None


def test_a_key_of_order_and_product_gives_each_order_several_products():
    schema = imported(
        "create table orders (order_id int primary key); create table products (product_id int primary key);"
        "create table order_items (order_id int references orders, product_id int references products,"
        " primary key (order_id, product_id));"
    )
    items = schema.table("order_items")

    frame = preview(schema, items, rows=400, offset=0, seed=1, counts=row_counts(schema, None))

    key = items.column("order_id").foreign_key
    assert key is not None and key.fan_out == (1, 7)
    assert frame.select("order_id", "product_id").is_unique().all()
    assert frame["order_id"].n_unique() > 80
