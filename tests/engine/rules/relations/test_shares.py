"""Shares add up to their parent's number, and running totals to the sum so far, for any rows alone."""

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.rules.relations import child_plan
from tests.engine.rules.relations.shops import bank, read, rows_of

KEYS = {
    "fan_out": {},
    "filled up": {"moves": 1300, "fan_out": [0, 6]},
    "ended early": {"moves": 700, "fan_out": [0, 6]},
    "weights": {"fan_out_weights": {"0": 1, "3": 4, "40": 1}},
    "counted": {"counted": True, "moves": 1200},
    "popular": {"counted": True, "moves": 1200, "distribution": {"type": "zipf", "parameters": {"s": 1.2}}},
}
EACH_KEY = pytest.mark.parametrize("key", [pytest.param(key, id=name) for name, key in KEYS.items()])


@EACH_KEY
def test_shares_add_up_and_have_the_sign_of_the_whole(key):
    schema = read(bank(**key))
    accounts, moves = rows_of(schema, "accounts"), rows_of(schema, "moves")
    sums = moves.group_by("account_id").agg(
        pl.col("part", "sized").sum(), (pl.col("size").sum() == 0).alias("is_empty")
    )
    joined = sums.join(accounts, left_on="account_id", right_on="id")
    assert joined.filter((pl.col("part") != pl.col("fee")) | (pl.col("sized") != pl.col("fee"))).is_empty()
    assert joined["is_empty"].any()
    signs = moves.join(accounts, left_on="account_id", right_on="id").select(
        pl.col(name).sign() * pl.col("fee").sign() for name in ("part", "sized")
    )
    assert (signs.min_horizontal() >= 0).all()


@EACH_KEY
def test_weighted_shares_follow_the_weights(key):
    schema = read(bank(**key))
    moves = rows_of(schema, "moves").join(rows_of(schema, "accounts"), left_on="account_id", right_on="id")
    whole = pl.col("size").sum().over("account_id")
    expected = (pl.col("fee").cast(pl.Float64) * pl.col("size") / whole - pl.col("sized").cast(pl.Float64)).abs()
    assert moves.filter(whole > 0).select(expected.max()).item() < 0.01001


@EACH_KEY
def test_a_running_total_is_the_sum_so_far(key):
    schema = read(bank(**key))
    moves = rows_of(schema, "moves").join(rows_of(schema, "accounts"), left_on="account_id", right_on="id")
    so_far = moves.sort("account_id", "line_no").with_columns(
        so_far=pl.col("amount").cum_sum().over("account_id") + pl.col("opening")
    )
    assert so_far["balance"].to_list() == so_far["so_far"].to_list()


@EACH_KEY
def test_a_window_alone_is_equal(key, monkeypatch):
    schema = read(bank(**key))
    whole = rows_of(schema, "moves")
    monkeypatch.setattr(child_plan, "PIECE_ROWS", 7)
    assert rows_of(schema, "moves", first=300, rows=100).equals(whole.slice(300, 100))


def test_rows_far_away_and_chunks_are_equal():
    schema = read(bank(accounts=2_000_000_000))
    far = rows_of(schema, "moves", first=10**9, rows=40)
    parts = [rows_of(schema, "moves", first=10**9 + start, rows=8) for start in range(0, 40, 8)]
    assert far.equals(pl.concat(parts))


def test_a_key_that_can_be_null_has_totals_where_it_is_not():
    data = bank(fan_out=[1, 6], null_fraction=0.3)
    table = data["tables"][1]
    table["columns"] = [one | {"required": False} for one in table["columns"] if "split_of" not in one]
    table["columns"][0]["required"] = True
    del data["tables"][0]["columns"][3]
    for column in table["columns"][2:]:
        column["null_fraction"] = 0
    moves = rows_of(read(data), "moves")
    assert 0.2 < moves["account_id"].null_count() / len(moves) < 0.4
    assert (moves["account_id"].is_null() == moves["balance"].is_null()).all()


def test_rows_read_those_around_them():
    around = [
        {"name": "before", "data_type": "DECIMAL(9,2)", "required": False, "expression": "account_id.previous.amount"},
        {"name": "opened", "data_type": "DECIMAL(9,2)", "expression": "account_id.first.amount"},
        {"name": "is_end", "data_type": "BOOLEAN", "expression": "account_id.is_last"},
    ]
    moves = rows_of(read(bank(*around)), "moves")
    amount, group = pl.col("amount"), "account_id"
    expected = moves.select(
        amount.shift(1).over(group).alias("before"), amount.first().over(group).alias("opened"),
        (pl.col("line_no") == pl.len().over(group)).alias("is_end"),
    )  # fmt: skip
    assert moves.select("before", "opened", "is_end").equals(expected)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"split_of": "fee"}, "not a column of a parent"),
        ({"split_of": "amount.fee"}, "which is not a foreign key"),
        ({"split_of": "account_id.fees"}, 'There is no column "fees"'),
        ({"split_of": "account_id.fee", "split_weight": "sizes"}, 'split_weight names "sizes"'),
        ({"split_of": "account_id.fee", "required": False, "null_fraction": 0.1}, "null_fraction leaves shares out"),
        ({"split_of": "account_id.fee", "required": False, "null_when": "id > 5"}, "null_when leaves shares out"),
        (
            {"split_of": "account_id.fee", "required": False, "null_by": {"id": {"1": 1, "*": 0}}},
            "null_by leaves shares out",
        ),
        ({"split_weight": "size"}, "split_weight can only be used with split_of"),
        ({"split_of": "account_id.closing", "split_weight": "x"}, "names the column itself"),
        ({"running": {"sum": "amounts", "within": "account_id"}}, 'sum names "amounts"'),
        ({"running": {"sum": "amount", "within": "id"}}, "which is not a foreign key"),
        ({"running": {"sum": "amount", "within": "account_id"}, "data_type": "DECIMAL(9,1)"}, "2 decimal places"),
        (
            {"running": {"sum": "amount", "within": "account_id"}, "data_type": "DOUBLE"},
            "does not apply to type DOUBLE",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(column, message):
    with pytest.raises(SchemaError) as error:
        read(bank({"name": "x", "data_type": "DECIMAL(14,2)", **column}))
    assert any(message in str(problem) and problem.where == "moves.x" for problem in error.value.problems), error.value


def test_a_random_key_is_refused_with_what_to_do():
    with pytest.raises(SchemaError, match=r"moves\.balance: .*counted"):
        read(bank(null_fraction=0))


def test_circles_are_named():
    data = bank()
    data["tables"][0]["columns"][2] = {
        "name": "fee", "data_type": "DECIMAL(9,2)", "rollup": {"of": "moves.account_id", "sum": "part"},
    }  # fmt: skip
    with pytest.raises(SchemaError, match=r"accounts\.fee -> moves\.part -> accounts\.fee"):
        read(data)


def test_a_negative_weight_fails_with_its_column():
    column = {"name": "w", "data_type": "INT", "expression": "1 - id"}
    share = {"name": "x", "data_type": "DECIMAL(9,2)", "split_of": "account_id.fee", "split_weight": "w"}
    schema = read(bank(column, share))
    with pytest.raises(RuleError, match=r"moves\.x: split_weight w is negative"):
        rows_of(schema, "moves")
