"""The catalogue of a column: every rule of the registry that fits it, and every method of Faker and Mimesis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from engine.review.column_samples import try_column
from engine.review.rule_catalogue.choices import choices_of
from engine.review.rule_catalogue.parameters import parameters_of
from engine.review.rule_catalogue.records import CatalogueRule, RuleParameter
from engine.review.rule_catalogue.starts import start_of_distribution, starts_of
from engine.rules.distributions.law_names import short_names
from engine.rules.name_words import words
from engine.rules.providers.method_facts import MethodFacts, method_facts
from engine.rules.providers.rule_hints import names_of_same_meaning
from engine.schema.column_rules import COLUMN_RULES, ColumnRule, Role, default_rule
from engine.schema.events import is_event_value
from engine.schema.field_documentation import field_documentation
from engine.schema.made_columns import describe_made
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind, parse_type

_OF_OTHERS = "From other columns"
_DISTRIBUTION, _LIBRARIES = "distribution", ("faker_rule", "mimesis_rule")
# The topics of both libraries, by the name of their group.
_TOPICS = {
    "People": "person profile passport ssn job",
    "Places": "address geo",
    "Companies": "company bank business",
    "Money": "finance credit_card currency payment",
    "Internet": "internet user_agent cryptographic",
    "Text": "lorem text emoji",
    "Dates and times": "date_time datetime",
    "Codes": "barcode isbn sbn doi code misc",
    "Files and devices": "file path hardware development",
    "Phones": "phone_number",
    "Vehicles": "automotive transport",
    "Numbers": "numeric python",
    "Colors and food": "color food",
    "Science": "science",
}
_CATEGORY = {topic: category for category, topics in _TOPICS.items() for topic in topics.split()}
_ACRONYMS = frozenset(
    "bic iban ssn url uri ip ipv4 ipv6 mac tld bban ein itin aba ean13 ean8 upc isbn10 isbn13 cvv".split()
)
_TEXTS = frozenset({Kind.TEXT, Kind.JSON, Kind.BINARY})
_TRIED = 20
_DEFAULTS = "Random values of the type, between the bounds if there are any."


def rules_for(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> list[CatalogueRule]:
    """Return the rules that fit a column, in the order of menus; raises `ValueError` for an unknown type.

    A column that the table's life cycle or events make fits no other rule: what makes it is the only one.
    """
    made = describe_made(table, column)
    if made:
        return [_made_by_table(table, column, made)]
    return list(_iterate(schema, table, column))


def search_rules(rules: Sequence[CatalogueRule], text: str) -> list[CatalogueRule]:
    """Return the rules that a text means, the best first: by meaning, by name, by description; all for no text."""
    asked = words(text)
    if not asked:
        return list(rules)
    meant = names_of_same_meaning(text)
    scored = [(_score(rule, asked, meant), rule) for rule in rules]
    return [rule for score, rule in sorted(scored, key=lambda each: -each[0]) if score > 0]


def _iterate(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[CatalogueRule]:
    for rule in sorted(COLUMN_RULES.values(), key=lambda each: each.role is not Role.DEFAULT):
        if column.type.kind not in rule.kinds or rule.name in _LIBRARIES:
            continue
        if rule.name == _DISTRIBUTION:
            yield from _distributions(rule, column)
            continue
        keys = starts_of(rule, schema, table, column)
        if keys or rule.role is Role.DEFAULT:
            keys = {} if rule.role is Role.DEFAULT else keys
            parameters = tuple(parameters_of(rule, column.type, keys, choices_of(schema, table, column, keys)))
            yield CatalogueRule(
                rule.name, rule.label, rule.category, describe(rule), rule.name, keys, parameters, rule.synonyms
            )
    for facts in _fitting_methods(str(column.type), column.locale or schema.locale):
        yield _method(facts, column)


def _made_by_table(table: TableSchema, column: ColumnSchema, made: str) -> CatalogueRule:
    """Return the entry of a column without keys of its own, since `lifecycle` or `events_of` of its table makes it."""
    is_step = is_event_value(table.events_of, column.name)
    label, key, words_for_it = (
        ("Step of a life cycle", "events_of", "event log history") if is_step else ("Life cycle", "lifecycle", "status")
    )
    rule = default_rule(column.type.kind)
    description = f"{made[:1].upper()}{made[1:]}, made by {key} of the table {table.key}."
    return CatalogueRule(rule.name, label, _OF_OTHERS, description, rule.name, {}, (), words_for_it)


@cache
def _fitting_methods(data_type: str, locale: str) -> tuple[MethodFacts, ...]:
    """Return the methods whose values fit a type; for types other than texts, each is tried."""
    kind = parse_type(data_type).kind
    found = [facts for facts in method_facts(locale) if kind in facts.kinds]
    if kind in _TEXTS:
        return tuple(found)
    column = {"name": "c", "data_type": data_type}
    alone = {"name": "alone", "locale": locale, "tables": [{"name": "t", "columns": [column]}]}
    schema = ExperimentSchema.model_validate(alone)
    return tuple(
        facts for facts in found if not try_column(schema, "t", {**column, facts.rule: facts.name}, _TRIED).problems
    )


def describe(rule: ColumnRule) -> str:
    """Return what a rule does, in a line: the documentation of its key."""
    if rule.role is Role.DEFAULT:
        return _DEFAULTS
    text = " ".join(field_documentation(ColumnSchema).get(rule.name, "").split())
    if rule.name == "foreign_key":
        return "Values of a unique column of another table."
    return text if len(text) <= 160 else text[:160].rsplit(". ", 1)[0].rstrip(".") + "."


def _distributions(rule: ColumnRule, column: ColumnSchema) -> Iterator[CatalogueRule]:
    for name in short_names():
        keys: dict[str, Any] = {_DISTRIBUTION: start_of_distribution(name, column)}
        yield CatalogueRule(
            f"{_DISTRIBUTION}:{name}",
            name.replace("_", " ").capitalize(),
            rule.category,
            f"Values that follow the {name.replace('_', ' ')} distribution, between the bounds if there are any.",
            rule.name,
            keys,
            tuple(parameters_of(rule, column.type, keys)),
            "bell gauss gaussian mean" if name == "normal" else "popular skewed power law" if name == "zipf" else "",
        )


def _method(facts: MethodFacts, column: ColumnSchema) -> CatalogueRule:
    rule = COLUMN_RULES[facts.rule]
    arguments = tuple(
        RuleParameter(("faker_args", name), name.replace("_", " ").capitalize(), kind, default=default)  # type: ignore[arg-type]
        for name, kind, default in facts.arguments
    )
    own = tuple(each for each in parameters_of(rule, column.type, {}) if each.path != (rule.name,))
    shown = facts.name.rpartition(".")[2].split("_")
    label = " ".join(word.upper() if word in _ACRONYMS else word for word in shown)
    return CatalogueRule(
        f"{facts.rule}:{facts.name}",
        label[:1].upper() + label[1:],
        _CATEGORY.get(facts.topic, facts.topic.replace("_", " ").capitalize()),
        facts.description,
        rule.name,
        {facts.rule: facts.name},
        (*arguments, *own),
        f"{rule.label} {facts.topic} {facts.name}",
    )


def _score(rule: CatalogueRule, asked: Sequence[str], meant: frozenset[str]) -> float:
    name = rule.name.rpartition(":")[2].rpartition(".")[2]
    own = words(f"{rule.label} {name}")
    if name in meant:
        return 11 + (rule.rule == "faker_rule") / 2 - len(name) / 100
    if own[: len(asked)] == tuple(asked):
        return 10 - len(own) / 100
    if all(any(word.startswith(each) for word in own) for each in asked):
        return 8 - len(own) / 100
    rest = words(f"{rule.category} {rule.description} {rule.words}")
    if all(any(word.startswith(each) for word in (*own, *rest)) for each in asked):
        return 5 - len(own) / 100
    return 0
