"""Columns that read the parent's same column in a table that references itself."""

import numpy as np
import polars as pl
import pytest

from engine.errors import RuleError
from engine.rules.compiler import TableCompiler
from engine.rules.keys.tree_depth import MAX_LEVELS, bound_depth, measure_depth
from tests.engine.rules.building import frame_of, schema_of

ID = {"name": "id", "data_type": "INT", "is_unique": True}
LEVEL = {"name": "level_no", "data_type": "INT", "expression": "coalesce(parent_id.level_no + 1, 1)"}


def tree(*columns, required=False, **options):
    key = {"references_table": "unit", "references_column": "id", **options}
    parent = {"name": "parent_id", "data_type": "INT", "required": required, "foreign_key": key}
    return schema_of(unit=[ID, parent, *columns])


def with_parents(frame):
    """Return the rows with the columns of their parents (as `above_...`), NULL at roots."""
    parents = frame.select(pl.all().name.prefix("above_"))
    own = pl.when(pl.col("parent_id") != pl.col("id")).then("parent_id")
    return frame.with_columns(own.alias("key")).join(
        parents, left_on="key", right_on="above_id", how="left", maintain_order="left"
    )


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 100, 20_000])
@pytest.mark.parametrize("options", [{}, {"root_fraction": 0.02}, {"root_fraction": 0.9}, {"null_fraction": 0.3}])
def test_level(rows, options):
    frame = with_parents(frame_of(tree(LEVEL, **options), "unit", rows, unit=rows))
    assert frame["level_no"].equals(frame.select((pl.col("above_level_no") + 1).fill_null(1)).to_series())


def test_level_of_a_required_key_ends_at_rows_that_are_their_own_parent():
    for options in ({}, {"root_fraction": 0.1}):
        frame = with_parents(frame_of(tree(LEVEL, required=True, **options), "unit", 5_000, unit=5_000))
        assert frame["level_no"].equals(frame.select((pl.col("above_level_no") + 1).fill_null(1)).to_series())
        assert frame["level_no"].max() > 5


def test_any_part_of_the_table_equals_the_whole():
    whole = frame_of(tree(LEVEL), "unit", 3_000, unit=3_000)
    for offset, rows in ((0, 1), (1, 7), (1_500, 100), (2_990, 10)):
        assert frame_of(tree(LEVEL), "unit", rows, offset=offset, unit=3_000).equals(whole[offset : offset + rows])
        assert frame_of(tree(LEVEL), "unit", rows, offset=offset, unit=10).equals(whole[offset : offset + rows])


def test_a_row_far_beyond_the_measured_ones():
    columns = frame_of(tree(LEVEL, root_fraction=0.3), "unit", 50, offset=2 * 10**9, unit=10)
    assert columns["level_no"].min() >= 1
    assert columns["level_no"].max() < 40


def test_path_of_names():
    path = {"name": "path", "data_type": "VARCHAR(200)", "expression": "coalesce(parent_id.path || '/', '') || id"}
    frame = with_parents(frame_of(tree(path, LEVEL), "unit", 2_000, unit=2_000))
    expected = pl.when(pl.col("key").is_null()).then(pl.lit("")).otherwise(pl.col("above_path") + "/") + pl.col(
        "id"
    ).cast(pl.String)
    assert frame["path"].equals(frame.select(expected.alias("path")).to_series())
    assert frame["path"].str.split("/").list.len().cast(pl.Int32).equals(frame["level_no"])


def test_path_as_a_template():
    path = {"name": "path", "data_type": "VARCHAR(200)", "template": "{parent_id.path}/{id}"}
    frame = with_parents(frame_of(tree(path), "unit", 500, unit=500))
    expected = pl.concat_str([pl.col("above_path").fill_null(""), pl.lit("/"), pl.col("id")])
    assert frame["path"].equals(frame.select(expected.alias("path")).to_series())


def test_date_after_the_date_of_the_parent():
    days = {"name": "days", "data_type": "INT", "min_value": 1, "max_value": 30}
    opened = {
        "name": "opened",
        "data_type": "DATE",
        "expression": "coalesce(parent_id.opened, date '2020-01-01') + days",
    }
    frame = with_parents(frame_of(tree(days, opened), "unit", 2_000, unit=2_000))
    assert (frame["opened"] > frame["above_opened"]).drop_nulls().all()


def test_budget_at_most_that_of_the_parent():
    share = {"name": "share", "data_type": "DECIMAL(3,2)", "min_value": 0.5, "max_value": 1}
    budget = {
        "name": "budget",
        "data_type": "DECIMAL(18,2)",
        "expression": "case when parent_id is null then 1000000 else parent_id.budget * share end",
    }
    frame = with_parents(frame_of(tree(share, budget), "unit", 2_000, unit=2_000))
    assert (frame["budget"] <= frame["above_budget"]).drop_nulls().all()
    assert set(frame.filter(pl.col("key").is_null())["budget"]) == {1_000_000}


def test_two_columns_that_read_each_other_above():
    first = {"name": "a", "data_type": "INT", "expression": "coalesce(parent_id.b, 0) + 1"}
    second = {"name": "b", "data_type": "INT", "expression": "a + coalesce(parent_id.a, 0)"}
    for columns in ((first, second), (second, first)):
        frame = with_parents(frame_of(tree(*columns), "unit", 1_000, unit=1_000))
        assert frame["a"].equals(frame.select(pl.col("above_b").fill_null(0) + 1).to_series().alias("a"))
        assert frame["b"].equals(frame.select(pl.col("a") + pl.col("above_a").fill_null(0)).to_series().alias("b"))


def test_columns_that_read_above_the_parent():
    color = {"name": "c", "data_type": "INT", "expression": "coalesce(parent_id.parent_id.c + 1, 1)"}
    frame = with_parents(frame_of(tree(color, LEVEL), "unit", 1_000, unit=1_000))
    assert frame["c"].equals(frame.select(((pl.col("level_no") + 1) // 2).alias("c")).to_series())


def test_a_child_table_reads_the_level():
    key = {"references_table": "unit", "references_column": "id"}
    staff = [
        {"name": "unit_id", "data_type": "INT", "foreign_key": key},
        {"name": "level_no", "data_type": "INT", "expression": "unit_id.level_no"},
    ]
    parent = {"name": "parent_id", "data_type": "INT", "required": False, "foreign_key": key}
    schema = schema_of(unit=[ID, parent, LEVEL], staff=staff)
    units = frame_of(schema, "unit", 300, unit=300)
    frame = frame_of(schema, "staff", 1_000, unit=300).join(units, left_on="unit_id", right_on="id", how="left")
    assert frame["level_no"].equals(frame["level_no_right"].alias("level_no"))


def test_null_under_a_parent_that_is_null():
    closed = {
        "name": "closed",
        "data_type": "INT",
        "required": False,
        "null_fraction": 0.1,
        "null_when": "parent_id is not null and parent_id.closed is null",
    }
    frame = with_parents(frame_of(tree(closed), "unit", 2_000, unit=2_000))
    below = frame.filter(pl.col("key").is_not_null() & pl.col("above_closed").is_null())
    assert len(below) > 100
    assert below["closed"].is_null().all()
    assert frame["closed"].is_not_null().any()


def test_a_tree_by_fan_out():
    frame = with_parents(frame_of(tree(LEVEL, fan_out=[1, 4]), "unit", 2_000, unit=2_000))
    assert frame["level_no"].equals(frame.select((pl.col("above_level_no") + 1).fill_null(1)).to_series())


def test_a_chain_by_fan_out_is_too_deep():
    with pytest.raises(RuleError, match=f"trees have more than {MAX_LEVELS} levels"):
        frame_of(tree(LEVEL, fan_out=[0, 1]), "unit", 100, unit=100)


def test_a_column_that_reads_itself_in_its_own_row_is_a_cycle():
    with pytest.raises(RuleError, match=r"cycle: unit\.x -> unit\.x"):
        frame_of(tree({"name": "x", "data_type": "INT", "expression": "x + 1"}), "unit", 5)


def test_two_keys_to_the_table_itself_are_refused():
    key = {"references_table": "unit", "references_column": "id"}
    other = {"name": "mentor_id", "data_type": "INT", "required": False, "foreign_key": key}
    both = {"name": "x", "data_type": "INT", "expression": "coalesce(parent_id.x, 0) + coalesce(mentor_id.x, 0)"}
    with pytest.raises(RuleError, match="parent_id and mentor_id"):
        frame_of(tree(other, both), "unit", 5)


def test_levels_are_compiled_once_for_all_columns():
    compiler = TableCompiler(tree(LEVEL), tree(LEVEL).table("unit"), 7, {"unit": 1_000})
    assert len(compiler.outputs()) == 3


def test_measured_depth():
    assert measure_depth(np.array([], dtype=np.int64)) == 0
    assert measure_depth(np.array([0, 0, 1, 2, 0])) == 3
    assert measure_depth(np.array([1, 0])) is None


def test_bounded_depth_holds_for_every_table():
    assert bound_depth(10**6) == 66
    assert bound_depth(2**62) <= MAX_LEVELS
