"""Declared outcomes: exact sums and rows per period and group, for any row alone; what is impossible is refused."""

from decimal import Decimal

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.generation.preview import preview
from engine.review.structure import drop_column, rename_column
from engine.rules.keys.row_shares import rows_for, share_rows
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.relations.shops import read, rows_of

MONTHS = {f"2024-{month:02}": 900 * month + month / 100 for month in range(1, 13)}
LOGNORMAL = {"type": "lognormal", "parameters": {"mean": 3, "sigma": 0.9}}


def sales(*outcomes, rows=3000, amount=None, at=None, **columns):
    described = {
        "id": {"data_type": "BIGINT", "is_unique": True},
        "ordered_at": {"data_type": "TIMESTAMP", **(at or {})},
        "day": {"data_type": "DATE"},
        "region": {"data_type": "VARCHAR(9)"},
        "amount": {"data_type": "DECIMAL(12,2)", **({"distribution": LOGNORMAL} if amount is None else amount)},
        "quantity": {"data_type": "INT", "min_value": 1, "max_value": 30},
        **columns,
    }
    table = {
        "name": "orders",
        "columns": [{"name": name, **column} for name, column in described.items()],
        "outcomes": list(outcomes),
    }
    return {"name": "sales", "tables": [table | ({} if rows is None else {"target_rows": rows})]}


def per_month(**rest):
    return {"per": "month", "of": "ordered_at", "sum": "amount", "targets": MONTHS, **rest}


def found_by(frame, key, *sums):
    grouped = frame.group_by(key).agg(pl.len().alias("rows"), pl.col(sums).sum())
    return {row[0]: row[1:] for row in grouped.iter_rows()}


MONTH = pl.col("ordered_at").dt.strftime("%Y-%m").alias("month")


def exact(number):
    return Decimal(str(number)).quantize(Decimal("0.01"))


def test_each_month_adds_up_to_its_target():
    frame = rows_of(read(sales(per_month())), "orders")
    found = found_by(frame, MONTH, "amount")
    assert {month: total for month, (_, total) in found.items()} == {name: exact(each) for name, each in MONTHS.items()}
    assert frame["amount"].min() >= 0
    assert float(frame["amount"].median()) < float(frame["amount"].mean()) * 0.8  # as skewed as its distribution
    assert frame["ordered_at"].is_sorted() is False


def test_rows_follow_the_targets():
    found = found_by(rows_of(read(sales(per_month())), "orders"), MONTH, "amount")
    total = sum(MONTHS.values())
    assert all(abs(rows - 3000 * MONTHS[month] / total) < 1 for month, (rows, _) in found.items())


def test_counts_are_exact():
    counts = {month: 100 + 10 * place for place, month in enumerate(MONTHS)}
    frame = rows_of(read(sales(per_month(count=counts), rows=sum(counts.values()))), "orders")
    found = found_by(frame, MONTH, "amount")
    assert found == {month: (counts[month], exact(MONTHS[month])) for month in MONTHS}


def test_counts_give_a_table_its_rows():
    counts = {"2024-01": 70, "2024-02": 50}
    outcome = {"per": "month", "of": "ordered_at", "count": counts}
    found = found_by(rows_of(read(sales(outcome, rows=None)), "orders"), MONTH)
    assert found == {"2024-01": (70,), "2024-02": (50,)}


def test_shares_are_exact_to_the_row():
    outcome = {"per": "quarter", "of": "day", "count": {"2024-Q1": 0.5, "2024-Q2": 0.125, "2025-Q4": 0.375}}
    frame = rows_of(read(sales(outcome, rows=801)), "orders")
    quarter = pl.format("{}-Q{}", pl.col("day").dt.year(), pl.col("day").dt.quarter()).alias("quarter")
    assert found_by(frame, quarter) == {"2024-Q1": (401,), "2024-Q2": (100,), "2025-Q4": (300,)}


@pytest.mark.parametrize(
    ("per", "names"),
    [
        ("day", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("week", ["2024-W01", "2024-W52", "2026-W53"]),
        ("month", ["2023-12", "2024-02"]),
        ("quarter", ["2024-Q1", "2024-Q4"]),
        ("year", ["1999", "2024"]),
    ],
)
@pytest.mark.parametrize("data_type", ["DATE", "TIMESTAMP", "TIMESTAMPTZ"])
def test_periods_of_each_kind(per, names, data_type):
    outcome = {"per": per, "of": "when_at", "sum": "amount", "targets": dict.fromkeys(names, 1000)}
    frame = rows_of(read(sales(outcome, rows=300, when_at={"data_type": data_type})), "orders")
    width = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}[per]
    part = pl.col("when_at").cast(pl.Date).dt.truncate(width)
    found = found_by(frame, part, "amount")
    assert list(found.values()) == [(300 // len(names), Decimal(1000))] * len(names)


def test_groups_by_value():
    targets = {"EU": 5000.01, "US": 0, "Asia": 12}
    outcome = {"of": "region", "sum": "amount", "targets": targets, "count": {"EU": 0.5, "US": 0.25, "Asia": 0.25}}
    frame = rows_of(read(sales(outcome, rows=400)), "orders")
    assert found_by(frame, "region", "amount") == {
        "EU": (200, exact(5000.01)), "US": (100, exact(0)), "Asia": (100, exact(12)),
    }  # fmt: skip


@pytest.mark.parametrize(("data_type", "names"), [("INT", ["3", "-1"]), ("BOOLEAN", ["true", "false"])])
def test_values_of_other_types(data_type, names):
    outcome = {"of": "kind", "count": {names[0]: 30, names[1]: 20}}
    frame = rows_of(read(sales(outcome, rows=50, kind={"data_type": data_type})), "orders")
    assert sorted(rows for (rows,) in found_by(frame, "kind").values()) == [20, 30]


def test_periods_of_each_group():
    targets = {"EU": {"2024-01": 800, "2024-02": 900.5}, "US": {"2024-02": 50, "2024-03": 70}}
    outcome = per_month(by="region", targets=targets)
    frame = rows_of(read(sales(outcome, rows=500)), "orders")
    found = frame.group_by("region", MONTH).agg(pl.col("amount").sum())
    expected = {(group, month): exact(each) for group, inner in targets.items() for month, each in inner.items()}
    assert {(group, month): total for group, month, total in found.iter_rows()} == expected


def test_two_columns_of_the_same_periods():
    quantities = {month: 2000 + place for place, month in enumerate(MONTHS)}
    second = {"per": "month", "of": "ordered_at", "sum": "quantity", "targets": quantities}
    frame = rows_of(read(sales(per_month(), second)), "orders")
    found = found_by(frame, MONTH, "amount", "quantity")
    assert {month: each[1:] for month, each in found.items()} == {
        month: (exact(MONTHS[month]), quantities[month]) for month in MONTHS
    }
    assert frame["quantity"].min() >= 1 and frame["quantity"].max() <= 30
    assert abs(frame.select(pl.corr("amount", "quantity")).item()) < 0.1


def test_other_columns_in_an_outcome_of_their_own():
    second = {"of": "region", "sum": "quantity", "targets": {"EU": 20_000, "US": 9_000}}
    frame = rows_of(read(sales(per_month(), second)), "orders")
    assert {key: total for key, (_, total) in found_by(frame, "region", "quantity").items()} == {
        "EU": 20000,
        "US": 9000,
    }
    assert found_by(frame, MONTH, "amount")["2024-03"][1] == exact(MONTHS["2024-03"])


@pytest.mark.parametrize(
    ("bounds", "total"),
    [((5, 9), 500), ((5, 9), 900), ((5, 9), 701), ((0, None), 123456), ((-10, 10), -999), ((-10, 10), 999),
     ((None, None), -70000), ((None, 0), -50), ((-7, -2), -300), ((None, None), 0)],
)  # fmt: skip
def test_amounts_stay_inside_their_bounds(bounds, total):
    low, high = bounds
    column = {key: each for key, each in (("min_value", low), ("max_value", high)) if each is not None}
    targets = {"2024-01": total, "2024-02": total + (1 if abs(total) < 900 else -1) * 0.25 if total else 0}
    outcome = per_month(targets=targets, count={"2024-01": 0.5, "2024-02": 0.5})
    if abs(total) in (500, 900, 999):
        targets["2024-02"] = total
    frame = rows_of(read(sales(outcome, rows=200, amount=column)), "orders")
    assert {month: each for month, (_, each) in found_by(frame, MONTH, "amount").items()} == {
        month: exact(each) for month, each in targets.items()
    }
    assert low is None or frame["amount"].min() >= low
    assert high is None or frame["amount"].max() <= high


def test_periods_lie_inside_the_bounds_of_the_column():
    at = {"timestamp_start": "2024-01-20T12:00:00", "timestamp_end": "2024-12-05T00:00:00"}
    frame = rows_of(read(sales(per_month(), at=at)), "orders")
    assert str(frame["ordered_at"].min()) >= "2024-01-20 12:00:00"
    assert str(frame["ordered_at"].max()) <= "2024-12-05 00:00:00"


def test_any_rows_alone_are_equal():
    schema = read(sales(per_month(), {"of": "region", "sum": "quantity", "targets": {"EU": 20_000, "US": 9_000}}))
    whole = rows_of(schema, "orders")
    for first in (0, 1, 999, 2995):
        assert rows_of(schema, "orders", first=first, rows=5).equals(whole[first : first + 5])
    pieces = [rows_of(schema, "orders", first=first, rows=100) for first in range(0, 3000, 100)]
    assert pl.concat(pieces).equals(whole)


def test_rows_far_away_and_large_totals():
    targets = {f"{year}": 4 * 10**15 for year in range(2000, 2010)}
    outcome = {"per": "year", "of": "ordered_at", "sum": "amount", "targets": targets}
    schema = read(sales(outcome, rows=2 * 10**9, amount={"data_type": "DECIMAL(18,2)"}))
    counts = {"orders": 2 * 10**9}
    far = preview(schema, schema.table("orders"), rows=10, offset=10**9, seed=7, counts=counts)
    later = preview(schema, schema.table("orders"), rows=5, offset=10**9 + 5, seed=7, counts=counts)
    assert far[5:].equals(later)
    assert far["amount"].n_unique() > 5
    assert 2000 <= far["ordered_at"].dt.year().min() <= far["ordered_at"].dt.year().max() < 2010


def test_a_preview_beyond_the_rows_starts_over():
    schema = read(sales(per_month(), rows=100))
    beyond = rows_of(schema, "orders", first=100, rows=10)
    assert beyond["amount"].to_list() == rows_of(schema, "orders", rows=10)["amount"].to_list()


def test_columns_and_children_read_them():
    data = sales(per_month(), tax={"data_type": "DECIMAL(14,4)", "expression": "amount * 0.19"},
                 sent={"data_type": "DATE", "expression": "cast(ordered_at as date) + 1"})  # fmt: skip
    frame = rows_of(read(data), "orders")
    assert all(tax == amount * Decimal("0.19") for tax, amount in frame.select("tax", "amount").iter_rows())
    assert (frame["sent"] - frame["ordered_at"].cast(pl.Date)).dt.total_days().unique().to_list() == [1]


REFUSED = {
    "an unknown column": (sales(per_month(of="orderd_at")), 'of names "orderd_at"'),
    "a float": (sales(per_month(), amount={"data_type": "DOUBLE"}), "sum needs INTEGER or DECIMAL"),
    "a text as period": (sales(per_month(of="region")), "a month needs a date or timestamp"),
    "NULLs": (sales(per_month(), amount={"required": False}), "the column may be NULL"),
    "another rule": (sales(per_month(), amount={"expression": "quantity * 2"}), "expression cannot be combined"),
    "a shape of times": (sales(per_month(), at={"hour_weights": [1] * 24}), "hour_weights cannot be combined"),
    "a wrong period": (sales(per_month(targets={"2024-1": 5})), '"2024-1" is no month; write it as "2024-01"'),
    "a month that is none": (sales(per_month(targets={"2024-13": 5})), '"2024-13" is no month'),
    "a wrong year": (sales(per_month(per="year", targets={"24": 5})), '"24" is no year'),
    "no targets": (sales({"per": "month", "of": "ordered_at", "sum": "amount"}), "has sum and no targets"),
    "nothing": (sales({"per": "month", "of": "ordered_at"}), "neither targets nor count"),
    "outside of the bounds": (
        sales(per_month(), at={"date_start": "2024-03-01"}), '"2024-01" is outside of the bounds of ordered_at'),
    "too few rows": (sales(per_month(), rows=11), "The targets need at least 12 rows, and there are 11"),
    "too few rows for the bounds": (
        sales(per_month(), amount={"max_value": 20}), "The targets need at least 3,522 rows"),
    "too many rows for the bounds": (
        sales(per_month(), amount={"min_value": 30}), "The targets are enough for at most 2,3"),
    "too large for the type": (
        sales(per_month(targets={"2024-01": 10**6}), rows=5, amount={"data_type": "DECIMAL(5,2)"}),
        "2024-01 needs 1,001 rows, and the table has 5"),
    "too many digits": (sales(per_month(targets={"2024-01": 10**20}), amount={"data_type": "DECIMAL(38,2)"}),
        "more than 18 digits"),
    "fractions of a cent": (sales(per_month(targets={"2024-01": 10.001})), "more decimal places than amount"),
    "counts of other rows": (
        sales(per_month(targets={"2024-01": 5}, count={"2024-01": 7})), "count adds up to 7 rows, and there are 3,000"),
    "shares of more": (
        sales({"of": "region", "count": {"EU": 0.6, "US": 0.5}}), "The shares of count add up to 1.1"),
    "a period without a count": (sales(per_month(count={"2024-01": 1})), "is not in all targets and counts"),
    "a target without rows": (
        sales({"of": "region", "sum": "amount", "targets": {"EU": 5, "US": 5}, "count": {"EU": 3000, "US": 0}}),
        "US has 0 rows, and its targets need at least 1"),
    "groups without by": (sales(per_month(targets={"EU": {"2024-01": 5}})), "there is no by"),
    "by without groups": (sales(per_month(by="region")), "does not list its numbers by region first"),
    "a value twice": (
        sales({"of": "n", "count": {"1": 5, "01": 5}}, rows=10, n={"data_type": "INT"}), "the same value"),
    "a value that is none": (sales({"of": "n", "count": {"x": 10}}, rows=10, n={"data_type": "INT"}), "no value of n"),
    "a value of no list": (
        sales({"of": "kind", "count": {"x": 10}}, rows=10, kind={"data_type": "VARCHAR(9)", "values": ["x", "y"]}),
        'lists "y", which no row would have'),
    "a column in two": (sales(per_month(), per_month(of="day")), 'Two outcomes make the column "amount"'),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_impossible_is_refused(data, message):
    with pytest.raises(SchemaError) as raised:
        read(data)
    problems = [str(problem) for problem in raised.value.problems]
    assert any(message in problem for problem in problems), problems
    assert len(problems) <= 4


def test_keys_batches_and_given_rows_are_refused():
    data = sales(per_month())
    data["tables"][0] |= {"batches": [100], "rows": [{"id": 1}], "composite_keys": [["region", "amount"]]}
    with pytest.raises(SchemaError) as raised:
        read_schema(data)
    text = str(raised.value)
    for part in ("with batches cannot have outcomes", "with given rows cannot", "cannot make the values of a key"):
        assert part in text
    data["tables"][0] |= {"batches": [], "rows": [], "composite_keys": [], "grows": True}
    with pytest.raises(SchemaError, match="A table that grows cannot have outcomes"):
        read_schema(data)


def test_a_run_of_other_rows_is_refused_where_they_do_not_suffice():
    schema = read(sales(per_month()))
    with pytest.raises(RuleError, match="at least 12 rows"):
        preview(schema, schema.table("orders"), rows=5, offset=0, seed=1, counts={"orders": 10})


def test_a_schema_keeps_them_and_renames_follow():
    schema = read(sales(per_month(by="region", targets={"EU": {"2024-01": 800.25}})))
    again = read_schema(schema_to_json(schema))
    assert again == schema
    (table,) = schema.tables
    for old, new in (("amount", "total"), ("ordered_at", "sold_at"), ("region", "area")):
        renamed = rename_column(schema, table, old, new)
        (outcome,) = read_schema(renamed).tables[0].outcomes
        assert new in (outcome.sum, outcome.of, outcome.by)
    with pytest.raises(Exception, match=r"It is used by orders\.outcomes"):
        drop_column(schema, schema.tables[0], "amount")


def test_rows_are_shared_within_their_bounds():
    assert share_rows(10, [1, 1, 1], [0, 0, 0], [9, 9, 9]) == [4, 3, 3]
    assert share_rows(10, [100, 1, 1], [0, 3, 0], [5, 9, 9]) == [5, 3, 2]
    assert share_rows(7, [0, 0], [0, 0], [7, 7]) == [4, 3]
    assert share_rows(0, [1, 2], [0, 0], [0, 0]) == [0, 0]


def test_rows_for_a_total():
    assert rows_for(100, 0, 30) == (4, None)
    assert rows_for(100, 7, 30) == (4, 14)
    assert rows_for(-100, -30, -7) == (4, 14)
    assert rows_for(0, 0, 5) == (0, None)
    assert rows_for(5, 0, 0) == (1, 0)
