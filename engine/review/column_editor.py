"""The rule of one column under review as keys and typed fields; a change is a change of the column's line.

So that the panel beside the grid and the grid edit the same thing, and no key of a column is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from engine.errors import Problem
from engine.review.column_samples import ColumnTrial, shown_samples, try_column
from engine.review.lines import BY_TYPE, apply_line, rule_labels
from engine.review.rule_catalogue.catalogue import rules_for, search_rules
from engine.review.rule_catalogue.choices import choices_of, shown_aggregates, start_of_aggregate
from engine.review.rule_catalogue.curves import Curve, distribution_curve
from engine.review.rule_catalogue.parameters import parameters_of
from engine.review.rule_catalogue.records import CatalogueRule, Path, RuleParameter
from engine.review.rule_catalogue.starts import referable
from engine.schema.column_rules import COLUMN_RULES, rule_of
from engine.schema.made_columns import describe_made
from engine.schema.models import ColumnSchema, ExperimentSchema
from engine.schema.rollups import AGGREGATES

_CELLS = frozenset({"rule", "value", "settings", "references", "nulls", "unique"})
_NOT_KEYS = frozenset({"name", "data_type", "required", "is_unique", "null_fraction"})
_TARGET = ("references_table", "references_column")
_SAMPLED = 20
_HISTOGRAM = 2000


@dataclass(frozen=True)
class FieldProblem:
    """A problem of a column, and the path of the parameter that it is about; empty for the rule as a whole."""

    path: Path
    problem: Problem


class ChangedLines(Protocol):
    """What the editor needs of a review: the lines of a table, and how to change one."""

    def lines(self, table: str) -> list[dict[str, Any]]:
        """Return the columns of a table, with their changes."""

    def change(self, table: str, column: str, changes: Mapping[str, Any]) -> None:
        """Change cells of a column's line."""


class ColumnEditor:
    """A column under review: what makes its values, what could, and what they would be."""

    def __init__(self, review: ChangedLines, schema: ExperimentSchema, table: str, column: str) -> None:
        """Edit a column of a review, whose last schema without problems gives the other columns."""
        self._review = review
        self._schema = schema
        self.table = table
        self.column = column

    @property
    def line(self) -> dict[str, Any]:
        """The column's line in the grid."""
        return next(line for line in self._review.lines(self.table) if line["column"] == self.column)

    @cached_property
    def keys(self) -> dict[str, Any]:
        """The JSON keys of the column's rule, bounds and other options, as they are typed."""
        return {key: value for key, value in self._described()[0].items() if key not in _NOT_KEYS}

    @property
    def type(self) -> str:
        """The type, as it is typed."""
        return str(self.line["type"])

    @property
    def because(self) -> str:
        """Why the rule was suggested; empty for one that a person chose."""
        return str(self.line["because"] or "")

    @property
    def column_names(self) -> list[str]:
        """The other columns of the row, which expressions and templates can read."""
        return [each.name for each in self._schema.table(self.table).columns if each.name != self.column]

    @property
    def readable_columns(self) -> list[tuple[str, str]]:
        """What an expression can read, with its type: the row's columns, and the parents' as `key.column`."""
        table = self._schema.table(self.table)
        own = [(each.name, str(each.type).lower()) for each in table.columns if each.name != self.column]
        parents = []
        for each in table.columns:
            if each.foreign_key is not None:
                parent = self._schema.table(each.foreign_key.references_table, within=table.schema_name)
                parents += [(f"{each.name}.{target.name}", str(target.type).lower()) for target in parent.columns]
        return own + parents

    @property
    def reference(self) -> str:
        """The column that the foreign key refers to, as `table.column`; empty without a foreign key."""
        return str(self.line["references"])

    @property
    def references(self) -> list[str]:
        """The columns of the same kind of type that a foreign key can refer to."""
        table = self._schema.table(self.table)
        found = referable(self._schema, table, table.column(self.column))
        return [f"{each['references_table']}.{each['references_column']}" for each in found]

    def set_reference(self, target: str) -> None:
        """Let the foreign key refer to `table.column`, with its other options as they are."""
        self._review.change(self.table, self.column, {"references": target})
        self.__dict__.pop("keys", None)

    @property
    def aggregates(self) -> tuple[str, ...]:
        """What a roll-up can compute."""
        return AGGREGATES

    @property
    def aggregate(self) -> str:
        """What the roll-up computes, such as `sum`; empty for none."""
        found = shown_aggregates(self.keys)
        return found[0] if len(found) == 1 else ""

    def set_aggregate(self, name: str) -> None:
        """Let the roll-up compute something else, over the same rows."""
        table, rollup = self._schema.table(self.table), self.value(("rollup",)) or {}
        choices = choices_of(self._schema, table, table.column(self.column), self.keys)
        given = self.value(("rollup", self.aggregate)) if self.aggregate else None
        key = str(rollup.get("of", "")).rpartition(".")[2]
        can_stay = given in choices.get(("rollup", name), ())
        start = given if can_stay else start_of_aggregate(choices, name, key)
        kept = {part: rollup[part] for part in ("of", "where") if part in rollup}
        self.set_keys({**self.keys, "rollup": {**kept, name: start}})

    @property
    def rule(self) -> CatalogueRule | None:
        """The rule that the column has now; None while its type is unknown."""
        column = self._lenient()
        if column is None:
            return None
        keys = self.keys
        name = rule_of(ColumnSchema.model_construct(**{**self._fixed(), **keys})).name
        wanted = {
            "distribution": f"distribution:{self.value(('distribution', 'type')) or ''}",
            "faker_rule": f"faker_rule:{keys.get('faker_rule')}",
            "mimesis_rule": f"mimesis_rule:{keys.get('mimesis_rule')}",
        }.get(name, name)
        table = self._schema.table(self.table)
        choices = choices_of(self._schema, table, column, keys)
        parameters = tuple(parameters_of(COLUMN_RULES[name], column.type, keys, choices))
        found = next((rule for rule in self._rules if rule.name == wanted), None)
        if found is None:
            registered = COLUMN_RULES[name]
            return CatalogueRule(wanted, registered.label, registered.category, "", name, {}, parameters)
        is_whole = name in ("faker_rule", "mimesis_rule") or bool(describe_made(table, column))
        return found if is_whole else replace(found, parameters=parameters)

    @property
    def other_keys(self) -> dict[str, Any]:
        """The keys that are no parameter of the rule, such as null_when; they are kept when the rule changes."""
        shown = set(self._keys_of_rule())
        return {key: value for key, value in self.keys.items() if key not in shown and key != "foreign_key"}

    def catalogue(self, search: str = "") -> list[CatalogueRule]:
        """Return the rules that fit the column's type, the best first when there is a search."""
        return search_rules(self._rules, search)

    def with_samples(self, rule: CatalogueRule) -> CatalogueRule:
        """Return a rule of the catalogue with sample values in the column's type."""
        described = {**self._fixed(), "required": True, **self._kept(), **rule.keys}
        return replace(rule, samples=shown_samples(try_column(self._schema, self.table, described, _SAMPLED).texts))

    def choose(self, rule: CatalogueRule) -> None:
        """Give the column a rule of the catalogue; what is no part of the old rule stays, and bounds that still fit."""
        bounds = {each.path[0] for each in rule.parameters if len(each.path) == 1}
        kept = {key: value for key, value in self.keys.items() if key in bounds and key not in COLUMN_RULES}
        kept.pop("weights", None)
        if rule.rule == "foreign_key" and "foreign_key" in self.keys:
            self.set_keys({**self._kept(), "foreign_key": self.keys["foreign_key"]})
            return
        self.set_keys({**self._kept(), **kept, **rule.keys})

    def value(self, path: Path) -> Any:
        """Return the value of a parameter; None when the column has none."""
        found: Any = self.keys
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def set(self, path: Path, value: Any) -> None:
        """Set a parameter, None to remove it. Other values keep their weights; a new value has a weight of 1."""
        keys = json.loads(json.dumps(self.keys))
        if path == ("values",) and isinstance(value, list):
            _adapt_weights(keys, value)
        inner = keys
        for key in path[:-1]:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        if value is None:
            inner.pop(path[-1], None)
        else:
            inner[path[-1]] = value
        for length in range(len(path) - 1, 0, -1):
            _drop_empty(keys, path[:length])
        self.set_keys(keys)

    def set_keys(self, keys: Mapping[str, Any]) -> None:
        """Replace all keys of the column's rule, bounds and options."""
        order = {key: index for index, key in enumerate(ColumnSchema.model_fields)}
        listed = dict(sorted(keys.items(), key=lambda each: order.get(each[0], len(order))))
        key = dict(listed.pop("foreign_key", None) or {})
        target = ".".join(str(key.pop(part, "")) for part in _TARGET).strip(".")
        for part in ("suggested", "because", "nullable", "null_fraction"):
            key.pop(part, None)
        rule = next((name for name in rule_labels() if name in listed), BY_TYPE)
        value = listed.pop(rule, "")
        if key:
            listed["foreign_key"] = key
        cells = {
            "rule": rule,
            "value": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            "settings": json.dumps(listed, ensure_ascii=False) if listed else "",
            "references": target,
        }
        now = self.line
        self._review.change(self.table, self.column, {name: cell for name, cell in cells.items() if cell != now[name]})
        self.__dict__.pop("keys", None)

    def set_null_share(self, share: float | None) -> None:
        """Set the share of NULLs; None for NOT NULL."""
        self._review.change(self.table, self.column, {"nulls": share})

    def set_unique(self, is_unique: bool) -> None:
        """Set whether values never repeat."""
        self._review.change(self.table, self.column, {"unique": is_unique})

    def trial(self, rows: int = 5) -> ColumnTrial:
        """Return the column's first values, or what keeps it from having any; no other column is compiled."""
        described, problems = self._described()
        if problems:
            return ColumnTrial(try_column(self._schema, self.table, self._fixed(), 0).values, tuple(problems))
        return try_column(self._schema, self.table, described, rows)

    def field_problems(self, problems: Sequence[Problem]) -> list[FieldProblem]:
        """Return the problems with the parameter that each is about."""
        rule = self.rule
        parameters = () if rule is None else rule.parameters
        return [FieldProblem(_path_of(problem, parameters), problem) for problem in problems]

    def curve(self, rows: int = _HISTOGRAM) -> Curve | None:
        """Return how the first rows are spread, beside the distribution that the column follows; None for texts."""
        described, problems = self._described()
        if problems or described.get("foreign_key") or described.get("values"):
            return None
        trial = try_column(self._schema, self.table, {**described, "required": True, "null_fraction": None}, rows)
        column = self._lenient()
        if trial.problems or column is None:
            return None
        return distribution_curve(self._schema, self._schema.table(self.table), column, trial.values)

    @cached_property
    def _rules(self) -> list[CatalogueRule]:
        column = self._lenient()
        if column is None:
            return []
        return rules_for(self._schema, self._schema.table(self.table), column)

    def _keys_of_rule(self) -> list[str]:
        rules = [rule for rule in COLUMN_RULES.values() if any(key in self.keys for key in rule.keys)]
        return [key for rule in rules for key in rule.keys]

    def _kept(self) -> dict[str, Any]:
        """The keys that stay when the rule changes: those of no rule."""
        of_rules = {key for rule in COLUMN_RULES.values() for key in rule.keys}
        return {key: value for key, value in self.keys.items() if key not in of_rules}

    def _fixed(self) -> dict[str, Any]:
        return {"name": self.column, "data_type": self.type}

    def _described(self) -> tuple[dict[str, Any], list[Problem]]:
        """Return the column as its line says, and what of it cannot be read."""
        column = self._review_column()
        described: dict[str, Any] = self._fixed()
        problems = apply_line(described, column, self.line, _CELLS, f"{self.table}.{self.column}")
        return described, problems

    def _review_column(self) -> ColumnSchema:
        return self._schema.table(self.table).column(self.column)

    def _lenient(self) -> ColumnSchema | None:
        """Return the column with those of its keys that can be read; None for an unknown type."""
        fixed = self._fixed()
        try:
            column = ColumnSchema.model_validate({**fixed, **self.keys})
        except ValueError:
            readable = {key: value for key, value in self.keys.items() if _is_readable(fixed, key, value)}
            column = ColumnSchema.model_validate({**fixed, **readable})
        try:
            _ = column.type
        except ValueError:
            return None
        return column


def _is_readable(fixed: Mapping[str, Any], name: str, value: Any) -> bool:
    try:
        ColumnSchema.model_validate({**fixed, name: value})
    except ValueError:
        return False
    return True


def _adapt_weights(keys: dict[str, Any], values: Sequence[Any]) -> None:
    """Give each value the weight that it had; a new one has the weight 1, or that of the value it replaces."""
    weights, before = keys.get("weights"), keys.get("values")
    if not isinstance(weights, list) or not isinstance(before, list):
        return
    old = {json.dumps(value): weight for value, weight in zip(before, weights, strict=False)}
    is_renamed = len(values) == len(before) == len(weights)
    keys["weights"] = [
        old.get(json.dumps(value), weights[index] if is_renamed else 1) for index, value in enumerate(values)
    ]


def _drop_empty(keys: dict[str, Any], path: Path) -> None:
    holder: Any = keys
    for key in path[:-1]:
        holder = holder.get(key, {})
    if holder.get(path[-1]) == {}:
        del holder[path[-1]]


def _path_of(problem: Problem, parameters: Sequence[RuleParameter]) -> Path:
    """Return the parameter that a problem names, in its place or in its message; the longest name wins."""
    by_length = sorted(parameters, key=lambda each: len(each.path[-1]), reverse=True)
    tail = problem.where.rpartition(".")[2]
    for each in by_length:
        if each.path[-1] == tail:
            return each.path
    named = [
        (found.start(), each.path)
        for each in by_length
        if (found := re.search(rf"(?<![\w.]){re.escape(each.path[-1])}(?!\w)", problem.message))
    ]
    if named:
        return min(named)[1]
    single = [each for each in parameters if each.kind == "expression" and each.is_required]
    return single[0].path if single else ()
