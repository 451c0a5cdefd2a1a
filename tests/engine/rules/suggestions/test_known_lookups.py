"""Well-known lookup tables: filled from known lists where the script says nothing of their rows."""

import pytest

from engine.review.imports import import_sql


def tables(sql, dialect="redshift"):
    return import_sql(sql, name="shop", dialect=dialect).schema.tables


def first_rows(sql, count=2):
    (table,) = tables(sql)
    return table.rows[:count], len(table.rows)


def test_the_regions_and_nations_of_tpch():
    region, nation = tables(
        """create table region (r_regionkey int primary key, r_name char(25) not null, r_comment varchar(152));
        create table nation (n_nationkey int primary key, n_name char(25) not null,
            n_regionkey int not null references region (r_regionkey), n_comment varchar(152));"""
    )
    assert [row["r_name"] for row in region.rows] == ["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"]
    assert [row["r_regionkey"] for row in region.rows] == [0, 1, 2, 3, 4]
    named = {row["n_name"]: (row["n_nationkey"], row["n_regionkey"]) for row in nation.rows}
    assert (named["ALGERIA"], named["CHINA"], named["UNITED STATES"]) == ((0, 0), (18, 2), (24, 1))
    assert len(named) == 25
    assert nation.because == "The 25 rows that the TPC-H specification lists."


@pytest.mark.parametrize(
    ("sql", "expected", "count"),
    [
        ("create table dim_countries (country_key int primary key, country_name varchar(60), iso_code char(2))",
         [[1, "Afghanistan", "AF"], [2, "Albania", "AL"]], 195),
        ("create table country (id int primary key, name varchar(10))", [[1, "AFG"], [2, "ALB"]], 195),
        ("create table currency (currency_code char(3) primary key, currency_name varchar(60))",
         [["AED", "United Arab Emirates dirham"], ["AFN", "Afghan afghani"]], 162),
        ("create table states (id int primary key, name varchar(30), abbreviation char(2))",
         [[1, "Alabama", "AL"], [2, "Alaska", "AK"]], 50),
        ("create table order_status (order_status_id int primary key, status varchar(20), note varchar(90))",
         [{"order_status_id": 1, "status": "Pending"}, {"order_status_id": 2, "status": "Confirmed"}], 7),
        ("create table weekday (id int primary key, name varchar(9), short_name char(3), is_weekend boolean)",
         [[1, "Monday", "Mon", False], [2, "Tuesday", "Tue", False]], 7),
        ("create table dim_month (month_id int primary key, month_name varchar(10), quarter int)",
         [[1, "January", 1], [2, "February", 1]], 12),
        ("create table payment_methods (payment_method_id int, payment_method varchar(20))",
         [[1, "Cash"], [2, "Credit card"]], 7),
        ("create table gender (gender_code char(1) primary key, gender varchar(10))",
         [["F", "Female"], ["M", "Male"]], 4),
        ("create table lkp_language (code char(2) primary key, name varchar(40))",
         [["ar", "Arabic"], ["bn", "Bengali"]], 29),
        ("create table uom (uom_id varchar(10) primary key, uom_name varchar(40))",
         [["pc", "Piece"], ["box", "Box"]], 14),
        ("create table regions (region_id int primary key, region_name varchar(25))",
         [[1, "Africa"], [2, "Americas"]], 5),
    ],
)  # fmt: skip
def test_known_lists(sql, expected, count):
    assert first_rows(sql) == (expected, count)


@pytest.mark.parametrize(
    "sql",
    [
        "create table status (id int primary key, name varchar(10) check (name in ('a', 'b')))",
        "create table region (id int primary key, population int)",
        "create table state (id int primary key, payload varchar(100))",
        "create table film_language (film_id int, language_id int)",
    ],
)
def test_other_tables_stay_open(sql):
    assert tables(sql)[0].rows == []


def test_inserted_rows_win():
    (table,) = tables(
        "create table gender (id int primary key, name varchar(10)); insert into gender values (7, 'any');"
    )
    assert table.rows == [[7, "any"]]


def test_not_suggested_unless_asked():
    sql = "create table gender (id int primary key, name varchar(10));"
    assert import_sql(sql, name="shop", dialect="redshift", suggest=False).schema.tables[0].rows == []
