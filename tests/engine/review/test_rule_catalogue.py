"""The catalogue of rules for a column: every rule that fits, found by what it means, with samples in the type."""

import pytest

import engine
from engine.review.column_samples import try_column
from engine.review.rule_catalogue.catalogue import rules_for, search_rules
from engine.review.rule_catalogue.records import CatalogueRule
from engine.rules.distributions.law_names import short_names
from engine.schema.column_rules import COLUMN_RULES, FAKER, ColumnRule, example_schema
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema

TYPES = """VARCHAR(40) INT BIGINT DECIMAL(8,2) DECIMAL(5,2) DOUBLE REAL DATE TIMESTAMP TIMESTAMPTZ BOOLEAN TIME UUID
JSON BINARY(8)""".split()


def with_type(data_type: str) -> ExperimentSchema:
    data = example_schema(FAKER)
    data["tables"][1]["columns"][2] = {"name": "example", "data_type": data_type}
    return read_schema(data)


def rules_of(data_type: str) -> list[CatalogueRule]:
    schema = with_type(data_type)
    table = schema.table("orders")
    return rules_for(schema, table, table.column("example"))


@pytest.mark.parametrize("rule", COLUMN_RULES.values(), ids=COLUMN_RULES)
def test_every_rule_is_there_for_a_type_that_it_takes(rule: ColumnRule):
    found = [each for each in rules_of(rule.example["data_type"]) if each.rule == rule.name]
    assert found
    assert all(each.label and each.category for each in found)
    schema = read_schema(example_schema(rule))
    trial = try_column(schema, "orders", {"name": "example", **rule.example}, 3)
    assert (trial.problems, len(trial.texts)) == ((), 3)


@pytest.mark.parametrize("data_type", TYPES)
def test_every_rule_starts_with_values_of_the_type(data_type: str):
    schema = with_type(data_type)
    dtype = schema.table("orders").column("example").type.polars
    for rule in rules_of(data_type):
        if rule.rule in ("faker_rule", "mimesis_rule"):
            continue
        trial = try_column(schema, "orders", {"name": "example", "data_type": data_type, **rule.keys}, 20)
        assert (rule.name, trial.problems) == (rule.name, ())
        assert (rule.name, trial.values.dtype, trial.values.len()) == (rule.name, dtype, 20)


@pytest.mark.parametrize("data_type", ["INT", "DECIMAL(8,2)", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "TIME", "UUID"])
def test_methods_of_the_libraries_return_values_of_the_type(data_type: str):
    schema = with_type(data_type)
    failed = {
        rule.name: trial.problems
        for rule in rules_of(data_type)
        if rule.rule in ("faker_rule", "mimesis_rule")
        and (
            trial := try_column(schema, "orders", {"name": "example", "data_type": data_type, **rule.keys}, 3)
        ).problems
    }
    assert failed == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("full name", "faker_rule:name"),
        ("surname", "faker_rule:last_name"),
        ("e-mail", "faker_rule:email"),
        ("zip code", "faker_rule:zipcode"),
        ("mobile", "faker_rule:phone_number"),
        ("enum", "values"),
        ("regex", "pattern"),
        ("formula", "expression"),
        ("first name", "faker_rule:first_name"),
        ("CITY", "faker_rule:city"),
    ],
)
def test_a_rule_is_found_by_what_it_means(text: str, name: str):
    assert next(rule.name for rule in search_rules(rules_of("VARCHAR(40)"), text)) == name


def test_a_search_finds_the_same_methods_of_both_libraries_and_nothing_for_nonsense():
    rules = rules_of("VARCHAR(40)")
    assert {"faker_rule:name", "mimesis_rule:person.full_name"} <= {
        rule.name for rule in search_rules(rules, "full name")
    }
    assert search_rules(rules, "xyzzy") == []
    assert search_rules(rules, " ") == rules


def test_distributions_have_their_parameters_and_the_bounds():
    rules = {rule.name: rule for rule in rules_of("DECIMAL(8,2)")}
    assert {f"distribution:{name}" for name in short_names()} <= rules.keys()
    normal = {parameter.path: parameter for parameter in rules["distribution:normal"].parameters}
    assert list(normal) == [
        ("distribution", "parameters", "mean"),
        ("distribution", "parameters", "stddev"),
        ("min_value",),
        ("max_value",),
    ]
    assert normal["distribution", "parameters", "mean"].is_required
    assert (normal["min_value",].kind, normal["max_value",].maximum) == ("decimal", 999999.99)


@pytest.mark.parametrize(
    ("data_type", "rule", "kinds"),
    [
        ("INT", "number", {"min_value": "integer", "max_value": "integer"}),
        ("DATE", "date", {"date_start": "date", "date_end": "date"}),
        ("TIMESTAMP", "date", {"timestamp_start": "timestamp", "timestamp_end": "timestamp"}),
        ("TIME", "time", {"time_start": "time", "time_end": "time"}),
        ("VARCHAR(9)", "values", {"values": "list", "weights": "list"}),
        ("VARCHAR(9)", "pattern", {"pattern": "text"}),
        ("INT", "expression", {"expression": "expression"}),
        ("BOOLEAN", "probability", {"probability": "decimal"}),
        ("INT", "line_number_of", {"line_number_of": "choice"}),
        ("INT", "foreign_key", {"fan_out": "pair", "fan_out_weights": "json", "counted": "boolean",
                                "where": "expression", "distribution": "json"}),
    ],
)  # fmt: skip
def test_parameters_have_the_kind_of_their_field(data_type: str, rule: str, kinds: dict[str, str]):
    (found,) = (each for each in rules_of(data_type) if each.name == rule)
    assert {parameter.path[-1]: parameter.kind for parameter in found.parameters} == kinds


def test_weights_of_days_and_hours_are_shares_beside_the_range():
    (found,) = (each for each in rules_of("TIMESTAMP") if each.name == "weekday_weights")
    kinds = {parameter.path: (parameter.kind, parameter.size) for parameter in found.parameters}
    assert kinds["weekday_weights",] == ("shares", 7)
    assert kinds["hour_weights",] == ("shares", 24)
    assert kinds["timestamp_start",] == ("timestamp", None)


def test_methods_offer_their_arguments():
    (found,) = (each for each in rules_of("INT") if each.name == "faker_rule:random_int")
    kinds = {parameter.path: (parameter.kind, parameter.default) for parameter in found.parameters}
    assert kinds["faker_args", "max"] == ("integer", 9999)


def test_the_workbench_lists_the_rules_of_a_type(home):
    with engine.Workbench(home) as workbench:
        (found, *_) = workbench.rules("VARCHAR(40)", search="full name")
        assert (found.name, len(found.samples)) == ("faker_rule:name", 3)
        with pytest.raises(engine.WorkbenchError, match="VARCHARR"):
            workbench.rules("VARCHARR(40)")
