"""values_by, distribution_by and null_by: each case has its own chances, by any type of deciding column."""

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.rules.compiler import TableCompiler
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.building import frame_of, schema_of

ID = {"name": "id", "data_type": "INT", "is_unique": True}
KEY = {"name": "p_id", "data_type": "INT", "foreign_key": {"references_table": "p", "references_column": "id"}}
DECIDER = {"name": "d", "data_type": "VARCHAR(5)", "values": ["a", "b", "c"]}
NORMAL = {"type": "normal", "parameters": {"mean": 100, "stddev": 1}}
FLAT = {"type": "uniform", "parameters": {"min": 0, "max": 9}}


def read(*columns, also=check_rules):
    return read_schema(
        {"name": "lab", "tables": [{"name": "t", "columns": list(columns)}]}, also=lambda schema, _: also(schema)
    )


def problems(*columns):
    with pytest.raises(SchemaError) as caught:
        read(*columns)
    return str(caught.value)


def test_weights_of_each_case_and_of_the_rest():
    x = {"name": "x", "data_type": "VARCHAR(5)", "values_by": {"d": {"a": {"p": 8, "o": 2}, "*": {"q": 1}}}}
    frame = frame_of(schema_of(t=[DECIDER, x]), "t", 30_000)
    shares = {key[0]: part["x"].value_counts(normalize=True) for key, part in frame.group_by("d")}
    assert set(shares["b"]["x"]) == set(shares["c"]["x"]) == {"q"}
    assert dict(shares["a"].iter_rows())["p"] == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("decider", "cases"),
    [
        ({"data_type": "BOOLEAN"}, ["true", "false"]),
        ({"data_type": "INT", "values": [1, -2]}, ["1", "-2"]),
        ({"data_type": "DECIMAL(5,2)", "values": [1.5, 2]}, ["1.50", "2"]),
        ({"data_type": "DATE", "values": ["2024-01-01", "2024-02-29"]}, ["2024-01-01", "2024-02-29"]),
        ({"data_type": "DOUBLE", "values": [0.25, 1e9]}, ["0.25", "1000000000"]),
        ({"data_type": "TIMESTAMP", "values": ["2024-01-01 10:00:00"]}, ["2024-01-01 10:00:00"]),
        ({"data_type": "VARCHAR(6)", "values": ["null", "*", "'x'"]}, ["'null'", "'*'", "''x''"]),
        ({"data_type": "BOOLEAN", "required": False, "null_fraction": 0.5}, ["true", "false", "null"]),
    ],
)
def test_a_column_of_any_type_decides(decider, cases):
    weights = {case: {str(number): 1} for number, case in enumerate(cases)}
    x = {"name": "x", "data_type": "INT", "values_by": {"d": weights}}
    frame = frame_of(schema_of(t=[{"name": "d", **decider}, x]), "t", 500)
    pairs = frame.unique()
    assert pairs.height == len(cases) and pairs["x"].n_unique() == len(cases)


def test_many_cases_are_joined_as_few_are_compared():
    values = list(range(40))
    x = {"name": "x", "data_type": "INT", "values_by": {"d": {str(each): {str(each * 2): 1} for each in values}}}
    frame = frame_of(schema_of(t=[{"name": "d", "data_type": "INT", "values": values}, x]), "t", 2000)
    assert (frame["x"] == frame["d"] * 2).all()


def test_a_column_of_the_parent_decides_and_null_is_a_case():
    parent = [ID, {**DECIDER, "required": False, "null_fraction": 0.3}]
    x = {
        "name": "x",
        "data_type": "VARCHAR(5)",
        "values_by": {"p_id.d": {"a": {"A": 1}, "null": {"N": 1}, "*": {"R": 1}}},
    }
    schema = schema_of(p=parent, t=[KEY, x])
    parents = frame_of(schema, "p", 1000, p=1000).select(pl.col("id").alias("p_id"), "d")
    joined = frame_of(schema, "t", 3000, p=1000).join(parents, on="p_id", how="left")
    expected = pl.col("d").replace_strict({"a": "A", "b": "R", "c": "R", None: "N"})
    assert joined.select((pl.col("x") == expected).all()).item()


def test_a_case_has_its_distribution_and_its_share_of_nulls():
    amount = {"name": "x", "data_type": "DECIMAL(9,2)", "distribution_by": {"d": {"a": NORMAL, "*": FLAT}}}
    note = {"name": "n", "data_type": "INT", "required": False, "null_by": {"d": {"a": 1, "b": 0.25, "*": 0}}}
    day = {
        "name": "day",
        "data_type": "DATE",
        "date_start": "2024-01-01",
        "date_end": "2024-12-31",
        "distribution_by": {"d": {"a": {"type": "exponential", "parameters": {"scale": 3}}, "*": FLAT}},
    }
    frame = frame_of(schema_of(t=[DECIDER, amount, note, day]), "t", 20_000)
    found = frame.group_by("d").agg(pl.col("x").mean(), pl.col("n").is_null().mean(), pl.col("day").max()).sort("d")
    assert found["x"].cast(pl.Float64).to_list() == pytest.approx([100, 4.5, 4.5], abs=0.1)
    assert found["n"].to_list() == pytest.approx([1, 0.25, 0], abs=0.02)
    assert found["day"].dt.month().to_list() == [2, 1, 1] or found["day"].dt.month().to_list() == [1, 1, 1]


def test_cases_follow_each_other_and_a_null_by_case():
    first = {"name": "x", "data_type": "VARCHAR(3)", "values_by": {"d": {"a": {"1": 1}, "*": {"2": 1}}}}
    second = {"name": "y", "data_type": "VARCHAR(3)", "values_by": {"x": {"1": {"one": 1}, "2": {"two": 1}}}}
    frame = frame_of(schema_of(t=[second, first, DECIDER]), "t", 300).unique().sort("d")
    assert frame.rows() == [("one", "1", "a"), ("two", "2", "b"), ("two", "2", "c")]


SHOP = {
    "p": [ID, DECIDER],
    "t": [
        KEY,
        {"name": "x", "data_type": "VARCHAR(5)", "values_by": {"p_id.d": {"a": {"p": 8, "o": 2}, "*": {"q": 1}}}},
        {"name": "y", "data_type": "DOUBLE", "distribution_by": {"x": {"q": NORMAL, "*": FLAT}}},
        {"name": "z", "data_type": "INT", "required": False, "null_by": {"x": {"q": 0.5, "*": 0}}},
        {"name": "c", "data_type": "VARCHAR(5)", "values_by": {"columns": ["c", "s"], "rows": [["U", 1], ["J", 2]]}},
        {"name": "s", "data_type": "INT"},
    ],
}


def test_rows_are_the_same_in_any_chunks_and_far_away():
    schema = schema_of(**SHOP)
    counts = row_counts(schema, {"t": 4000, "p": 1000})
    whole = preview(schema, schema.table("t"), rows=4000, offset=0, seed=7, counts=counts)
    parts = [
        preview(schema, schema.table("t"), rows=1000, offset=start, seed=7, counts=counts)
        for start in range(0, 4000, 1000)
    ]
    assert pl.concat(parts).equals(whole)
    far = preview(schema, schema.table("t"), rows=20, offset=10**9, seed=7, counts=counts)
    assert far[7:12].equals(preview(schema, schema.table("t"), rows=5, offset=10**9 + 7, seed=7, counts=counts))


def test_a_new_column_changes_no_other():
    schema = schema_of(**SHOP)
    wider = schema_of(p=SHOP["p"], t=[{"name": "new", "data_type": "INT"}, *SHOP["t"]])
    assert frame_of(wider, "t", 100).drop("new").equals(frame_of(schema, "t", 100))


def test_the_schema_is_read_back_as_written():
    schema = schema_of(**SHOP)
    assert read_schema(schema_to_json(schema)) == schema


BY = {"name": "x", "data_type": "VARCHAR(5)"}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ([DECIDER, BY | {"values_by": {"d": {"a": {"p": 1}, "b": {"p": 1}}}}], "t.x.values_by: No case covers d = c."),
        ([DECIDER | {"required": False}, BY | {"values_by": {"d": {c: {"p": 1} for c in "abc"}}}], "d = NULL"),
        ([DECIDER, BY | {"values_by": {"d": {"web": {"p": 1}, "*": {"p": 1}}}}], "d never is web."),
        ([DECIDER, BY | {"values_by": {"d": {"*": {"p": 0}}}}], "all 0"),
        ([DECIDER, BY | {"values_by": {"d": {"*": {"much too long": 1}}}}], "longer than 5"),
        ([DECIDER, BY | {"values_by": {"d": {"*": {"p": 1}}}, "values": ["q"]}], "cannot be combined"),
        ([DECIDER, BY | {"values_by": {"e": {"*": {"p": 1}}}}], 'no column "e"'),
        ([DECIDER, BY | {"values_by": {"d.f": {"*": {"p": 1}}}}], "not a foreign key"),
        ([BY | {"values_by": {"x": {"*": {"p": 1}}}}], "cannot decide its own"),
        (
            [{"name": "d", "data_type": "INT"}, BY | {"values_by": {"d": {"one": {"p": 1}, "*": {"p": 1}}}}],
            'case "one"',
        ),
        (
            [
                {"name": "d", "data_type": "INT"},
                BY | {"values_by": {"d": {"1": {"p": 1}, "01": {"p": 1}, "*": {"p": 1}}}},
            ],
            "same value",
        ),
        (
            [{"name": "d", "data_type": "INT"}, BY | {"values_by": {"d": {"1": {"p": 1}}}}],
            "no case covers the value of d",
        ),
        ([DECIDER, BY | {"null_by": {"d": {"*": 0.5}}}], "required"),
        ([DECIDER, BY | {"null_by": {"d": {"*": 0.5}}, "required": False, "null_fraction": 0.1}], "null_fraction"),
        ([DECIDER, BY | {"distribution_by": {"d": {"*": FLAT}}}], "does not apply to type"),
        (
            [
                DECIDER,
                {"name": "n", "data_type": "INT", "distribution": FLAT, "distribution_by": {"d": {"*": FLAT}}},
            ],
            "cannot be combined",
        ),
        (
            [DECIDER, {"name": "n", "data_type": "INT", "distribution_by": {"d": {"*": {"type": "nrmal"}}}}],
            "no distribution",
        ),
        (
            [
                BY | {"name": "a", "values_by": {"b": {"*": {"p": 1}}}},
                BY | {"name": "b", "values_by": {"a": {"*": {"p": 1}}}},
            ],
            "cycle",
        ),
        ([DECIDER, BY | {"is_unique": True, "values_by": {"d": {"*": {"p": 1}}}}], "unique"),
    ],
)
def test_what_cannot_be_is_refused_before_the_first_row(columns, message):
    assert message in problems(*columns)


def test_a_value_without_a_case_beyond_the_tried_rows_ends_the_run_with_its_reason():
    d = {"name": "d", "data_type": "INT", "sequence": {"start": 1}}
    e = {"name": "e", "data_type": "INT", "expression": "case when d < 5000 then 1 else 2 end"}
    schema = read(d, e, BY | {"values_by": {"e": {"1": {"p": 1}}}})
    with pytest.raises(RuleError, match="no case covers the value of e"):
        frame_of(schema, "t", 10, offset=4995, t=9000)


def test_a_weight_of_zero_needs_no_case():
    d = DECIDER | {"weights": [1, 1, 0]}
    schema = read(d, BY | {"values_by": {"d": {"a": {"p": 1}, "b": {"q": 1}}}})
    assert frame_of(schema, "t", 100).unique().height == 2


def test_hidden_columns_are_made_and_not_returned():
    columns = [
        {"name": "h", "data_type": "INT", "values": [3], "hidden": True},
        {"name": "x", "data_type": "INT", "expression": "h * 2"},
    ]
    schema = schema_of(t=columns)
    assert frame_of(schema, "t", 2).to_dict(as_series=False) == {"x": [6, 6]}
    compiler = TableCompiler(schema, schema.table("t"), 1, row_counts(schema, {}))
    assert [output.meta.output_name() for output in compiler.outputs()] == ["x"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"columns": [ID | {"hidden": True}]}, "All columns are hidden."),
        ({"columns": [ID | {"hidden": True}, BY], "primary_key": ["id"]}, "cannot be part of a key"),
        ({"columns": [ID, BY | {"hidden": True}], "checks": ["x > 'a'"]}, "A check of the table names"),
    ],
)
def test_a_hidden_column_is_in_no_stored_promise(table, message):
    with pytest.raises(SchemaError, match=message):
        read_schema({"name": "lab", "tables": [{"name": "t", **table}]})


def test_a_stored_key_references_no_hidden_column():
    with pytest.raises(SchemaError, match=r"references p.id, which is hidden"):
        schema_of(p=[ID | {"hidden": True}, DECIDER], t=[KEY])
