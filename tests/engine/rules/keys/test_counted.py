"""A counted key: exact both ways, for any popularity, with NULLs and with a condition."""

import polars as pl
import pytest

from engine.errors import WorkbenchError
from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.keys.test_children import ID, assert_inverse, found_rows, keyed

LAWS = [
    None,
    {"type": "zipf", "parameters": {"s": 1.2}},
    {"type": "zipf", "parameters": {"s": 0.7}},
    {"type": "exponential", "parameters": {"scale": 0.2}},
    {"type": "beta", "parameters": {"alpha": 2, "beta": 5}},
    {"type": "poisson", "parameters": {"lambda": 4}},
]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(("parents", "rows"), [(1, 1), (1, 50), (7, 3), (97, 1000), (1000, 997), (3000, 0), (5, 4000)])
def test_rows_of_each_parent(law, parents, rows):
    assert_inverse(keyed(counted=True, distribution=law), parents, rows)


@pytest.mark.parametrize("law", LAWS[:2])
def test_rows_of_usable_parents(law):
    kind = {"name": "kind", "data_type": "VARCHAR(1)", "values": ["a", "b"]}
    assert_inverse(keyed([kind], counted=True, distribution=law, where="kind = 'a'"), 300, 700)


def test_a_popular_parent_has_thousands_of_rows():
    schema = keyed(counted=True, distribution=LAWS[1])
    found = found_rows(schema, 20_000, 40_003)
    counts = found["owner"].value_counts()["count"].sort(descending=True)
    assert counts[0] > 6000
    assert len(counts) < 20_000
    assert_inverse(schema, 20_000, 40_003)


def test_shares_are_those_of_a_plain_draw():
    for law in LAWS[1:]:
        counts = {}
        for counted in (True, False):
            frame = frame_of(keyed(counted=counted, distribution=law), "items", 200_000, parents=50, items=200_000)
            counts[counted] = dict(frame["p"].value_counts(name="n").rows())
        assert all(abs(counts[True].get(key, 0) - counts[False].get(key, 0)) < 1000 for key in range(50)), law


def test_without_a_popularity_parents_have_none_to_twice_the_mean():
    found = frame_of(keyed(counted=True), "items", 40_000, parents=10_000, items=40_000)["p"].value_counts(name="n")
    assert found["n"].max() <= 9
    assert len(found) < 10_000
    assert 1.5 < found["n"].std() < 1.8


def optional(**options):
    key = {"references_table": "parents", "references_column": "id", "counted": True, "null_fraction": 0.25} | options
    counted = {"name": "n", "data_type": "INT", "expression": "items.p.count"}
    item = {"name": "p", "data_type": "INT", "required": False, "foreign_key": key}
    return schema_of(parents=[ID, counted], items=[item, {"name": "line", "data_type": "INT", "line_number_of": "p"}])


@pytest.mark.parametrize("law", LAWS[:3])
@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_the_number_of_nulls_is_exact_and_counts_leave_them_out(rows, law):
    schema = optional(distribution=law)
    items = frame_of(schema, "items", rows, parents=90, items=rows)
    parents = frame_of(schema, "parents", 90, parents=90, items=rows)
    assert items["p"].null_count() == rows // 4
    found = items.drop_nulls("p").group_by("p").agg(pl.len(), pl.col("line").sort())
    assert dict(found.select("p", "len").rows()) == dict(parents.filter(pl.col("n") > 0).rows())
    assert all(lines == list(range(1, len(lines) + 1)) for lines in found["line"].to_list())


def test_all_null():
    items = frame_of(optional(null_fraction=1.0), "items", 20, parents=9, items=20)
    assert items["p"].null_count() == 20


@pytest.mark.parametrize("law", LAWS[:3])
def test_chunks_and_previews_equal_the_whole(law):
    schema = optional(distribution=law)
    counts = {"parents": 700, "items": 3000}
    whole = {table: frame_of(schema, table, rows, **counts) for table, rows in counts.items()}
    for table, rows in counts.items():
        parts = [frame_of(schema, table, 100, offset=first, **counts) for first in range(0, rows, 100)]
        assert pl.concat(parts).equals(whole[table])


@pytest.mark.parametrize("law", LAWS[:3])
def test_a_preview_far_away(law):
    counts = {"parents": 10**9, "items": 4 * 10**9}
    schema = optional(distribution=law)
    parents = frame_of(schema, "parents", 20, offset=10**9 - 20, **counts)
    assert parents["n"].min() >= 0 and parents["n"].max() <= 9
    items = frame_of(schema, "items", 5, offset=4 * 10**9 - 5, **counts)
    assert all(key is None or 0 <= key < 10**9 for key in items["p"].to_list())


def test_rows_beyond_the_table_have_parents_too():
    schema = keyed(counted=True)
    assert frame_of(schema, "items", 10, offset=95, parents=9, items=100)["p"].null_count() == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fan_out": [1, 2]}, "counted cannot be combined with fan_out"),
        ({"unique": True}, "counted cannot be combined with unique"),
        ({"fan_out_weights": {"1": 1}}, "counted cannot be combined with fan_out"),
        ({"references_table": "items", "references_column": "p"}, "own table cannot be counted"),
    ],
)
def test_what_cannot_be_counted_is_refused(options, message):
    with pytest.raises(WorkbenchError, match=message):
        keyed(counted=True, **options)


def test_a_count_that_a_condition_on_nulls_decides_is_refused():
    schema = optional()
    item = schema.table("items").column("p").model_copy(update={"null_when": "line = 1"})
    changed = schema.model_copy(
        update={
            "tables": [
                schema.tables[0],
                schema.tables[1].model_copy(update={"columns": [item, *schema.tables[1].columns[1:]]}),
            ]
        }
    )
    with pytest.raises(WorkbenchError, match="may be NULL"):
        frame_of(changed, "parents", 10, parents=10, items=20)
