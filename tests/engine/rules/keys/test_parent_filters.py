"""The `where` of a foreign key: only parents that meet it, whatever draws among them."""

import polars as pl
import pytest

from engine.errors import RuleError
from engine.generation.requested_counts import row_counts
from engine.rules.rule_checks import check_rules
from tests.engine.rules.building import frame_of, schema_of

ACCOUNTS = [
    {"name": "id", "data_type": "INT", "is_unique": True, "min_value": 1_000, "max_value": 9_999_999},
    {"name": "kind", "data_type": "VARCHAR(6)", "values": ["School", "Clinic"]},
    {"name": "size", "data_type": "INT", "min_value": 0, "max_value": 99, "required": False, "null_fraction": 0.2},
]


def to(where, **options):
    key = {"references_table": "account", "references_column": "id", "where": where, **options}
    return {"name": "ref", "data_type": "INT", "foreign_key": key}


def pair(where, *more, **options):
    return schema_of(account=ACCOUNTS, contact=[to(where, **options), *more])


@pytest.mark.parametrize(
    ("where", "meets"),
    [
        ("kind = 'School'", pl.col("kind") == "School"),
        ("size > 50 and kind <> 'School'", (pl.col("size") > 50) & (pl.col("kind") != "School")),
        ("size is null", pl.col("size").is_null()),
        ("KIND in ('Clinic') or size between 1 and 9", (pl.col("kind") == "Clinic") | pl.col("size").is_between(1, 9)),
        ("not size < 70", pl.col("size") >= 70),
    ],
)
@pytest.mark.parametrize(
    "options",
    [{}, {"distribution": {"type": "zipf", "parameters": {"s": 1}}}, {"fan_out": [1, 3]}, {"unique": True}],
)
def test_every_parent_meets_the_condition_and_all_such_parents_can_be_used(where, meets, options):
    schema = pair(where, **options)
    counts = row_counts(schema, {"account": 150} | ({} if "fan_out" in options or "unique" in options else
                                                    {"contact": 9_000}), 7)  # fmt: skip
    chosen = set(frame_of(schema, "account", 150, account=150).filter(meets)["id"])
    found = frame_of(schema, "contact", counts["contact"], **counts)["ref"]
    assert set(found) == chosen
    if "unique" in options:
        assert len(found) == len(chosen)
    if "fan_out" in options:
        assert found.value_counts()["count"].unique().sort().to_list() == [1, 2, 3]
    assert frame_of(schema, "contact", 5, offset=6, **counts)["ref"].equals(found[6:11])


def test_the_number_of_rows_is_estimated_without_a_seed_and_exact_with_one():
    schema = pair("kind = 'School'", unique=True)
    schools = (frame_of(schema, "account", 5_000, account=5_000)["kind"] == "School").sum()
    assert row_counts(schema, {"account": 5_000}, 7)["contact"] == schools
    assert row_counts(schema, {"account": 5_000})["contact"] == pytest.approx(2_500, rel=0.1)


def test_no_parent_meets_the_condition():
    with pytest.raises(RuleError, match=r"contact\.ref: None of the 150 rows of account meets kind = 'Shop'\. Change"):
        frame_of(pair("kind = 'Shop'"), "contact", 5, account=150)
    with pytest.raises(RuleError, match=r"contact\.ref: None of the 150 rows of account meets kind = 'Shop'\."):
        row_counts(pair("kind = 'Shop'", unique=True), {"account": 150}, 7)


def test_more_rows_than_one_to_one_allows_are_refused():
    with pytest.raises(RuleError, match=r"which has \d\d that meet kind = 'School'\. Make at most"):
        frame_of(pair("kind = 'School'", unique=True), "contact", 100, account=120, contact=100)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("kin = 'School'", r'There is no column "kin" in account \(character 1\)\. Did you mean "kind"\?'),
        ("size +", "Syntax error"),
        ("size + 1", "is not a condition"),
        ("owner.name = 'x'", "owner.name is a column of another table"),
        ("1 / (size - size) > 0", "divides by zero in some rows"),
    ],
)
def test_a_wrong_condition_is_found_when_the_schema_is_checked(where, message):
    (problem,) = check_rules(pair(where))
    assert problem.where == "contact.ref"
    with pytest.raises(RuleError, match=message):
        raise RuleError(problem.message, where=problem.where, hint=problem.hint)


def test_a_condition_that_depends_on_itself():
    schema = schema_of(
        a=[ACCOUNTS[0], {**to("kind = 'x'"), "foreign_key": {**to("ref > 5")["foreign_key"], "references_table": "b"}}],
        b=[ACCOUNTS[0], {**to(""), "foreign_key": {**to("ref > 5")["foreign_key"], "references_table": "a"}}],
    )
    with pytest.raises(RuleError, match="depends on itself"):
        frame_of(schema, "a", 5)


def test_a_tree_below_chosen_rows():
    staff = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "is_boss", "data_type": "BOOLEAN", "probability": 0.1},
        {"name": "boss", "data_type": "INT", "required": False, "null_fraction": 0,
         "foreign_key": {"references_table": "staff", "references_column": "id", "where": "is_boss"}},
    ]  # fmt: skip
    found = frame_of(schema_of(staff=staff), "staff", 1_000)
    bosses = found.filter("is_boss")["id"]
    assert set(found["boss"].drop_nulls()) <= set(bosses)
    assert (found.drop_nulls()["boss"] < found.drop_nulls()["id"]).all()
    assert found["boss"].is_null().to_list() == [number <= bosses[0] for number in found["id"]]


def test_the_current_version_of_a_natural_key():
    history = [
        {"name": "customer", "data_type": "INT",
         "foreign_key": {"references_table": "account", "references_column": "id", "fan_out": [1, 4]}},
        {"name": "version", "data_type": "INT", "line_number_of": "customer"},
    ]  # fmt: skip
    key = {"references_table": "history", "references_column": "customer", "where": "version = 1"}
    sales = [{"name": "customer", "data_type": "INT", "foreign_key": {**key, "fan_out": [2, 2]}}]
    schema = schema_of(account=ACCOUNTS, history=history, sales=sales)
    counts = row_counts(schema, {"account": 200}, 7)
    assert counts["sales"] == 400
    assert frame_of(schema, "sales", 400, **counts)["customer"].value_counts()["count"].unique().to_list() == [2]
    sales[0]["foreign_key"]["where"] = "version >= 1"
    schema = schema_of(account=ACCOUNTS, history=history, sales=sales)
    with pytest.raises(
        RuleError, match=r"sales\.customer: Several rows of history that meet version >= 1 have the same"
    ):
        frame_of(schema, "sales", 5, **counts)


def test_optional_keys_keep_their_share_of_nulls():
    schema = pair("kind = 'School'", nullable=True, null_fraction=0.3)
    assert frame_of(schema, "contact", 10_000, account=50)["ref"].is_null().mean() == pytest.approx(0.3, abs=0.02)


def test_a_parent_without_rows():
    assert frame_of(pair("kind = 'School'"), "contact", 0, account=0, contact=0).is_empty()
    with pytest.raises(RuleError, match="which has no rows"):
        frame_of(pair("kind = 'School'"), "contact", 5, account=0)
