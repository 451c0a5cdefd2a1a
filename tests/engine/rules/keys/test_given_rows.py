"""Given rows in generated tables: they come first, and what follows never repeats a given key."""

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.rules.keys import given_cells
from engine.rules.random.permutation import index_of, permuted
from engine.rules.rule_checks import check_rules
from engine.rules.stages import Stages
from engine.schema.files import read_schema


def column(name, data_type="INT", **more):
    return {"name": name, "data_type": data_type, **more}


def key_to(table, **more):
    return {"references_table": table, "references_column": "id", **more}


STATES = {
    "name": "state",
    "primary_key": ["id"],
    "columns": [column("id"), column("code", "VARCHAR(12)", is_unique=True), column("share", "FLOAT", required=False)],
    "rows": [[1, "OPEN", 0.5], {"id": 9, "code": "CLOSED"}, [4, "VOID", None]],
}


def read(*tables):
    return read_schema({"name": "shop", "tables": list(tables)}, also=check_rules)


def rows_of(schema, table, rows, *, offset=0, seed=1, counts=None):
    counts = row_counts(schema, counts)
    return preview(schema, schema.table(table), rows=rows, offset=offset, seed=seed, counts=counts)


def test_the_given_rows_come_first_and_null_is_given_too():
    schema = read(STATES)
    assert row_counts(schema, None) == {"state": 3}
    frame = rows_of(schema, "state", 3)
    assert frame["id"].to_list() == [1, 9, 4]
    assert frame["code"].to_list() == ["OPEN", "CLOSED", "VOID"]
    assert frame["share"][0] == 0.5
    assert frame["share"][2] is None


def test_a_number_for_all_tables_leaves_a_list_as_it_is():
    assert row_counts(read(STATES), 500) == {"state": 3}
    assert row_counts(read(STATES), {"state": 500}) == {"state": 500}
    assert row_counts(read({**STATES, "target_rows": 10}), 500) == {"state": 500}


def test_fewer_rows_are_the_first_given_ones():
    assert rows_of(read({**STATES, "target_rows": 2}), "state", 2)["id"].to_list() == [1, 9]


def test_further_numbers_count_past_the_given_ones():
    frame = rows_of(read(STATES), "state", 10)
    assert frame["id"].to_list() == [1, 9, 4, 2, 3, 5, 6, 7, 8, 10]
    assert frame["code"].n_unique() == 10


def test_any_offset_and_count_sees_the_same_rows():
    schema = read({**STATES, "target_rows": 400})
    whole = rows_of(schema, "state", 400)
    assert rows_of(schema, "state", 50, offset=2).equals(whole.slice(2, 50))
    assert rows_of(schema, "state", 100, counts={"state": 100}).equals(whole.head(100))


UNIQUE = [
    (column("x", min_value=1, max_value=60), [7, 60, 1000, 1]),
    (column("x", "DECIMAL(6,2)", min_value=0, max_value=1), [0.5, 0, 1, 7.25]),
    (column("x", "DECIMAL(6,2)"), [3, 2.5, 1, -1]),
    (column("x", "BIGINT", min_value=-3), [0, -3, 55, 10**15]),
    (column("x", "BIGINT", max_value=70), [70, 1, 2, 3]),
    (column("x", "FLOAT"), [1.0, 2.0, 5.5, 30.0]),
    (column("x", "DATE", date_start="2024-01-01", date_end="2024-03-01"), ["2024-01-05", "2023-01-01", "2024-03-01"]),
    (column("x", "TIMESTAMP"), ["2024-01-01 00:00:00", "2024-01-01 00:00:01"]),
    (column("x", "VARCHAR(2)", pattern="#?"), ["1a", "1b", "0Z", "zz"]),
    (column("x", "VARCHAR(9)", values=[f"v{n}" for n in range(60)]), ["v3", "v59", "other"]),
    (column("x", "VARCHAR(40)", faker_rule="email"), ["a@x.org", "b@x.org"]),
    (column("x", "VARCHAR(36)"), ["a", "b"]),
    (column("x", "UUID"), ["4dbb0bd7-2d1a-43ff-a5bd-6d1d3e1a2f45"]),
]


@pytest.mark.parametrize(("unique", "given"), UNIQUE)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_unique_column_never_repeats_a_given_value(unique, given, seed):
    table = {"name": "t", "columns": [{**unique, "is_unique": True}], "rows": [[value] for value in given]}
    schema = read({**table, "target_rows": 60})
    made = rows_of(schema, "t", 60, seed=seed)["x"]
    assert made.n_unique() == 60
    assert made.equals(rows_of(schema, "t", 60, seed=seed)["x"])
    again = (
        read({**table, "rows": [[value] for value in made.tail(5).cast(pl.String).to_list()], "target_rows": 55})
        if (made.dtype == pl.String)
        else schema
    )
    assert rows_of(again, "t", 55, seed=seed)["x"].n_unique() == 55


def test_values_that_the_rule_makes_are_exchanged_for_free_ones():
    plain = {"name": "t", "columns": [column("x", "VARCHAR(20)", is_unique=True)], "target_rows": 500}
    made = rows_of(read(plain), "t", 500, seed=3)["x"].to_list()
    given = [made[400], made[1], made[77], "own"]
    schema = read({**plain, "rows": [[value] for value in given]})
    found = rows_of(schema, "t", 500, seed=3)["x"].to_list()
    assert found[:4] == given
    assert len(set(found)) == 500
    assert sum(a != b for a, b in zip(found[4:], made[4:], strict=True)) == 2


def test_rows_that_leave_out_a_key_get_one_of_their_own():
    table = {"name": "t", "columns": [column("x", is_unique=True), column("y")], "target_rows": 8}
    frame = rows_of(read({**table, "rows": [{"x": 1, "y": 7}, {"y": 8}, {"x": 3, "y": 9}]}), "t", 8)
    assert frame["x"].to_list() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert frame["y"].head(3).to_list() == [7, 8, 9]


@pytest.mark.parametrize("size", [1, 2, 7, 1000, 99_991, 2**40 + 17, 2**63])
def test_the_inverse_permutation(size):
    stages = Stages()
    numbers = [number for number in (0, 1, 5, 999, size - 1) if number < size]
    row = pl.Series(numbers, dtype=pl.UInt64)
    image = permuted(stages, stages.add(pl.lit(row).gather(stages.row)), size, 12345)
    images = stages.frame(0, len(numbers), [image.alias("x")]).collect()["x"]
    assert [index_of(each, size, 12345) for each in images] == numbers


def test_children_refer_to_given_keys_and_read_their_rows():
    orders = {
        "name": "orders",
        "primary_key": ["id"],
        "columns": [
            column("id"),
            column("state_id", foreign_key=key_to("state")),
            column("code", "VARCHAR(12)", expression="state_id.code"),
        ],
        "rows": [{"id": 70, "state_id": 4}, {"id": 71, "state_id": 9}, {"id": 72, "state_id": 3}],
        "target_rows": 300,
    }
    frame = rows_of(read({**STATES, "target_rows": 5}, orders), "orders", 300)
    assert set(frame["state_id"]) == {1, 9, 4, 2, 3}
    assert frame["state_id"].head(3).to_list() == [4, 9, 3]
    assert frame["code"].head(2).to_list() == ["VOID", "CLOSED"]
    pairs = dict(zip(frame["state_id"], frame["code"], strict=True))
    assert (pairs[1], pairs[9], pairs[4]) == ("OPEN", "CLOSED", "VOID")
    assert frame.filter(pl.col("state_id") == 3)["code"].n_unique() == 1


def test_a_given_foreign_key_without_parent_is_refused_before_the_first_row():
    child = {"name": "o", "columns": [column("state_id", foreign_key=key_to("state"))], "rows": [[9], [77]]}
    with pytest.raises(SchemaError, match="Its given row 2 is 77, which is not in state, which has 3 rows"):
        read(STATES, child)
    grown = read({**STATES, "target_rows": 10}, {**child, "rows": [[10]]})
    with pytest.raises(RuleError, match="which has 4 rows"):
        rows_of(grown, "o", 1, counts={"state": 4})


def test_a_one_to_one_key_takes_no_given_parent_twice():
    child = {
        "name": "o",
        "columns": [column("state_id", foreign_key=key_to("state", unique=True))],
        "rows": [[9], [8], [2]],
        "target_rows": 10,
    }
    frame = rows_of(read({**STATES, "target_rows": 10}, child), "o", 10)
    assert frame["state_id"].head(3).to_list() == [9, 8, 2]
    assert sorted(frame["state_id"]) == list(range(1, 11))


def test_a_composite_key_repeats_no_given_tuple():
    table = {
        "name": "room",
        "columns": [column("floor", min_value=1, max_value=4), column("door", min_value=1, max_value=5)],
        "composite_keys": [["floor", "door"]],
        "rows": [[1, 1], [4, 5], [2, 3]],
        "target_rows": 20,
    }
    frame = rows_of(read(table), "room", 20)
    assert frame.head(3).rows() == [(1, 1), (4, 5), (2, 3)]
    assert frame.n_unique() == 20


def test_a_composite_foreign_key_finds_its_given_parent():
    room = {
        "name": "room",
        "columns": [
            column("floor", min_value=1, max_value=4),
            column("door", min_value=1, max_value=5),
            column("size", min_value=1, max_value=10**6),
        ],
        "composite_keys": [["floor", "door"]],
        "rows": [[1, 1, 500], [4, 5, 600]],
        "target_rows": 6,
    }
    key = {"columns": ["f", "d"], "references_table": "room", "references_columns": ["floor", "door"]}
    visit = {"name": "visit", "columns": [column("f"), column("d")], "foreign_keys": [key], "target_rows": 50}
    frame = rows_of(read(room, {**visit, "rows": [[4, 5], [1, 1]]}), "visit", 50)
    assert frame.head(2).rows() == [(4, 5), (1, 1)]
    with pytest.raises(SchemaError, match=r"Its given row 1 is 3, 99, which is not in room"):
        read(room, {**visit, "rows": [[3, 99]]})


def test_a_tree_with_given_rows():
    table = {
        "name": "part",
        "primary_key": ["id"],
        "columns": [column("id"), column("whole", required=False, foreign_key=key_to("part"))],
        "rows": [[10, None], [20, 10], [30, 20]],
        "target_rows": 30,
    }
    frame = rows_of(read(table), "part", 30)
    assert frame.head(3).rows() == [(10, None), (20, 10), (30, 20)]
    assert set(frame["whole"].drop_nulls()) <= set(frame["id"])


def test_given_rows_do_not_set_the_rows_of_a_fan_out():
    child = {
        "name": "o",
        "columns": [column("state_id", foreign_key=key_to("state", fan_out=[1, 3])), column("x")],
        "rows": [[9, 1]],
    }
    with pytest.raises(SchemaError, match="Given rows cannot be combined with fan_out"):
        read(STATES, child)
    assert rows_of(read(STATES, {**child, "rows": [{"x": 55}], "target_rows": 5}), "o", 1)["x"].to_list() == [55]


def test_too_many_rows_to_search_are_refused(monkeypatch):
    monkeypatch.setattr(given_cells, "MAX_SEARCHED_ROWS", 100)
    schema = read({**STATES, "target_rows": 90})
    assert rows_of(schema, "state", 90).height == 90
    with pytest.raises(RuleError, match="101 rows are too many to keep clear of the given values of state"):
        rows_of(schema, "state", 101)
