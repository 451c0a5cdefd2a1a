"""A schema fitted to predicates: what queries ask for exists, other values stay, and the schema stays valid."""

from datetime import date
from decimal import Decimal

import polars as pl

from engine.generation.preview import preview
from engine.review.imports import import_sql
from engine.review.sources import read_source
from engine.rules.keys.table_rows import default_counts
from engine.schema.models import ExperimentSchema
from engine.workload.fitting import Fitting, fit_schema
from engine.workload.records import Join, Predicate, Step, Workload

SCRIPT = """
create table region (region_id int primary key, name varchar(25) not null);
create table customers (
    customer_id bigint not null primary key, full_name varchar(40) not null, segment varchar(12) not null,
    zip char(10) not null, phone char(15) not null, score int not null check (score between 0 and 100),
    tier char(1) not null check (tier in ('A', 'B', 'C')), region_ref int not null
);
create table orders (
    order_id bigint not null primary key, buyer bigint not null, ordered_on date not null,
    shipped_at timestamp not null, amount numeric(10,2) not null, quantity int not null, note varchar(60) not null
);
create table dim_date (
    date_key int not null primary key, full_date date not null, year int not null, month_of_year int not null,
    day_name varchar(9) not null, quarter int not null
);
"""


def ask(
    table: str, column: str, operator: str, *values: object, path: tuple[Step, ...] = (), **keys: object
) -> Predicate:
    return Predicate(table, column, operator, values, path, 3, "q.sql", **keys)  # type: ignore[arg-type]


def imported() -> ExperimentSchema:
    return import_sql(SCRIPT, name="shop", dialect="redshift").schema


def fit(*predicates: Predicate, joins: tuple[Join, ...] = (), schema: ExperimentSchema | None = None) -> Fitting:
    fitted = fit_schema(schema or imported(), Workload((), predicates, joins))
    read_source(fitted.schema)
    return fitted


def rows(fitting: Fitting, table: str, count: int = 1000) -> pl.DataFrame:
    counts = default_counts(fitting.schema)
    found = fitting.schema.table(table)
    return preview(fitting.schema, found, rows=min(count, counts[found.key]), offset=0, seed=5, counts=counts)


def test_texts_are_added_beside_those_that_are_there() -> None:
    fitted = fit(ask("customers", "segment", "in", "WHOLESALE", "MILITARY"))
    counts = dict(rows(fitted, "customers")["segment"].value_counts().iter_rows())
    assert counts["WHOLESALE"] > 20
    assert counts["MILITARY"] > 20
    assert len(counts) > 3
    (change,) = fitted.kept
    assert change.serves == (("q.sql", 3),)
    assert "q.sql line 3" in (fitted.schema.table("customers").column("segment").because or "")


def test_values_that_are_there_change_nothing() -> None:
    schema = imported()
    value = rows(Fitting(schema, (), ()), "customers")["segment"][0]
    assert fit(ask("customers", "segment", "=", value)).kept == ()


def test_pattern_is_filled_with_words() -> None:
    fitted = fit(ask("orders", "note", "like", "%special%requests%"))
    notes = rows(fitted, "orders")["note"]
    found = notes.str.contains("special.*requests").sum()
    assert 20 < found < 700


def test_substring_in_a_path_becomes_a_prefix() -> None:
    fitted = fit(ask("customers", "zip", "=", "40213", path=(Step("substring", (1, 5)),)))
    assert 20 < rows(fitted, "customers")["zip"].str.starts_with("40213").sum() < 600


def test_upper_case_in_a_path_is_kept() -> None:
    fitted = fit(ask("customers", "full_name", "=", "JOHN ROE", path=(Step("upper"),)))
    assert rows(fitted, "customers")["full_name"].str.to_uppercase().eq("JOHN ROE").sum() > 20


def test_number_range_is_widened_and_not_narrowed() -> None:
    before = rows(Fitting(imported(), (), ()), "orders")["amount"]
    fitted = fit(ask("orders", "amount", "between", Decimal(50_000), Decimal(60_000)))
    amounts = rows(fitted, "orders")["amount"]
    assert amounts.is_between(Decimal(50_000), Decimal(60_000)).sum() >= 5
    assert amounts.min() <= before.quantile(0.3)  # type: ignore[operator]


def test_one_sided_threshold_that_is_met_changes_nothing() -> None:
    assert fit(ask("orders", "quantity", ">", 0), ask("orders", "amount", ">", 0)).kept == ()


def test_value_outside_of_a_check_is_dropped() -> None:
    fitted = fit(ask("customers", "tier", "=", "Z"), ask("customers", "score", "=", 500))
    assert fitted.kept == ()
    assert {each.change.place for each in fitted.dropped} == {"customers.tier", "customers.score"}
    assert all(each.reason for each in fitted.dropped)


def test_text_that_is_too_long_is_dropped() -> None:
    fitted = fit(ask("customers", "segment", "=", "longer than twelve characters"))
    assert fitted.kept == ()
    assert len(fitted.dropped) == 1


def test_dates_move_to_the_asked_years() -> None:
    fitted = fit(
        ask("orders", "ordered_on", ">=", date(1998, 3, 1), group=1),
        ask("orders", "ordered_on", "<", date(1998, 6, 1), group=1),
    )
    days = rows(fitted, "orders")["ordered_on"]
    found = days.is_between(date(1998, 3, 1), date(1998, 5, 31)).mean()
    assert 0.1 < found < 0.51  # type: ignore[operator]


def test_years_of_a_timestamp_are_asked_by_a_function() -> None:
    fitted = fit(ask("orders", "shipped_at", "=", 2011, path=(Step("year"),)))
    found = rows(fitted, "orders")["shipped_at"].dt.year().eq(2011).mean()
    assert 0.1 < found < 0.51  # type: ignore[operator]


def test_calendar_covers_the_asked_years() -> None:
    fitted = fit(
        ask("dim_date", "year", "in", 1999, 2001, group=1),
        ask("dim_date", "month_of_year", "=", 11, group=1),
        ask("dim_date", "day_name", "=", "Sunday", group=2),
    )
    days = rows(fitted, "dim_date", 5000)
    assert set(days["year"].unique()) >= {1999, 2000, 2001}
    assert days["full_date"].n_unique() == len(days)
    assert (days["full_date"].min(), days["full_date"].max()) == (date(1998, 1, 1), date(2002, 12, 31))


def test_no_query_selects_more_than_half_of_a_calendar() -> None:
    fitted = fit(ask("dim_date", "year", "between", 1999, 2002, group=1), ask("dim_date", "year", "=", 2003, group=2))
    days = rows(fitted, "dim_date", 5000)
    assert 0.3 < days["year"].is_between(1999, 2002).mean() <= 0.5  # type: ignore[operator]
    assert 2003 in days["year"]
    assert days["full_date"].min().day == 1 and days["full_date"].max() == date(days["year"].max(), 12, 31)  # type: ignore[union-attr,arg-type]


def test_date_key_of_a_calendar_is_looked_up() -> None:
    fitted = fit(ask("dim_date", "date_key", "between", 20080115, 20080220))
    days = rows(fitted, "dim_date", 5000)
    assert days["date_key"].is_between(20080115, 20080220).sum() == 37


def test_join_becomes_a_reference_and_its_literals_go_to_the_parent() -> None:
    joins = (
        Join("orders", ("buyer",), "customers", ("customer_id",), 2, "q.sql"),
        Join("region", ("region_id",), "customers", ("region_ref",), 4, "r.sql"),
    )
    fitted = fit(ask("orders", "buyer", "=", 900_000), joins=joins)
    key = fitted.schema.table("orders").column("buyer").foreign_key
    assert key is not None
    assert (key.references_table, key.suggested) == ("customers", True)
    assert fitted.schema.table("customers").column("region_ref").foreign_key is not None
    assert 900_000 in rows(fitted, "customers")["customer_id"].to_list()
    assert default_counts(fitted.schema)["customers"] == default_counts(imported())["customers"]


def test_refused_changes_are_not_made() -> None:
    asked = (ask("customers", "segment", "=", "MILITARY"), ask("orders", "note", "=", "gift"))
    fitted = fit_schema(imported(), Workload((), asked), refused=frozenset({"customers.segment"}))
    assert [change.place for change in fitted.kept] == ["orders.note"]
    assert [each.change.place for each in fitted.dropped] == ["customers.segment"]


def test_given_rows_stay() -> None:
    script = "create table kinds (id int primary key, code varchar(9)); insert into kinds values (1, 'A'), (2, 'B');"
    schema = import_sql(script, name="shop", dialect="redshift").schema
    fitted = fit(ask("kinds", "code", "=", "C"), ask("kinds", "id", "=", 77), schema=schema)
    assert fitted.kept == ()
    assert fitted.schema == schema


def test_patterns_that_hold_together_are_in_one_text() -> None:
    both = ask("orders", "note", "like", "%(France)%"), ask("orders", "note", "like", "%(cinema)%")
    others = ask("orders", "note", "like", "%(1994)%", is_alternative=True)
    found = rows(fit(*both, others), "orders")["note"]
    parts = [pl.col("note").str.contains(part, literal=True) for part in ("(France)", "(cinema)", "(1994)")]
    assert found.to_frame().filter(*parts).height > 0


def test_texts_below_and_above_a_literal_are_added() -> None:
    fitted = fit(ask("customers", "segment", "<", "10.5"), ask("orders", "note", ">", "zoo"))
    assert rows(fitted, "customers").filter(pl.col("segment") < "10.5").height > 0
    assert rows(fitted, "orders").filter(pl.col("note") > "zoo").height > 0


def test_a_small_lookup_has_all_values_that_are_asked_for() -> None:
    schema = ExperimentSchema.model_validate({
        "name": "films", "tables": [{"name": "kinds", "primary_key": ["id"], "target_rows": 4, "columns": [
            {"name": "id", "data_type": "INTEGER"},
            {"name": "kind", "data_type": "VARCHAR(20)", "values": ["a", "b", "c"]},
        ]}],
    })  # fmt: skip
    asked = ["rating", "votes", "budget", "genres", "trivia"]
    fitted = fit(*(ask("kinds", "kind", "=", each) for each in asked), schema=schema)
    assert set(asked) <= set(rows(fitted, "kinds")["kind"])
    few = fit(ask("kinds", "kind", "=", "a"), schema=schema)
    assert not few.schema.table("kinds").rows


def test_given_rows_of_a_lookup_keep_what_they_say_and_get_what_is_asked_for() -> None:
    columns = [
        {"name": "id", "data_type": "INTEGER"},
        {"name": "code", "data_type": "VARCHAR(9)", "values": ["STD", "EXP"]},
        {"name": "carrier", "data_type": "VARCHAR(20)", "values": ["UPS", "DHL", "DPD", "GLS"]},
    ]
    given = [{"id": 1, "code": "STD"}, {"id": 2, "code": "EXP"}, {"id": 3, "code": "EXP"}]
    table = {"name": "modes", "primary_key": ["id"], "columns": columns, "rows": given}
    schema = ExperimentSchema.model_validate({"name": "ships", "tables": [table]})
    asked = [ask("modes", "carrier", "in", "BARIAN", "FEDEX"), ask("modes", "code", "=", "SEA")]
    fitted = rows(fit(*asked, schema=schema), "modes")
    assert fitted["code"].to_list() == ["STD", "EXP", "EXP"]
    assert fitted["carrier"].to_list()[:2] == ["BARIAN", "FEDEX"]


def test_keys_of_a_table_with_groups_begin_with_the_asked_ones() -> None:
    schema = ExperimentSchema.model_validate({
        "name": "shops", "tables": [{"name": "stores", "primary_key": ["id"], "target_rows": 20, "columns": [
            {"name": "id", "data_type": "INTEGER"},
            {"name": "code", "data_type": "VARCHAR(12)", "pattern": "ST-####", "groups": [1, 3]},
        ]}],
    })  # fmt: skip
    fitted = fit(ask("stores", "id", "in", 639, 645), schema=schema)
    assert rows(fitted, "stores")["id"].to_list() == list(range(639, 659))
    far = fit(ask("stores", "id", "in", 2, 639), schema=schema)
    assert rows(far, "stores")["id"].to_list() == list(range(1, 21))


def test_a_choice_among_few_texts_becomes_a_list_and_one_that_reads_columns_stays() -> None:
    drawn = "decode(uniform(1, 3, random()), 1, 'The Last', 2, 'A Quiet', 3, 'Beyond') || ' Night'"
    film = {"name": "title", "data_type": "VARCHAR(60)", "expression": drawn}
    remark = {"name": "remark", "data_type": "VARCHAR(60)", "expression": "lower(kind)"}
    kind = {"name": "kind", "data_type": "VARCHAR(60)", "values": ["A", "B"]}
    schema = ExperimentSchema.model_validate(
        {"name": "shop", "tables": [{"name": "films", "target_rows": 1000, "columns": [film, kind, remark]}]}
    )

    fitting = fit(
        ask("films", "title", "like", "%Money%"), ask("films", "remark", "=", "seen"), schema=schema
    )  # fmt: skip

    title, remark_now = fitting.schema.table("films").column("title"), fitting.schema.table("films").column("remark")
    assert title.expression is None and {"The Last Night", "A Quiet Night", "Beyond Night"} <= set(title.values or ())
    assert any("Money" in str(value) for value in title.values or ())
    assert (remark_now.expression or "").startswith("case when uniform(1, 100, random()) <= 10 then 'seen' else lower(")


def test_what_one_condition_asks_for_is_in_half_of_the_rows_at_most() -> None:
    values = list(range(1, 11))
    amount = {"name": "amount", "data_type": "INTEGER", "values": values, "weights": [9.0] * 5 + [1.0] * 5}
    kind = {"name": "kind", "data_type": "VARCHAR(9)", "values": ["a", "b"], "weights": [9, 1]}
    schema = ExperimentSchema.model_validate(
        {"name": "shop", "tables": [{"name": "lines", "target_rows": 1000, "columns": [amount, kind]}]}
    )
    asked = [ask("lines", "amount", "between", 1, 5, group=1), ask("lines", "amount", "=", 20, group=2)]
    fitted = fit(*asked, ask("lines", "kind", "=", "a", group=3), schema=schema)
    made = rows(fitted, "lines", 1000)
    assert 0.2 < made["amount"].is_between(1, 5).mean() <= 0.5  # type: ignore[operator]
    assert 20 in made["amount"]
    assert made["kind"].eq("a").mean() > 0.8  # type: ignore[operator]
