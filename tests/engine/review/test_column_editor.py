"""A column's rule edited as keys: a change is one of its line, weights follow values, and no key is lost."""

import json

import pytest

import engine
from engine.schema.column_rules import COLUMN_RULES, ColumnRule, example_schema
from engine.types import Review

SHOP = {
    "name": "shop",
    "tables": [
        {"name": "customers", "columns": [
            {"name": "id", "data_type": "INT", "is_unique": True},
            {"name": "country", "data_type": "VARCHAR(2)", "values": ["DE", "FR"]},
        ]},
        {"name": "orders", "columns": [
            {"name": "id", "data_type": "INT", "is_unique": True},
            {"name": "customer", "data_type": "INT", "required": False, "null_fraction": 0.2, "foreign_key": {
                "references_table": "customers", "references_column": "id", "fan_out": [1, 3], "nullable": True}},
            {"name": "status", "data_type": "VARCHAR", "varchar_length": 9, "values": ["open", "paid", "sent"],
             "weights": [5, 3, 1], "required": False, "null_when": "total > 8", "comment": "The state."},
            {"name": "total", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 9, "suggested": True,
             "because": "A total."},
            {"name": "day", "data_type": "DATE"},
        ]},
    ],
}  # fmt: skip


@pytest.fixture
def review(home):
    with engine.Workbench(home) as bench:
        yield bench.review(SHOP)


def choose(review: Review, column: str, name: str) -> None:
    editor = review.column_editor("orders", column)
    editor.choose(next(rule for rule in editor.catalogue() if rule.name == name))


@pytest.mark.parametrize("column", ["id", "customer", "status", "total", "day"])
def test_keys_written_back_change_nothing(review: Review, column: str):
    editor = review.column_editor("orders", column)
    editor.set_keys(editor.keys)
    assert (review.changes, review.problems()) == (0, ())


@pytest.mark.parametrize("rule", COLUMN_RULES.values(), ids=COLUMN_RULES)
def test_every_key_of_every_rule_survives_another_change(home, rule: ColumnRule):
    with engine.Workbench(home) as bench:
        review = bench.review(example_schema(rule))
        before = review.edited().table("orders").column("example")
        editor = review.column_editor("orders", "example")
        assert editor.rule is not None
        assert editor.rule.rule == rule.name
        editor.set(("same_within",), "id")
        review.column_editor("orders", "example").set(("same_within",), None)
        assert review.edited().table("orders").column("example") == before


def test_values_keep_their_weights(review: Review):
    review.column_editor("orders", "status").set(("values",), ["paid", "open", "lost", "new"])
    assert review.column_editor("orders", "status").keys["weights"] == [3, 5, 1, 1]
    review.column_editor("orders", "status").set(("values",), ["new"])
    assert review.column_editor("orders", "status").keys["weights"] == [1]
    assert review.problems() == ()


def test_a_chosen_rule_replaces_the_old_one_and_keeps_what_is_no_part_of_it(review: Review):
    choose(review, "status", "pattern")
    column = review.edited().table("orders").column("status")
    assert (column.values, column.weights, column.pattern) == (None, None, "SKU-##-??")
    assert (column.null_when, column.comment, str(column.type)) == ("total > 8", "The state.", "VARCHAR(9)")


def test_bounds_stay_where_the_new_rule_has_them(review: Review):
    choose(review, "total", "distribution:normal")
    assert review.column_editor("orders", "total").keys == {
        "distribution": {"type": "normal", "parameters": {"mean": 5, "stddev": 1.333}},
        "min_value": 1,
        "max_value": 9,
    }
    choose(review, "total", "sequence")
    assert review.column_editor("orders", "total").keys == {"sequence": {"start": 1, "step": 1}}
    assert review.problems() == ()


def test_a_key_stays_with_its_options(review: Review):
    editor = review.column_editor("orders", "customer")
    assert (editor.reference, editor.value(("foreign_key", "fan_out"))) == ("customers.id", [1, 3])
    editor.set(("foreign_key", "fan_out"), [2, 4])
    key = review.edited().table("orders").column("customer").foreign_key
    assert key is not None
    assert (key.references_table, key.fan_out) == ("customers", (2, 4))
    assert review.edited().table("orders").column("customer").effective_null_fraction == 0.2


def test_samples_are_those_of_the_whole_table_and_follow_a_change(review: Review):
    for column in ("customer", "status", "total", "day"):
        assert review.column_editor("orders", column).trial().texts == review.samples("orders")[column]
    editor = review.column_editor("orders", "total")
    editor.set(("max_value",), 1)
    assert set(editor.trial().texts) == {"1.00"}


def test_samples_do_not_compile_other_columns(review: Review, monkeypatch: pytest.MonkeyPatch):
    editor = review.column_editor("orders", "total")
    compiled = []
    from engine.rules.compiler import TableCompiler

    original = TableCompiler.output
    monkeypatch.setattr(
        TableCompiler, "output", lambda self, column: compiled.append(column.name) or original(self, column)
    )
    editor.trial()
    assert compiled == ["total"]


@pytest.mark.parametrize(
    ("column", "path", "value", "at"),
    [
        ("total", ("min_value",), "abc", ("min_value",)),
        ("total", ("min_value",), 10, ("min_value",)),
        ("total", ("max_value",), 10**9, ("max_value",)),
        ("status", ("weights",), [1], ("values",)),
        ("status", ("weights",), [1, -1, 1], ("weights",)),
        ("total", ("expression",), "nothing + 1", ("expression",)),
        ("total", ("expression",), "id +", ("expression",)),
        ("day", ("date_start",), "2024-13-01", ("date_start",)),
        ("day", ("trend", "growth"), -1, ("trend", "growth")),
        ("total", ("distribution",), {"type": "normal", "parameters": {"mean": 1, "stddev": -1}},
         ("distribution", "parameters", "stddev")),
        ("status", ("faker_rule",), "frist_name", ()),
    ],
)  # fmt: skip
def test_a_problem_stands_at_its_field(review: Review, column: str, path, value, at):
    editor = review.column_editor("orders", column)
    if path[0] in ("expression", "faker_rule"):
        editor.set_keys({path[0]: value})
    elif path == ("trend", "growth"):
        editor.set_keys({"trend": {"type": "linear", "growth": value}})
    else:
        editor.set(path, value)
    editor = review.column_editor("orders", column)
    problems = editor.field_problems(editor.trial().problems)
    assert at in [each.path for each in problems]
    assert editor.trial().texts == []


def test_the_curve_has_the_shares_of_the_bars(review: Review):
    choose(review, "total", "distribution:normal")
    curve = review.column_editor("orders", "total").curve()
    assert curve is not None
    assert sum(share for _, _, share in curve.bars) == pytest.approx(1)
    assert sum(share for _, share in curve.points) / 4 == pytest.approx(1)
    middle = max(curve.points, key=lambda point: point[1])[0]
    assert middle == pytest.approx(5, abs=0.3)
    assert review.column_editor("orders", "status").curve() is None


@pytest.mark.parametrize("name", ["poisson", "exponential", "uniform", "zipf", "beta"])
@pytest.mark.parametrize("column", ["total", "day"])
def test_every_distribution_has_a_curve_or_bars(review: Review, column: str, name: str):
    choose(review, column, f"distribution:{name}")
    curve = review.column_editor("orders", column).curve()
    assert curve is not None
    assert sum(share for _, _, share in curve.bars) == pytest.approx(1)


def test_what_an_expression_can_read_is_listed(review: Review):
    assert review.column_editor("orders", "total").readable_columns == [
        ("id", "int"), ("customer", "int"), ("status", "varchar(9)"), ("day", "date"),
        ("customer.id", "int"), ("customer.country", "varchar(2)"),
    ]  # fmt: skip


def test_a_broken_neighbour_does_not_take_the_samples(review: Review):
    review.change("orders", "day", {"type": "DATTE"})
    assert review.problems()
    assert len(review.column_editor("orders", "total").trial().texts) == 5


def test_an_unknown_type_has_no_rules(review: Review):
    review.change("orders", "day", {"type": "DATTE"})
    editor = review.column_editor("orders", "day")
    assert (editor.rule, editor.catalogue()) == (None, [])
    assert "DATTE" in str(editor.trial().problems[0])


def test_unknown_keys_are_kept_as_typed(review: Review):
    review.change("orders", "total", {"settings": json.dumps({"min_valu": 1, "max_value": 4})})
    editor = review.column_editor("orders", "total")
    assert editor.other_keys == {"min_valu": 1}
    editor.set(("max_value",), 5)
    assert review.column_editor("orders", "total").keys == {"max_value": 5, "min_valu": 1}


def test_references_that_the_name_tells_come_first(home):
    key = {"name": "id", "data_type": "INT", "is_unique": True}
    names = ("visits", "cities", "clubs", "towns")
    tables = [{"name": name, "columns": [key]} for name in names]
    tables[1]["columns"] = [{**key, "name": "city_id"}]
    tables[0]["columns"] = [key, *({"name": name, "data_type": "INT"} for name in ("club_id", "city_id"))]
    with engine.Workbench(home) as bench:
        review = bench.review({"name": "trips", "tables": tables})
        references = {name: review.column_editor("visits", name).references for name in ("club_id", "city_id")}
    assert references == {
        "club_id": ["clubs.id", "cities.city_id", "towns.id", "visits.id"],
        "city_id": ["cities.city_id", "clubs.id", "towns.id", "visits.id"],
    }
