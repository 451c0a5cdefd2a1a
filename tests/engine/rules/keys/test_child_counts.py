"""Property: `key.count` is the number of rows that the finished table has for the drawn parent."""

import polars as pl
import pytest

from engine.errors import RuleError
from engine.rules.keys.fan_out import natural_rows
from tests.engine.rules.building import frame_of, schema_of

COUNTED = {"name": "n", "data_type": "INT", "expression": "p.count"}
ID = {"name": "id", "data_type": "INT", "is_unique": True}


def key_to(table="parents", **options):
    return {
        "name": "p",
        "data_type": "INT",
        "foreign_key": {"references_table": table, "references_column": "id"} | options,
    }


def fanned(fan_out, **tables):
    return schema_of(parents=[ID], items=[key_to(fan_out=fan_out), COUNTED], **tables)


@pytest.mark.parametrize("fan_out", [(1, 4), (0, 3), (2, 2), (0, 1), (3, 130), (1, 1)])
@pytest.mark.parametrize("parents", [1, 2, 59, 60, 64, 65, 200])
def test_count_of_the_drawn_parent(parents, fan_out):
    natural = natural_rows(parents, fan_out)
    capacity = parents * fan_out[1]
    for rows in {0, 1, natural // 3, natural - 1, natural, natural + 1, (natural + capacity) // 2, capacity}:
        if not 0 <= rows <= capacity:
            continue
        frame = frame_of(fanned(fan_out), "items", rows, parents=parents, items=rows)
        assert frame["n"].to_list() == frame.select(pl.len().over("p")).to_series().to_list()


def test_count_does_not_depend_on_the_offset_of_a_preview():
    whole = frame_of(fanned((1, 4)), "items", 500, parents=300, items=700)
    part = frame_of(fanned((1, 4)), "items", 70, offset=430, parents=300, items=700)
    assert part.equals(whole[430:])


@pytest.mark.parametrize("rows", [0, 100, 250, 377])
def test_count_of_a_parent_s_own_children(rows):
    counted = {"name": "n", "data_type": "INT", "expression": "items.p.count"}
    schema = schema_of(parents=[ID, counted], items=[ID, key_to(fan_out=[0, 4])])
    parents = frame_of(schema, "parents", 100, items=rows, parents=100)
    keys = frame_of(schema, "items", rows, items=rows, parents=100)["p"].to_list()
    assert parents["n"].to_list() == [keys.count(number) for number in parents["id"]]
    assert frame_of(schema, "parents", 5, offset=98, items=rows, parents=100)["n"].to_list()[2:] == [0, 0, 0]


def test_count_along_two_keys():
    lines = [
        {"name": "o", "data_type": "INT", "foreign_key": {"references_table": "items", "references_column": "id"}},
        {"name": "n", "data_type": "INT", "expression": "o.p.count"},
        {"name": "same", "data_type": "INT", "expression": "o.n"},
    ]
    schema = schema_of(parents=[ID], items=[ID, key_to(fan_out=[1, 4]), COUNTED], lines=lines)
    frame = frame_of(schema, "lines", 200)
    assert frame["n"].to_list() == frame["same"].to_list()


def test_current_version_is_the_last():
    version = {"name": "v", "data_type": "INT", "line_number_of": "p"}
    current = {"name": "is_current", "data_type": "BOOLEAN", "expression": "v = p.count"}
    schema = schema_of(parents=[ID], items=[key_to(fan_out=[1, 4]), version, current])
    frame = frame_of(schema, "items", 90, items=90, parents=100)
    last = frame.select((pl.col("v") == pl.col("v").max().over("p")).alias("is_current")).to_series()
    assert frame["is_current"].equals(last)


def test_a_column_of_that_name_goes_first():
    parents = [ID, {"name": "Count", "data_type": "INT", "min_value": 77, "max_value": 77}]
    schema = schema_of(parents=parents, items=[key_to(fan_out=[1, 4]), COUNTED])
    assert set(frame_of(schema, "items", 50)["n"]) == {77}


def test_a_unique_key_counts_one():
    assert set(frame_of(schema_of(parents=[ID], items=[key_to(unique=True), COUNTED]), "items", 50)["n"]) == {1}


def test_a_key_without_a_fan_out_cannot_be_counted():
    with pytest.raises(RuleError, match=r"rows of each parent of items\.p is not known.*fan_out"):
        frame_of(schema_of(parents=[ID], items=[key_to(), COUNTED]), "items", 5)


def test_a_key_that_may_be_null_cannot_be_counted():
    optional = key_to(fan_out=[1, 4]) | {"required": False}
    with pytest.raises(RuleError, match=r"items\.p may be NULL.*required"):
        frame_of(schema_of(parents=[ID], items=[optional, COUNTED]), "items", 5)


@pytest.mark.parametrize("parents", [60, 120])
def test_parents_beyond_whole_groups_have_no_children(parents):
    counted = {"name": "n", "data_type": "INT", "expression": "items.p.count"}
    schema = schema_of(parents=[ID, counted], items=[ID, key_to(fan_out=[1, 4])])
    frame = frame_of(schema, "parents", 5, offset=parents - 2, items=parents, parents=parents)
    assert frame["n"].to_list()[2:] == [0, 0, 0]
