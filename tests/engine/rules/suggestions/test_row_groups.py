"""Suggestions for headers without a table, versions of dimensions and satellites, bridges, and columns of keys."""

from datetime import date

import polars as pl
import pytest

from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.suggestions.building import imported, rows_of

PARENTS = """
create table item (i_item_sk int primary key, i_name varchar(40));
create table customer (c_customer_sk int primary key, c_first_name varchar(30));
create table store (s_store_sk int primary key, s_store_name varchar(30));
"""
SALES = (
    PARENTS
    + """
create table store_sales (
    ss_sold_date date, ss_item_sk int not null references item(i_item_sk),
    ss_customer_sk int references customer(c_customer_sk), ss_store_sk int references store(s_store_sk),
    ss_ticket_number bigint not null, ss_quantity int, ss_list_price numeric(7,2),
    primary key (ss_item_sk, ss_ticket_number));
"""
)


def groups_of(frame: pl.DataFrame, key: str) -> list[dict]:
    """Return the groups but the last one, which the rows may not hold whole."""
    return list(frame.group_by(key, maintain_order=True).agg(pl.all()).iter_rows(named=True))[:-1]


def test_tickets_repeat_with_different_items_and_one_customer():
    schema = imported(SALES)
    assert not check_rules(schema)
    assert read_schema(schema_to_json(schema)) == schema
    tickets = groups_of(rows_of(SALES, "store_sales"), "ss_ticket_number")

    assert {len(each["ss_item_sk"]) for each in tickets} <= {*range(1, 10)}
    assert sum(len(each["ss_item_sk"]) for each in tickets) / len(tickets) > 3
    for each in tickets:
        assert len(set(each["ss_item_sk"])) == len(each["ss_item_sk"])
        assert all(len(set(each[name])) == 1 for name in ("ss_sold_date", "ss_customer_sk", "ss_store_sk"))


@pytest.mark.parametrize(
    ("columns", "key", "other"),
    [
        ("ws_order_number int not null, ws_item_sk int not null references item(i_item_sk)",
         "ws_order_number", "ws_item_sk"),
        ("order_no varchar(12) not null, line_no int not null", "order_no", "line_no"),
        ("invoice_id bigint not null, item_id int not null references item(i_item_sk)", "invoice_id", "item_id"),
        ("receipt_number char(10) not null, line_number smallint not null", "receipt_number", "line_number"),
    ],
)  # fmt: skip
def test_other_headers_without_a_table(columns, key, other):
    script = PARENTS + f"create table web_sales ({columns}, amount numeric(9,2), primary key ({key}, {other}));"
    assert not check_rules(imported(script))
    sizes = []
    for each in groups_of(rows_of(script, "web_sales"), key):
        sizes.append(len(each[other]))
        assert len(set(each[other])) == sizes[-1]
        if "line" in other:
            assert each[other] == list(range(1, sizes[-1] + 1))
    assert max(sizes) <= 9 and sum(sizes) / len(sizes) > 2


def test_a_header_with_a_table_and_a_part_of_a_date_make_no_groups():
    script = SALES.replace("ss_ticket_number bigint", "ss_sold_year int").replace("ss_ticket_number", "ss_sold_year")
    assert imported(script).table("store_sales").column("ss_sold_year").groups is None
    orders = "create table orders (order_id int primary key, ordered_at timestamp);"
    lines = (
        "create table lines (order_id int references orders(order_id), line_no int, primary key(order_id, line_no));"
    )
    assert imported(orders + lines).table("lines").column("order_id").groups is None


CUSTOMERS = """
create table dim_customer (
    customer_sk bigint identity(1,1) primary key, customer_bk varchar(20) not null, first_name varchar(40),
    birth_date date, city varchar(40), {span});
"""


@pytest.mark.parametrize(
    ("start", "end", "flag", "span"),
    [
        ("valid_from", "valid_to", "is_current",
         "valid_from date not null, valid_to date, is_current boolean not null"),
        ("effective_date", "expiration_date", "current_flag",
         "effective_date date not null, expiration_date date not null default '9999-12-31', "
         "current_flag char(1) not null default 'Y'"),
        ("row_start", "row_end", "is_latest", "row_start date, row_end date, is_latest int"),
        ("dbt_valid_from", "dbt_valid_to", None, "dbt_valid_from timestamp not null, dbt_valid_to timestamp"),
        ("eff_start_date", "eff_end_date", None, "eff_start_date date, eff_end_date date, version_no int not null"),
    ],
)  # fmt: skip
def test_versions_of_a_dimension_follow_each_other(start, end, flag, span):
    script = CUSTOMERS.format(span=span)
    assert not check_rules(imported(script))
    customers = groups_of(rows_of(script, "dim_customer"), "customer_bk")

    assert {len(each["customer_sk"]) for each in customers} == {1, 2, 3}
    for each in customers:
        assert all(len(set(each[name])) == 1 for name in ("first_name", "birth_date"))
        starts, ends = each[start], each[end]
        assert starts == sorted(set(starts))
        days = 1 if isinstance(starts[0], date) and "timestamp" not in span else 0
        assert [(following - last).days for last, following in zip(ends[:-1], starts[1:], strict=True)] == [days] * (
            len(starts) - 1
        )
        assert ends[-1] in (None, date(9999, 12, 31))
        if flag:
            assert [value in (True, "Y", 1) for value in each[flag]] == [False] * (len(starts) - 1) + [True]
        if "version_no" in each:
            assert each["version_no"] == list(range(1, len(starts) + 1))


@pytest.mark.parametrize(
    "script",
    [
        "create table coupon (coupon_sk int primary key, coupon_code varchar(9) not null, valid_from date, "
        "valid_to date);",
        "create table dim_promotion (promotion_key int primary key, promotion_code varchar(9) not null, "
        "start_date date, end_date date);",
        "create table policy (policy_id int primary key, policy_number varchar(20) not null, effective_date date, "
        "expiration_date date);",
    ],
)
def test_what_is_valid_for_a_time_has_no_versions(script):
    (table,) = imported(script).tables
    assert not any(column.groups for column in table.columns)


def test_satellites_have_rising_load_dates():
    script = """
    create table hub_customer (customer_hk char(32) primary key, customer_bk varchar(20) not null, load_dts timestamp);
    create table sat_customer (
        customer_hk char(32) not null references hub_customer(customer_hk), load_dts timestamp not null,
        load_end_dts timestamp, is_current boolean, name varchar(40), primary key (customer_hk, load_dts));
    """
    assert not check_rules(imported(script))
    groups = groups_of(rows_of(script, "sat_customer"), "customer_hk")
    assert {len(each["name"]) for each in groups} == {1, 2, 3}
    for each in groups:
        assert each["load_dts"] == sorted(set(each["load_dts"]))
        assert each["load_end_dts"] == [*each["load_dts"][1:], None]
        assert each["is_current"] == [False] * (len(each["name"]) - 1) + [True]


def test_a_bridge_follows_its_larger_parent():
    script = """
    create table students (student_id int primary key, name varchar(40));
    create table sections (section_id int primary key, title varchar(40), starts_on date);
    create table enrollments (
        student_id int references students(student_id), section_id int references sections(section_id),
        grade varchar(2), primary key (student_id, section_id));
    """
    table = imported(script).table("enrollments")
    key = table.column("student_id").foreign_key
    assert key is not None and key.fan_out == (1, 4) and "A bridge" in (key.because or "")
    groups = groups_of(rows_of(script, "enrollments"), "student_id")
    assert all(len(set(each["section_id"])) == len(each["section_id"]) <= 4 for each in groups)


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        ("base_currency char(3)", r"^[A-Z]{3}$"),
        ("country_code char(2)", r"^[A-Z]{2}$"),
        ("zip varchar(10)", r"^\d{5}$"),
        ("course_number varchar(10)", r"^[A-Z]+-?\d+$"),
        ("fiscal_year int", r"^202\d$"),
        ("month_no smallint", r"^([1-9]|1[0-2])$"),
        ("month_key int", r"^202\d(0[1-9]|1[0-2])$"),
        ("snapshot_date_key int", r"^20\d\d(0[1-9]|1[0-2])([012]\d|3[01])$"),
        ("hour_of_day smallint", r"^(\d|1\d|2[0-3])$"),
        ("month_start date", r"^20\d\d-\d\d-01$"),
        ("region_code varchar(20)", r"^REG-\d+$"),
    ],
)
def test_columns_of_a_key_have_the_form_that_their_names_say(column, pattern):
    script = f"""
    create table store (store_id int primary key, name varchar(40));
    create table fact_stats (
        store_id int not null references store(store_id), {column} not null, visitors int, revenue numeric(9,2),
        primary key (store_id, {column.split()[0]}));
    """
    assert not check_rules(imported(script))
    frame = rows_of(script, "fact_stats", 100)
    values = frame[column.split()[0]].cast(pl.String)
    assert values.str.contains(pattern).all()
    assert values.n_unique() > 3
    assert not frame.select("store_id", column.split()[0]).is_duplicated().any()


@pytest.mark.parametrize("owner", ["mic char(4) not null references exchange(mic)", "mic char(4) not null"])
def test_a_calendar_of_each_exchange_has_every_day(owner):
    script = f"""
    create table exchange (mic char(4) primary key, name varchar(40));
    create table trading_calendar ({owner}, calendar_date date not null, year_num int, month_num int, iso_week int,
        is_weekend boolean, primary key (mic, calendar_date));
    """
    assert not check_rules(imported(script))
    frame = rows_of(script, "trading_calendar", 300)
    assert frame["mic"].n_unique() == 1
    assert (frame["calendar_date"].diff().drop_nulls().dt.total_days() == 1).all()
    assert (frame["calendar_date"].dt.year() == frame["year_num"]).all()


def test_a_calendar_of_months_has_keys_like_202401():
    script = """
    create table dim_month (month_key int primary key, month_start date not null, month_name varchar(12), year_no int);
    create table fct_revenue (
        account_id int not null, month_key int not null references dim_month(month_key), revenue numeric(9,2),
        primary key (account_id, month_key));
    """
    assert not check_rules(imported(script))
    months = rows_of(script, "dim_month", 30)
    assert months["month_key"].to_list() == [each.year * 100 + each.month for each in months["month_start"]]
    assert months["month_key"].n_unique() == months.height > 12
    assert set(rows_of(script, "fct_revenue")["month_key"].cast(pl.String).str.slice(0, 2)) == {"20"}
