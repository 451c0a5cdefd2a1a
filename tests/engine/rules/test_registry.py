"""Every rule of the registry by its example, and a rule that is added from outside."""

import json
from collections import Counter

import polars as pl
import pytest

from engine.review.lines import BY_TYPE, apply_line, build_line, rule_labels
from engine.rules.domain import Domain
from engine.rules.registry import MAKERS, RuleMaker, from_site, maker_of
from engine.rules.rule_checks import check_rules
from engine.schema import models
from engine.schema.checks import check_schema
from engine.schema.column_rules import COLUMN_RULES, ColumnRule, Role, example_schema, rule_of
from engine.schema.files import read_schema
from engine.schema.json_schema import json_schema
from engine.schema.key_hints import key_hint
from engine.schema.types import Kind
from tests.engine.rules.building import frame_of

GENERAL_KEYS = set(
    """name quoted data_type required is_unique null_fraction null_when null_by hidden default_value default_fraction
    comment suggested because groups same_within rising_within""".split()
)
SIZES = set("varchar_length char_length precision scale".split())
RULES = [pytest.param(rule, id=name) for name, rule in COLUMN_RULES.items()]
LINE_CELLS = frozenset({"rule", "value", "settings", "references"})


def test_every_rule_has_a_maker():
    assert MAKERS.keys() == COLUMN_RULES.keys()


def test_every_key_of_a_column_is_general_a_size_or_a_rules():
    keys = {key for rule in COLUMN_RULES.values() for key in rule.keys}
    assert keys == models.ColumnSchema.model_fields.keys() - GENERAL_KEYS - SIZES


def test_every_type_has_one_default_with_a_domain():
    defaults = [rule for rule in COLUMN_RULES.values() if rule.role is Role.DEFAULT]
    assert Counter(kind for rule in defaults for kind in rule.kinds) == Counter(Kind)
    for rule in defaults:
        assert frame_of(unique(read_schema(example_schema(rule))), "orders", 1, orders=1)["example"].len() == 1


@pytest.mark.parametrize("rule", RULES)
def test_the_example_uses_the_rule_and_has_no_problems(rule: ColumnRule):
    schema = read_schema(example_schema(rule), also=check_rules)
    column = schema.table("orders").column("example")
    assert rule_of(column) is rule
    assert maker_of(column).rule is rule
    assert column.type.kind in rule.kinds


@pytest.mark.parametrize("rows", [0, 1, 100])
@pytest.mark.parametrize("rule", RULES)
def test_values_have_the_type_of_the_column(rule: ColumnRule, rows: int):
    schema = read_schema(example_schema(rule))
    values = frame_of(schema, "orders", rows).get_column("example")
    assert values.dtype == schema.table("orders").column("example").type.polars
    assert values.count() == rows


@pytest.mark.parametrize("rule", RULES)
def test_values_do_not_depend_on_chunks(rule: ColumnRule):
    schema = read_schema(example_schema(rule))
    parts = [frame_of(schema, "orders", rows, offset=offset) for offset, rows in ((0, 1), (1, 36), (37, 63))]
    assert pl.concat(parts).equals(frame_of(schema, "orders", 100))


@pytest.mark.parametrize("rule", RULES)
def test_the_json_schema_has_the_keys(rule: ColumnRule):
    properties = json_schema()["$defs"]["ColumnSchema"]["properties"]
    assert set(rule.keys) <= properties.keys()
    if rule.role is not Role.DEFAULT and "title" in properties[rule.name]:
        assert properties[rule.name]["title"] == rule.label


@pytest.mark.parametrize("rule", RULES)
def test_a_review_writes_the_rule_and_reads_it_back(rule: ColumnRule):
    schema = read_schema(example_schema(rule))
    table = schema.table("orders")
    column = table.column("example")
    line = build_line(schema, table, column)
    described = {"name": "example", "data_type": column.data_type}

    assert line["rule"] == (rule.name if rule.cell else BY_TYPE)
    assert line["rule"] in rule_labels()
    assert apply_line(described, column, line, LINE_CELLS, "orders.example") == []
    assert models.ColumnSchema.model_validate(described) == column


@pytest.mark.parametrize("rule", [rule for rule in COLUMN_RULES.values() if rule.keys and Kind.JSON not in rule.kinds])
def test_a_type_that_the_rule_does_not_take_is_a_problem(rule: ColumnRule):
    data = example_schema(rule)
    data["tables"][1]["columns"][2]["data_type"] = "JSON"
    problems = [problem.message for problem in check_schema(models.ExperimentSchema.model_validate(data))]
    assert any("does not apply to type JSON" in problem for problem in problems)


def unique(schema: models.ExperimentSchema) -> models.ExperimentSchema:
    """The schema with a unique example."""
    data = json.loads(schema.model_dump_json(exclude_defaults=True))
    data["tables"][1]["columns"][2]["is_unique"] = True
    return models.ExperimentSchema.model_validate(data)


class ColumnSchema(models.ColumnSchema):
    """A column with a rule that the registry does not have by itself."""

    countdown_from: int | None = None
    """The value of the first row; each row has one less."""


class TableSchema(models.TableSchema):
    columns: list[ColumnSchema]


class ExperimentSchema(models.ExperimentSchema):
    tables: list[TableSchema]


COUNTDOWN = ColumnRule(
    "countdown_from",
    "Countdown",
    Role.SOURCE,
    frozenset({Kind.INTEGER}),
    {"data_type": "INT", "countdown_from": 10},
    cell="text",
    synonyms="decreasing_from",
)


def counted_down(site, index: pl.Expr) -> pl.Expr:
    return (pl.lit(site.column.countdown_from) - index.cast(pl.Int64)).cast(site.type.polars)


@pytest.fixture
def countdown(monkeypatch: pytest.MonkeyPatch) -> ColumnRule:
    maker = RuleMaker(
        COUNTDOWN,
        from_site(lambda site: counted_down(site, site.row)),
        domain=lambda site: Domain(site.column.countdown_from, lambda index: counted_down(site, index), is_open=True),
        note=lambda site: f"{site.where}: counts down.",
    )
    monkeypatch.setitem(COLUMN_RULES, COUNTDOWN.name, COUNTDOWN)
    monkeypatch.setitem(MAKERS, COUNTDOWN.name, maker)
    return COUNTDOWN


def with_example(rule: ColumnRule, **keys: object) -> ExperimentSchema:
    data = example_schema(rule)
    data["tables"][1]["columns"][2] |= keys
    return ExperimentSchema.model_validate(data)


def test_an_added_rule_makes_values(countdown: ColumnRule):
    schema = with_example(countdown)
    assert check_schema(schema) == []
    assert check_rules(schema) == []
    assert frame_of(schema, "orders", 3)["example"].to_list() == [10, 9, 8]
    assert frame_of(schema, "orders", 2, offset=1)["example"].to_list() == [9, 8]
    assert frame_of(schema, "orders", 0)["example"].dtype == pl.Int32


def test_an_added_rule_makes_unique_values_from_its_domain(countdown: ColumnRule):
    schema = with_example(countdown, is_unique=True)
    assert [problem.message for problem in check_rules(schema)] == [
        "200 rows need unique values, but only 10 are possible."
    ]


def test_an_added_rule_is_checked(countdown: ColumnRule):
    schema = with_example(countdown, data_type="VARCHAR(9)", pattern="##")
    assert [problem.message for problem in check_schema(schema)] == [
        "pattern and countdown_from cannot be combined.",
        "countdown_from does not apply to type VARCHAR(9).",
    ]
    assert key_hint("decreasing_from", ["countdown_from"]) == 'Did you mean "countdown_from"?'


def test_an_added_rule_is_in_the_json_schema(countdown: ColumnRule):
    key = json_schema(ExperimentSchema)["$defs"]["ColumnSchema"]["properties"]["countdown_from"]
    assert key["title"] == "Countdown"


def test_an_added_rule_is_reviewed(countdown: ColumnRule):
    schema = with_example(countdown)
    table = schema.table("orders")
    column = table.column("example")
    line = build_line(schema, table, column)
    described = {"name": "example", "data_type": "INT"}

    assert (line["rule"], line["value"]) == ("countdown_from", "10")
    assert rule_labels()["countdown_from"] == "Countdown"
    assert apply_line(described, column, line, LINE_CELLS, "orders.example") == []
    assert ColumnSchema.model_validate(described) == column
