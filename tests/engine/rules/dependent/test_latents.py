"""follows and correlation: every rule with an order keeps its distribution and gets its rank correlation."""

import math

import polars as pl
import pytest

from engine.errors import SchemaError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.review.structure import rename_column
from engine.schema.files import read_schema, schema_to_json
from engine.schema.latents import factors_of, normal_correlation, rank_correlation
from tests.engine.rules.building import frame_of

ID = {"name": "id", "data_type": "INT", "is_unique": True}
KEY = {"name": "p_id", "data_type": "INT", "foreign_key": {"references_table": "p", "references_column": "id"}}
F = {"wealth": 0.7, "p_id.wealth": 0.5}
ROWS = 40_000


def build(*columns, **table):
    parent = {
        "name": "p",
        "latents": ["wealth"],
        "columns": [ID, {"name": "income", "data_type": "DOUBLE", "follows": {"wealth": 0.8}}],
    }
    child = {"name": "t", "latents": ["wealth"], "columns": [KEY, *columns], **table}
    return read_schema({"name": "lab", "tables": [parent, child]})


def spearman(frame, first, second):
    ranks = [pl.col(name).cast(pl.Float64).rank() for name in (first, second)]
    return frame.select(pl.corr(*ranks)).item()


NORMAL = {
    "name": "n",
    "data_type": "DOUBLE",
    "distribution": {"type": "normal", "parameters": {"mean": 0, "stddev": 1}},
    "follows": F,
}
ORDERED = [
    {"data_type": "INT", "min_value": 1, "max_value": 100_000},
    {"data_type": "DECIMAL(38,10)", "min_value": 0, "max_value": 1e27},
    {"data_type": "DATE"},
    {"data_type": "TIMESTAMP", "trend": {"type": "linear", "growth": 3}},
    {"data_type": "TIMESTAMP", "weekday_weights": [1, 1, 1, 1, 1, 0, 0]},
    {"data_type": "REAL", "min_value": -1, "max_value": 1},
    {"data_type": "DECIMAL(12,2)", "distribution": {"type": "lognormal", "parameters": {"mean": 3, "sigma": 1}}},
    {"data_type": "INT", "distribution": {"type": "poisson", "parameters": {"lambda": 400}}},
    {"data_type": "INT", "values": list(range(500)), "weights": [1 + n % 7 for n in range(500)]},
    {"data_type": "INT", "values": list(range(1000))},
]


@pytest.mark.parametrize("column", ORDERED, ids=lambda column: " ".join([*column][:2]))
def test_a_rule_with_an_order_gets_its_rank_correlation(column):
    frame = frame_of(build(NORMAL, {"name": "x", "follows": F, **column}), "t", ROWS, p=ROWS)
    values = frame.select("n", pl.col("x").to_physical())
    assert spearman(values, "n", "x") == pytest.approx(rank_correlation(0.74), abs=0.02)


def test_the_distribution_of_a_column_stays_what_it_was():
    def columns(follows):
        return [
            {"name": "v", "data_type": "VARCHAR(3)", "values": ["a", "b", "c"], "weights": [1, 2, 7], **follows},
            {"name": "b", "data_type": "BOOLEAN", "probability": 0.3, **follows},
            {"name": "n", "data_type": "DOUBLE", "distribution": NORMAL["distribution"], **follows},
        ]

    frame = frame_of(build(*columns({"follows": {"wealth": 0.9}})), "t", ROWS, p=100)
    shares = {key[0]: part.height / ROWS for key, part in frame.group_by("v")}
    assert [shares[name] for name in "abc"] == pytest.approx([0.1, 0.2, 0.7], abs=0.01)
    assert frame["b"].mean() == pytest.approx(0.3, abs=0.01)
    assert (frame["n"].mean(), frame["n"].std()) == (pytest.approx(0, abs=0.02), pytest.approx(1, abs=0.02))
    truths = frame.group_by("b").agg(pl.col("n").mean()).sort("b")["n"]
    assert truths[1] > truths[0] + 1  # true is the greater value


def test_a_parent_moves_its_rows_across_tables_and_a_loading_below_0_turns_round():
    opposite = {"name": "o", "data_type": "DOUBLE", "follows": {"p_id.wealth": -0.6}}
    schema = build(NORMAL, opposite)
    parents = frame_of(schema, "p", ROWS, p=ROWS)
    joined = frame_of(schema, "t", ROWS, p=ROWS).join(parents, left_on="p_id", right_on="id")
    assert spearman(joined, "n", "income") == pytest.approx(rank_correlation(0.5 * 0.8), abs=0.02)
    assert spearman(joined, "o", "income") == pytest.approx(rank_correlation(-0.6 * 0.8), abs=0.02)


def test_a_matrix_becomes_loadings_and_a_further_column_changes_no_other():
    columns = [{"name": name, "data_type": "DOUBLE"} for name in "uvw"]
    three = {"columns": ["u", "v", "w"], "matrix": [[1, 0.6, -0.3], [0.6, 1, 0.1], [-0.3, 0.1, 1]]}
    two = {"columns": ["u", "v"], "matrix": [[1, 0.6], [0.6, 1]]}
    frame = frame_of(build(*columns, correlation=three), "t", ROWS, p=100)
    found = [spearman(frame, *pair) for pair in ("uv", "uw", "vw")]
    assert found == pytest.approx([0.6, -0.3, 0.1], abs=0.02)
    fewer = frame_of(build(*columns, correlation=two), "t", 1000, p=100)
    assert fewer.select("u", "v").equals(frame[:1000].select("u", "v"))


def test_loadings_and_rank_correlations_are_inverse():
    assert rank_correlation(normal_correlation(0.6)) == pytest.approx(0.6)
    assert rank_correlation(1) == pytest.approx(1)
    assert factors_of([[1, 1], [1, 1]]) == [[1.0], [1.0, 0.0]]
    assert factors_of([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]) is None


def test_rows_are_the_same_in_any_chunks_far_away_and_with_more_columns():
    schema = build(NORMAL, *({"name": f"x{n}", "follows": F, **each} for n, each in enumerate(ORDERED)))
    counts = row_counts(schema, {"t": 3000, "p": 500})
    whole = preview(schema, schema.table("t"), rows=3000, offset=0, seed=7, counts=counts)
    parts = [preview(schema, schema.table("t"), rows=1000, offset=n, seed=7, counts=counts) for n in (0, 1000, 2000)]
    assert pl.concat(parts).equals(whole)
    far = preview(schema, schema.table("t"), rows=9, offset=10**9, seed=7, counts=counts)
    assert far[4:].equals(preview(schema, schema.table("t"), rows=5, offset=10**9 + 4, seed=7, counts=counts))
    assert whole["n"].equals(frame_of(build(NORMAL), "t", 3000, p=500)["n"])
    assert read_schema(schema_to_json(schema)) == schema


def test_the_draws_are_pinned():
    """The same floats on every CPU: tables are rounded, and rows use + and * only."""
    frame = frame_of(build(NORMAL, {"name": "i", "data_type": "INT", "max_value": 999, "follows": F}), "t", 4, p=50)
    assert frame["n"].to_list() == PINNED_NORMALS
    assert frame["i"].to_list() == PINNED_NUMBERS


PINNED_NORMALS = [-0.18334562294065715, -0.6942353009071205, 2.80393784357563, 1.3732086378655894]
PINNED_NUMBERS = [846, 348, 971, 968]
X = {"name": "x", "data_type": "DOUBLE"}
CORRELATION = {"columns": ["x", "y"], "matrix": [[1, 0.5], [0.5, 1]]}
Y = {"name": "y", "data_type": "DOUBLE"}


@pytest.mark.parametrize(
    ("columns", "table", "message"),
    [
        ([X | {"follows": {"wealth": 0.8, "p_id.wealth": 0.7}}], {}, "add up to 1.13, more than 1"),
        ([X | {"follows": {"welth": 0.8}}], {}, 't has no latent "welth". Did you mean "wealth"?'),
        ([X | {"follows": {"p_id.luck": 0.8}}], {}, 'p has no latent "luck"'),
        ([X, Y | {"follows": {"x.wealth": 0.8}}], {}, '"x" is no foreign key of t'),
        ([X | {"follows": {"wealth": 0.8}, "expression": "1"}], {}, "follows cannot be combined with expression"),
        ([{"name": "x", "data_type": "VARCHAR(9)", "follows": {"wealth": 0.8}}], {}, "have no order"),
        ([{"name": "x", "data_type": "INT", "is_unique": True, "follows": {"wealth": 0.8}}], {}, "values of a key"),
        ([X, Y | {"follows": {"wealth": 0.5}}], {"correlation": CORRELATION}, "is one of the table's correlation"),
        ([X], {"correlation": CORRELATION}, 'There is no column "y"'),
        ([X, Y], {"correlation": CORRELATION | {"matrix": [[1, 0.5], [0.4, 1]]}}, "two correlations of x and y"),
        ([X, Y], {"correlation": CORRELATION | {"matrix": [[1, 0.5]] * 2}}, "diagonal"),
        ([X], {"latents": ["a", "A"]}, "is listed twice"),
    ],
)
def test_what_cannot_correlate_is_refused(columns, table, message):
    with pytest.raises(SchemaError) as caught:
        build(*columns, **table)
    assert message in str(caught.value)


def test_an_impossible_matrix_is_refused_with_the_nearest_possible_one():
    import json
    import re

    columns = [{"name": name, "data_type": "DOUBLE"} for name in "uvw"]
    matrix = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    with pytest.raises(SchemaError, match="No columns correlate in this way") as caught:
        build(*columns, correlation={"columns": list("uvw"), "matrix": matrix})
    nearest = json.loads(re.search(r"\[\[.*\]\]", str(caught.value))[0])
    assert factors_of(nearest) is not None
    assert nearest[0][1] == pytest.approx(0.5, abs=0.05) and math.copysign(1, nearest[0][2]) == -1


def test_a_rename_follows():
    correlation = {"columns": ["u", "w"], "matrix": [[1, 0.5], [0.5, 1]]}
    columns = [{"name": name, "data_type": "DOUBLE"} for name in "uw"]
    schema = build(NORMAL, *columns, correlation=correlation)
    data = rename_column(schema, schema.table("t"), "p_id", "owner")
    assert data["tables"][1]["columns"][1]["follows"] == {"wealth": 0.7, "owner.wealth": 0.5}
    read_schema(data)
    data = rename_column(schema, schema.table("t"), "w", "new")
    assert data["tables"][1]["correlation"]["columns"] == ["u", "new"]
    read_schema(data)
