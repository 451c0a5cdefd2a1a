"""Property: the inverse of a foreign key gives the rows that the finished table has for each parent."""

import polars as pl
import pytest

from engine.errors import WorkbenchError
from engine.generation.requested_counts import row_counts
from engine.rules.compiler import TableCompiler
from engine.rules.keys.fan_out import natural_rows
from engine.rules.random.permutation import permuted, unpermuted
from engine.rules.stages import Stages
from tests.engine.rules.building import frame_of, schema_of

ID = {"name": "id", "data_type": "INT", "sequence": {"start": 0}, "is_unique": True}


def keyed(parent_columns=(), **options):
    key = {"references_table": "parents", "references_column": "id"} | options
    return schema_of(parents=[ID, *parent_columns], items=[{"name": "p", "data_type": "INT", "foreign_key": key}])


def found_rows(schema, parents, rows, first=0, count=None):
    """The (parent, child row) pairs that the inverse gives for the parents [first, first + count)."""
    counts = {"parents": parents, "items": rows}
    compiler = TableCompiler(schema, schema.table("parents"), 7, counts)
    site = compiler.site("id")
    table = schema.table("items")
    children = compiler.children(table, table.column("p"), site.row)
    outputs = [column.alias(str(index)) for index, column in enumerate(children.inputs)]
    inputs = compiler.frame(first, parents - first if count is None else count, outputs).collect().get_columns()
    found = children.rows(inputs)
    assert found["owner"].is_sorted()
    return found.with_columns(pl.col("owner") + first)


def assert_inverse(schema, parents, rows):
    made = frame_of(schema, "items", rows, parents=parents, items=rows, seed=7).with_row_index("row")
    truth = made.select(pl.col("p").cast(pl.UInt64), pl.col("row").cast(pl.UInt64)).sort("p", "row")
    found = found_rows(schema, parents, rows)
    assert found.select("owner", "__row").sort("owner", "__row").rows() == truth.rows()
    numbered = found.select((pl.col("line") - 1 == pl.int_range(pl.len()).over("owner")).all())
    assert numbered.item()


@pytest.mark.parametrize("size", [1, 2, 3, 10, 97, 1000, 2**16 + 1, 250_000])
def test_unpermuted_is_the_inverse(size):
    stages = Stages()
    place = permuted(stages, stages.row, size, 99)
    frame = stages.frame(0, min(size, 5000), [stages.row.alias("a"), unpermuted(stages, place, size, 99).alias("b")])
    made = frame.collect()
    assert made["a"].to_list() == made["b"].to_list()


@pytest.mark.parametrize("fan_out", [(1, 4), (0, 3), (2, 2), (3, 130), (1, 1)])
@pytest.mark.parametrize("parents", [1, 59, 60, 64, 65, 200])
def test_rows_of_a_fan_out(parents, fan_out):
    natural, capacity = natural_rows(parents, fan_out), parents * fan_out[1]
    for rows in {0, 1, natural // 3, natural, (natural + capacity) // 2, capacity}:
        if rows <= capacity:
            assert_inverse(keyed(fan_out=fan_out), parents, rows)


def test_rows_of_a_fan_out_with_a_condition():
    kind = {"name": "kind", "data_type": "VARCHAR(1)", "values": ["a", "b"]}
    assert_inverse(keyed([kind], fan_out=[1, 4], where="kind = 'a'"), 300, 200)


def test_rows_of_some_parents_are_those_of_all():
    schema = keyed(fan_out=[0, 6])
    whole = found_rows(schema, 1000, 3500)
    part = found_rows(schema, 1000, 3500, first=900, count=50)
    assert part.equals(whole.filter(pl.col("owner").is_between(900, 949)))


WEIGHTS = {"0": 0.1, "1": 0.5, "2": 0.3, "8": 0.1}


@pytest.mark.parametrize("parents", [1, 3, 69, 70, 71, 700, 1999])
@pytest.mark.parametrize("weights", [WEIGHTS, {"3": 1}, {"0": 0.99, "250": 0.01}, {"1": 1, "2": 1, "3": 1}])
def test_rows_of_weights(parents, weights):
    schema = keyed(fan_out_weights=weights)
    natural = row_counts(schema, {"parents": parents})["items"]
    capacity = parents * max(map(int, weights))
    for rows in {0, natural // 3, natural, (natural + capacity) // 2, capacity}:
        assert_inverse(schema, parents, rows)


def test_shares_of_weights_are_exact():
    schema = keyed(fan_out_weights=WEIGHTS)
    counts = row_counts(schema, {"parents": 70_000})
    made = frame_of(schema, "items", counts["items"], **counts)["p"].value_counts(name="n")["n"].value_counts()
    assert sorted(made.rows()) == [(1, 35_000), (2, 21_000), (8, 7_000)]


def test_weights_number_lines_and_count_children():
    line = {"name": "line", "data_type": "INT", "line_number_of": "p"}
    counted = {"name": "n", "data_type": "INT", "expression": "items.p.count"}
    key = {"references_table": "parents", "references_column": "id", "fan_out_weights": WEIGHTS}
    schema = schema_of(parents=[ID, counted], items=[{"name": "p", "data_type": "INT", "foreign_key": key}, line])
    counts = row_counts(schema, {"parents": 1000})
    items = frame_of(schema, "items", counts["items"], **counts)
    parents = frame_of(schema, "parents", 1000, **counts)
    found = items.group_by("p").agg(pl.len().cast(pl.Int32), pl.col("line").max().alias("last"))
    assert found["len"].equals(found["last"].alias("len"))
    assert dict(found.select("p", "len").rows()) == dict(parents.filter(pl.col("n") > 0).rows())


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"0": 1}, "gives no parent a row"),
        ({"1": 0.999999, "2": 0.000001}, "2 rows per parent have a share of 1e-06"),
        ({"1": -1}, "fan_out_weights"),
        ({"x": 1}, "fan_out_weights"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights, message):
    with pytest.raises(WorkbenchError, match=message):
        keyed(fan_out_weights=weights)


def test_weights_beside_another_choice_are_refused():
    with pytest.raises(WorkbenchError, match="fan_out cannot be combined with fan_out_weights"):
        keyed(fan_out_weights=WEIGHTS, fan_out=[1, 2])
    with pytest.raises(WorkbenchError, match="cannot be combined with unique or distribution"):
        keyed(fan_out_weights=WEIGHTS, unique=True)
